"""The JSON Schema (draft 2020-12) of a plan file: what a program may rely on, and what `apply` accepts."""

from kafka_gitops.kinds import KINDS
from kafka_gitops.shape.exact import Json, list_of, object_of, of_type


def document() -> Json:
    """The schema as JSON-able data."""
    always = _always()
    told = {  # only where there is any
        "stays": list_of("What this change takes out of the files and the cluster keeps; the first ones.", _reason()),
        "others": {**_names("The names of what is left alone, by kind; the first ones."), "required": []},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A plan of kafka-gitops",
        "description": "What an apply would change. The same input gives the same bytes; secrets are never in it.",
        **always,
        "properties": {**always["properties"], **told},
    }


def _always() -> Json:
    return object_of(
        format=of_type("integer", "The version of this format.", const=1),
        tool=of_type("string", "The version of kafka-gitops that made the plan."),
        environment=of_type(["string", "null"], "The environment, null where none is selected."),
        cluster_id=of_type("string", "The cluster that the plan is for."),
        commit=of_type(["string", "null"], "The commit of the files, with -dirty for local edits; null outside git."),
        base=of_type(["string", "null"], "The commit before the change, where --base was given."),
        changes=list_of("What an apply does.", _change()),
        unsupported=list_of("Differences that no apply removes.", _reason()),
        nevers=list_of("Removals that nothing allows; they refuse the plan.", _reason()),
        left_alone={**_counts("On the cluster and in no file, by kind."), "required": []},
        declared=_counts("How many the files declare (or declared at the base), by kind."),
        approval=of_type("string", "The digest of environment, cluster and changes.", pattern="^sha256:[0-9a-f]{64}$"),
        digest=of_type("string", "The digest of everything else.", pattern="^sha256:[0-9a-f]{64}$"),
    )


def _counts(says: str) -> Json:
    kinds = {kind.PLURAL: of_type("integer", f"How many {kind.LOOKS.nouns}.") for kind in KINDS.values()}
    return {"description": says, **object_of(**kinds), "required": [k.PLURAL for k in KINDS.values() if k.ALWAYS]}


def _names(says: str) -> Json:
    name = {"type": "string"}
    kinds = {kind.PLURAL: list_of(f"Names of {kind.LOOKS.nouns}.", name) for kind in KINDS.values()}
    return {"description": says, **object_of(**kinds)}


def _origin() -> Json:
    place = object_of(
        path=of_type("string", "The path of the file."),
        line=of_type("integer", "The line, from 1.", minimum=1),
        project=of_type(["string", "null"], "The project in the file."),
    )
    return {"description": "Where a file asks for it.", "anyOf": [place, {"type": "null"}]}


def _named() -> Json:
    return {
        "kind": {"enum": [*KINDS], "description": "The kind of the resource."},
        "name": of_type("string", "The name, an ACL binding's in a sentence."),
    }


def _reason() -> Json:
    always = object_of(**_named(), reason=of_type("string", "Why it is not done."), origin=_origin())
    refused = of_type("boolean", "Whether the brokers refuse it: the run that wants it fails.", const=True)
    return {**always, "properties": {**always["properties"], "refused": refused}}


def _change() -> Json:
    spec = {"anyOf": [*(kind.SCHEMA for kind in KINDS.values()), {"type": "null"}]}
    risk = object_of(
        name=of_type("string", "The risk's name, which --accept takes."),
        sentence=of_type("string", "What may happen."),
        blocks=of_type("boolean", "Whether it refuses the plan until accepted."),
    )
    always = object_of(
        **_named(),
        action={"enum": ["create", "update", "delete"], "description": "Derived from before and after."},
        before={"description": "What is; null for a creation.", **spec},
        after={"description": "What will be; null for a deletion.", **spec},
        risks=list_of("The dangers of the change.", risk),
        origin=_origin(),
        defaults=of_type(
            "object",
            "What is in effect without an override, for each config that gets or loses one.",
            additionalProperties={"type": "string"},
        ),
        topic_id=of_type(["string", "null"], "The one topic, or other resource, that a deletion means."),
        pending=of_type("boolean", "Whether the files of the base commit wanted it already."),
    )
    sometimes = {
        "because": of_type("string", "The reason that the files give, where they give one."),
        "act": of_type("string", "What is done where before and after are equal, such as rotate."),
    }
    return {**always, "properties": {**always["properties"], **sometimes}}

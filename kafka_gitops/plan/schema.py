"""The JSON Schema (draft 2020-12) of a plan file: what a program may rely on, and what `apply` accepts."""

from typing import Any

Json = dict[str, Any]


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


def of_type(kind: str | list[str], says: str, **more: object) -> Json:
    """A value of this type, and what it is."""
    return {"type": kind, "description": says, **more}


def object_of(**keys: Json) -> Json:
    """An object with exactly these keys."""
    return {"type": "object", "properties": keys, "required": list(keys), "additionalProperties": False}


def list_of(says: str, item: Json) -> Json:
    """A list, and what it is of."""
    return {"type": "array", "description": says, "items": item}


def _counts(says: str) -> Json:
    return {
        "description": says,
        **object_of(topics=of_type("integer", "How many topics."), acls=of_type("integer", "How many ACL bindings.")),
    }


def _names(says: str) -> Json:
    name = {"type": "string"}
    return {
        "description": says,
        **object_of(topics=list_of("Names of topics.", name), acls=list_of("ACL bindings, each in a sentence.", name)),
    }


def _origin() -> Json:
    place = object_of(
        path=of_type("string", "The path of the file."),
        line=of_type("integer", "The line, from 1.", minimum=1),
        project=of_type(["string", "null"], "The project in the file."),
    )
    return {"description": "Where a file asks for it.", "anyOf": [place, {"type": "null"}]}


def _named() -> Json:
    return {
        "kind": {"enum": ["topic", "acl"], "description": "The kind of the resource."},
        "name": of_type("string", "The name of the topic, or the sentence of the ACL binding."),
    }


def _reason() -> Json:
    always = object_of(**_named(), reason=of_type("string", "Why it is not done."), origin=_origin())
    refused = of_type("boolean", "Whether the brokers refuse it: the run that wants it fails.", const=True)
    return {**always, "properties": {**always["properties"], "refused": refused}}


def _change() -> Json:
    spec = {"anyOf": [_topic(), _acl(), {"type": "null"}]}
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
        topic_id=of_type(["string", "null"], "The one topic that a deletion means."),
        pending=of_type("boolean", "Whether the files of the base commit wanted it already."),
    )
    because = of_type("string", "The reason that the files give, where they give one.")
    return {**always, "properties": {**always["properties"], "because": because}}


def _topic() -> Json:
    number = {"type": ["integer", "null"], "description": "Null: the broker decides."}
    config = of_type("object", "Topic configs, as texts.", additionalProperties={"type": "string"})
    return object_of(partitions=number, replication_factor=number, config=config)


def _acl() -> Json:
    fields = ("principal", "host", "operation", "permission", "resource_type", "pattern_type", "name")
    return object_of(**{field: of_type("string", f"The binding's {field.replace('_', ' ')}.") for field in fields})

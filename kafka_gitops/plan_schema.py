"""The JSON Schema (draft 2020-12) of a plan file: what a program may rely on, and what `apply` accepts."""

from typing import Any

Json = dict[str, Any]


def document() -> Json:
    """The schema as JSON-able data."""
    always = _always()
    told = {  # only where there is any
        "notes": _list(
            "What the plan could not find out, only where there is any.", _of("string", "A note, in lines.")
        ),
        "stays": _list(
            "Rights that this change takes out of the files and that stay on the cluster; the first.", _reason()
        ),
        "others": {**_names("The names of what is left alone, by kind; the first."), "required": []},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A plan of kafka-gitops",
        "description": "What an apply would change. The same input gives the same bytes; secrets are never in it.",
        **always,
        "properties": {**always["properties"], **told},
    }


def _always() -> Json:
    return _object(
        format=_of("integer", "The version of this format.", const=1),
        tool=_of("string", "The version of kafka-gitops that made the plan."),
        environment=_of(["string", "null"], "The environment, null where none is selected."),
        cluster_id=_of("string", "The cluster that the plan is for."),
        commit=_of(["string", "null"], "The commit of the files, with -dirty for local edits; null outside git."),
        base=_of(["string", "null"], "The commit before the change, where --base was given."),
        changes=_list("What an apply does.", _change()),
        unsupported=_list("Differences that no apply removes.", _reason()),
        nevers=_list("Removals that nothing allows; they refuse the plan.", _reason()),
        left_alone={**_counts("On the cluster and in no file, by kind."), "required": []},
        declared=_counts("How many the files declare (or declared at the base), by kind."),
        approval=_of("string", "The digest of environment, cluster and changes.", pattern="^sha256:[0-9a-f]{64}$"),
        digest=_of("string", "The digest of everything else.", pattern="^sha256:[0-9a-f]{64}$"),
    )


def _of(kind: str | list[str], says: str, **more: object) -> Json:
    return {"type": kind, "description": says, **more}


def _object(**keys: Json) -> Json:
    return {"type": "object", "properties": keys, "required": list(keys), "additionalProperties": False}


def _list(says: str, item: Json) -> Json:
    return {"type": "array", "description": says, "items": item}


def _counts(says: str) -> Json:
    return {
        "description": says,
        **_object(topics=_of("integer", "How many topics."), acls=_of("integer", "How many ACL bindings.")),
    }


def _names(says: str) -> Json:
    name = {"type": "string"}
    return {
        "description": says,
        **_object(topics=_list("Names of topics.", name), acls=_list("ACL bindings, each in a sentence.", name)),
    }


def _origin() -> Json:
    place = _object(
        path=_of("string", "The path of the file."),
        line=_of("integer", "The line, from 1.", minimum=1),
        project=_of(["string", "null"], "The project in the file."),
    )
    return {"description": "Where a file asks for it.", "anyOf": [place, {"type": "null"}]}


def _named() -> Json:
    return {
        "kind": {"enum": ["topic", "acl"], "description": "The kind of the resource."},
        "name": _of("string", "The name of the topic, or the sentence of the ACL binding."),
    }


def _reason() -> Json:
    always = _object(**_named(), reason=_of("string", "Why it is not done."), origin=_origin())
    refused = _of("boolean", "Whether the brokers refuse it: the run that wants it fails.", const=True)
    return {**always, "properties": {**always["properties"], "refused": refused}}


def _change() -> Json:
    spec = {"anyOf": [_topic(), _acl(), {"type": "null"}]}
    risk = _object(
        name=_of("string", "The risk's name, which --accept takes."),
        sentence=_of("string", "What may happen."),
        blocks=_of("boolean", "Whether it refuses the plan until accepted."),
    )
    always = _object(
        **_named(),
        action={"enum": ["create", "update", "delete"], "description": "Derived from before and after."},
        before={"description": "What is; null for a creation.", **spec},
        after={"description": "What will be; null for a deletion.", **spec},
        risks=_list("The dangers of the change.", risk),
        origin=_origin(),
        defaults=_of(
            "object",
            "What is in effect without an override, for each config that gets or loses one.",
            additionalProperties={"type": "string"},
        ),
        topic_id=_of(["string", "null"], "The one topic that a deletion means."),
        pending=_of("boolean", "Whether the files of the base commit wanted it already."),
    )
    because = _of("string", "The reason that the files give, where they give one.")
    return {**always, "properties": {**always["properties"], "because": because}}


def _topic() -> Json:
    number = {"type": ["integer", "null"], "description": "Null: the broker decides."}
    config = _of("object", "Topic configs, as texts.", additionalProperties={"type": "string"})
    return _object(partitions=number, replication_factor=number, config=config)


def _acl() -> Json:
    fields = ("principal", "host", "operation", "permission", "resource_type", "pattern_type", "name")
    return _object(**{field: _of("string", f"The binding's {field.replace('_', ' ')}.") for field in fields})

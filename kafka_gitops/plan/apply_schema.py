"""The JSON Schema (draft 2020-12) of the report of an apply: what a program may rely on."""

from kafka_gitops.shape.exact import Json, list_of, object_of, of_type

FORMAT = 2  # 1 had no number, and neither `unknown` nor `unverified`
STATUSES = {
    "done": "the cluster did it; also seen afterwards, but for those that `unseen` counts",
    "already": "it was so before",
    "failed": "the cluster refused it, or it was not sent; or a part of it is done, which `detail` says",
    "skipped": "it was not tried",
    "unknown": "it was sent and the answer was lost: it may or may not be done",
    "unverified": "the cluster did it, and it could not be read afterwards",
}


def document() -> Json:
    """The schema as JSON-able data."""
    made = _document()
    made["properties"]["run"] = of_type("string", "The run of the ledger, where there is one.")
    return made


def _document() -> Json:
    counted = {**STATUSES, "unseen": "done, and not visible yet", "impossible": "what no apply can do"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What an apply of kafka-gitops did",
        "description": "Each change of the plan has exactly one outcome, however the apply ended.",
        **object_of(
            format=of_type("integer", "The version of this format.", const=FORMAT),
            environment=of_type(["string", "null"], "The environment, null where none is selected."),
            cluster_id=of_type("string", "The cluster that was written to."),
            commit=of_type(["string", "null"], "The commit of the files; null outside git."),
            outcomes=list_of("What became of each change, in the order in which it was told.", _outcome()),
            refused=list_of(
                "What the brokers would refuse, so that the plan has no change for it and it was not tried.", _refused()
            ),
            summary={
                "description": "How many there are of each.",
                **object_of(
                    **{name: of_type("integer", f"{says[0].upper()}{says[1:]}.") for name, says in counted.items()}
                ),
            },
        ),
    }


def _refused() -> Json:
    return object_of(
        kind=of_type("string", "The kind of the resource."),
        name=of_type("string", "The resource's name."),
        reason=of_type("string", "Why, in the brokers' words where they were asked."),
    )


def _outcome() -> Json:
    statuses = "; ".join(f"{name}: {says}" for name, says in STATUSES.items())
    made = object_of(
        kind=of_type("string", "The kind of the resource."),
        name=of_type("string", "The resource's name."),
        action=of_type("string", "What was planned.", enum=["create", "update", "delete"]),
        status={"description": f"{statuses}.", "enum": list(STATUSES)},
        detail=of_type(["string", "null"], "Why it came to that."),
        help=of_type(["string", "null"], "What to do about it, such as the command that grants a right."),
    )
    made["properties"]["act"] = of_type(
        "string", "What an update did that changes no field, such as rotate or restart."
    )
    return made

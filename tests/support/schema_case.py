"""The world of schemas for `kind_cases`."""

from kind_cases import Case
from registering import Memory, WithRegistry, avro, files

from kafka_gitops.kinds.wish import Wish


def case() -> Case:
    """A registry with two subjects, of which files change one and remove the other, and add a third that refers."""
    memory = Memory().put("edited", avro("x")).put("old", avro("x", name="acme.Old"))
    text = (
        "schemas:\n- {subject: edited, file: a.avsc, compatibility: FULL}\n"
        "- {subject: new, file: b.avsc, references: [{name: acme.A, subject: edited}]}\n"
        "removed: [{schema: old, because: not used}]"
    )
    wanted = files(text, a=avro("x", "y=0"), b=avro("a:acme.A", name="acme.B"))
    return Case(WithRegistry(memory=memory), Wish(wanted), "new", "edited", "old")

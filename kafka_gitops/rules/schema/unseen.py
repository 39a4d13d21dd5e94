"""What lint did not look at in the schemas, said once in a run."""

from collections.abc import Iterator

from kafka_gitops import schemas
from kafka_gitops.model import Topology
from kafka_gitops.rules.schema.entries import by_subject, references


def notes(topology: Topology) -> Iterator[str]:
    """Sentences about what was not judged: without the libraries, and what only a registry has."""
    known = by_subject(topology)
    alone = foreign = 0
    for entry in known.values():
        given = references(entry, known)
        if schemas.parse(entry.spec.type, entry.spec.text, given).unseen:
            foreign += None in given.values()
            alone += None not in given.values() and entry.spec.type == schemas.AVRO
    if alone:
        yield (
            f"{_count(alone)} of Avro looked at by rules of our own only, and changes not judged against their level: "
            "install kafka-gitops[schemas] for that"
        )
    if foreign:
        yield f"{_count(foreign)} not judged as a whole: the references are in no file"


def _count(number: int) -> str:
    return "1 schema" if number == 1 else f"{number:,} schemas"

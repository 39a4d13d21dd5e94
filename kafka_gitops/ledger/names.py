"""The names of all that an owner has applied, in few small records: what other owners compare with theirs."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import starmap
from typing import NamedTuple

from kafka_gitops.ledger import packed, records
from kafka_gitops.ledger.nouns import Names
from kafka_gitops.ledger.records import Damaged
from kafka_gitops.model import Key, Spec
from kafka_gitops.shape.exact import Json


class Claim(NamedTuple):
    """One resource that an owner has applied; of an ACL binding the name says all, so it has no digest."""

    kind: str
    name: str
    digest: str = ""

    @property
    def key(self) -> Key:
        """Its key."""
        return Key(self.kind, self.name)


def claims(state: Mapping[Key, Spec], dump: Callable[[Key, Spec], Json]) -> Iterator[Claim]:
    """What a state claims, sorted; `dump` is a spec as plain data without secrets (`plan.fields.spec_dict`)."""
    for key, spec in sorted(state.items(), key=lambda item: item[0]):
        yield Claim(key.kind, key.name, digest(dump(key, spec)) if spec.fields() else "")


def digest(spec: Json) -> str:
    """What tells two specs apart: 16 hex digits."""
    return hashlib.sha256(records.canonical(spec)).hexdigest()[:16]


def parts(claimed: Iterable[Claim], cluster: str, run: str | None = None) -> tuple[Names, ...]:
    """Claims as records of a run."""
    texts = list(packed.packed(records.canonical(_short(claim)).decode() for claim in claimed))
    return tuple(Names(cluster, number, len(texts), text, run) for number, text in enumerate(texts, 1))


def _short(claim: Claim) -> list[str]:
    return [claim.kind, claim.name, claim.digest] if claim.digest else [claim.kind, claim.name]


def joined(found: Sequence[Names]) -> list[Claim]:
    """The claims of all parts. Raises Damaged where a part is missing, is another run's, or is no list of names."""
    ordered = sorted(found, key=lambda one: one.part)
    if ordered and [one.part for one in ordered] != list(range(1, ordered[0].of + 1)):
        raise Damaged(f"of the names there are {len(ordered)} records, expected {ordered[0].of}")
    if len({one.run for one in ordered}) > 1:
        raise Damaged("the records of names are of several runs: the last of them did not write all of its own")
    return [claim for one in ordered for claim in _claims(packed.unpacked(one.names, one.key), one.key)]


def _claims(lines: Sequence[str], key: str) -> list[Claim]:
    """The claims of lines, which are read as one text: of hundreds of owners there are many."""
    try:
        told = json.loads(f"[{','.join(lines)}]")
    except (ValueError, RecursionError):
        told = []
    if len(told) != len(lines) or not all(type(one) is list and len(one) in (2, 3) for one in told):
        raise Damaged(f"the record {key!a} is damaged: one of its lines is not a name")
    if not {type(part) for one in told for part in one} <= {str}:
        raise Damaged(f"the record {key!a} is damaged: one of its lines is not a name")
    return list(starmap(Claim, told))

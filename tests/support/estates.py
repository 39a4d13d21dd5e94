"""Files of other tools and what they come to, as text: cases of tests/data/dialects/NAME.txt."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kafka_gitops.dialects import dialect, layout
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Topology
from kafka_gitops.settings import Language

DATA = Path(__file__).parents[1] / "data" / "dialects"


class Case(NamedTuple):
    """A case: its files by name, and the lines that they come to."""

    name: str
    files: Mapping[str, str]
    expected: list[str]


def cases(name: str) -> list[Case]:
    """The cases of a dialect: `#### FILE` begins a file, `#### = NAME` what it and those before it come to."""
    found: list[Case] = []
    files: dict[str, str] = {}
    for part in re.split(r"^#### ", (DATA / f"{name}.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, text = part.partition("\n")
        if title.startswith("= "):
            found.append(Case(title[2:], files, text.split("\n")[:-1]))
            files = {}
        else:
            files[title] = text
    assert not files
    return found


def taken(name: str, files: Mapping[str, str]) -> Estate:
    """What a dialect makes of files."""
    estate = Estate()
    dialect(name).take(estate, files)
    return estate


def read_back(estate: Estate, name: str) -> Topology:
    """What our own reader makes of what is written."""
    made = layout.files(estate, name, "main")
    topology = layout.read_back(made, estate.texts, Language())
    assert layout.errors(topology, made) == []
    return topology


def told(name: str, files: Mapping[str, str]) -> list[str]:
    """The desired state of the files that are written, what is removed, what was left out, what was wrong."""
    estate = taken(name, files)
    if estate.problems:
        return sorted(f"error {one.span} {one.message}" for one in estate.problems)
    topology = read_back(estate, name)
    left = [f"left {one.span.path}:{one.span.line} {one.what}" for one in estate.left]
    return [*_state(topology), *_gone(topology), *left]


def _state(topology: Topology) -> Iterator[str]:
    for declared in topology.topics:
        spec = declared.spec
        numbers = "/".join("-" if one is None else str(one) for one in (spec.partitions, spec.replication))
        config = "".join(f" {key}={text}" for key, text in spec.config.items())
        metadata = declared.node.get("metadata")
        labels = "".join(f" #{key}={one.text}" for key, one in metadata.map.items()) if metadata is not None else ""
        yield f"topic {declared.name} {numbers}{config}{labels}"
    yield from sorted(str(acl) for acl in topology.acls)
    for one in topology.declared:
        data = {
            key: value for key, value in KINDS[one.key.kind].dump(one.spec).items() if key not in ("entity", "text")
        }
        yield f"{one.key} {json.dumps(data, sort_keys=True)}"


def _gone(topology: Topology) -> Iterator[str]:
    for removal in topology.removals:
        yield f"removed {removal.key}"
    yield from sorted(f"revoked {acl}" for acl in topology.revoked)

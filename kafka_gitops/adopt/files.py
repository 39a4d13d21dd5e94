"""An inventory as topology files and the schemas beside them, which are read back before anybody writes them."""

import re
from collections.abc import Iterator

from kafka_gitops.adopt import proof
from kafka_gitops.adopt.inventory import Inventory, Made, Shape
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Acl, Key, Spec, Topology
from kafka_gitops.settings import Language
from kafka_gitops.text.source import Node
from kafka_gitops.writing import emit, grouping
from kafka_gitops.writing.entries import Entry

SECTIONS = ("special_topics", "acls", "quotas", "users", "schemas", "connectors")
_NOWHERE = Node.empty("")


def made(inventory: Inventory, shape: Shape, language: Language) -> list[Made]:
    """The files that declare exactly what is in the inventory, read by a language: the same for the same inventory.

    Topology files come first, then the texts that they name. Raises KafkaGitopsError where they declare anything else,
    which nobody should see: it names what differs.
    """
    return proved(inventory, shape, language)[0]


def proved(inventory: Inventory, shape: Shape, language: Language) -> tuple[list[Made], Topology]:
    """The same, with what reading them gave."""
    texts: dict[str, str] = {}
    entries = [*_entries(inventory, texts), *_rights(inventory)]
    lines = [emit.Line(f"context: {emit.scalar(shape.context or 'main')}")]
    for name in SECTIONS:
        own = [entry for entry in entries if entry.section == name]
        if own:
            lines += emit.section(name, own)
    found = [Made("topology.yaml", emit.joined(lines)), *(Made(path, text) for path, text in sorted(texts.items()))]
    return found, proof.same(inventory, found, language)


def _entries(inventory: Inventory, texts: dict[str, str]) -> Iterator[Entry]:
    """What is there but rights, as entries of sections; `texts` is filled with the files that they name."""
    taken: set[str] = set()
    for key, spec in sorted(inventory.specs.items()):
        if isinstance(spec, Acl):
            continue
        section, entry = KINDS[key.kind].export(key, spec)
        if "file" in entry:
            entry["file"] = _beside(str(entry["file"]), taken)
            texts[entry["file"]] = text_of(key, spec)
        yield Entry(section, entry, _NOWHERE)


def _beside(wanted: str, taken: set[str]) -> str:
    """A path for a text beside the topology: of plain characters, and no other's where a disk ignores case."""
    folder, _, name = wanted.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", stem)[:200].strip(".") or "schema"
    path, number = f"{folder}/{stem}{dot}{ending}", 1
    while path.lower() in taken:
        number += 1
        path = f"{folder}/{stem}-{number}{dot}{ending}"
    taken.add(path.lower())
    return path


def text_of(key: Key, spec: Spec) -> str:
    """The text that a spec holds, which its entry names as a file."""
    found = KINDS[key.kind].dump(spec)["schema"]
    assert isinstance(found, str)
    return found


def _rights(inventory: Inventory) -> Iterator[Entry]:
    acls = {spec: None for _, spec in sorted(inventory.specs.items()) if isinstance(spec, Acl)}
    return (Entry("acls", item, _NOWHERE) for item, _ in grouping.items(acls))

"""Protobuf schemas: read, and what can be judged without a compiler: numbers, names, types, imports."""

from collections.abc import Iterator

from kafka_gitops.schemas.contract import MAX_PROBLEMS, PROTOBUF, Json, Parsed, Problem, References
from kafka_gitops.schemas.json_text import Unread
from kafka_gitops.schemas.proto_read import read
from kafka_gitops.schemas.proto_text import Block, FieldOf, place

SCALARS = {"double", "float", "bool", "string", "bytes"}
SCALARS |= {f"{kind}{bits}" for kind in ("int", "uint", "sint", "fixed", "sfixed") for bits in (32, 64)}
_SHIPPED = ("google/protobuf/", "google/type/", "confluent/")  # a registry has these itself
_PACKAGES = ("google.", "confluent.")
_MOST = (1 << 29) - 1
_INNER = range(19_000, 20_000)  # the wire format's own


def parse(text: str, references: References) -> Parsed:
    """A Protobuf schema with what is wrong with it; `references` are the texts by the names that `import` uses."""
    try:
        file = read(text)
    except Unread as unread:
        return Parsed(PROTOBUF, text, None, (unread.problem,))
    names = dict(_names(file, file.name))
    known, unseen = _imported(file, references)
    found = [*_imports(text, file, references), *_blocks(text, file, file)]
    if not unseen:
        found += _types(text, file, {*names, *known}, file.name)
    return Parsed(PROTOBUF, text, as_json(file), tuple(found[:MAX_PROBLEMS]), tuple(names), unseen)


def as_json(block: Block) -> Json:
    """A tree that compares: fields by number, blocks by kind and name, whatever their order in the text."""
    fields = {
        str(one.number) if block.kind != "enum" else one.name: {
            "name": one.name,
            "type": one.type,
            **({"number": one.number} if block.kind == "enum" else {}),
            **({"label": one.label} if one.label else {}),
            **({"oneof": one.oneof} if one.oneof else {}),
            **({"options": one.options} if one.options else {}),
        }
        for one in block.fields
    }
    return {
        "kind": block.kind,
        "name": block.name,
        "fields": fields,
        "blocks": {f"{one.kind} {one.name}": as_json(one) for one in block.blocks},
        "options": block.options,
        "reserved": sorted(block.reserved),
        "statements": sorted(block.statements),
    }


def _names(block: Block, space: str) -> Iterator[tuple[str, Block]]:
    for one in block.blocks:
        if one.kind in ("message", "enum"):
            full = f"{space}.{one.name}" if space else one.name
            yield full, one
            yield from _names(one, full)


def _imported(file: Block, references: References) -> tuple[set[str], bool]:
    """The types of the files that are imported, and whether one of the files cannot be looked into."""
    found: set[str] = set()
    unseen = False
    seen: set[str] = set()
    left = [one.rpartition(" ")[2] for one in file.statements]
    while left:
        name = left.pop()
        text = references.get(name)
        if name in seen:
            continue
        seen.add(name)
        try:
            other = read(text) if text is not None else None
        except Unread:
            other = None  # told where that schema is declared
        if other is None:
            unseen = unseen or not name.startswith(_SHIPPED)
            continue
        found.update(full for full, _ in _names(other, other.name))
        left += [one.rpartition(" ")[2] for one in other.statements]
    return found, unseen


def _imports(text: str, file: Block, references: References) -> Iterator[Problem]:
    for one in file.statements:
        name = one.rpartition(" ")[2]
        if name not in references and not name.startswith(_SHIPPED):
            where = place(text, max(text.find(f'"{name}"'), text.find(f"'{name}'"), 0))
            help = "declare the schema that it means, and name it under `references`"
            yield Problem("reference", *where, f'"{name}" is none of the references', help)


def _blocks(text: str, file: Block, block: Block) -> Iterator[Problem]:
    yield from _twice(text, block)
    if block.kind == "message":
        yield from _numbers(text, block)
    elif block.kind == "enum":
        yield from _values(text, file, block)
    for one in block.blocks:
        yield from _blocks(text, file, one)


def _twice(text: str, block: Block) -> Iterator[Problem]:
    seen: set[str] = set()
    named: list[FieldOf | Block] = [*block.fields, *(one for one in block.blocks if one.kind != "extend")]
    for one in sorted(named, key=lambda one: one.index):
        if one.name in seen and not (isinstance(one, Block) and any(each.type == "group" for each in block.fields)):
            yield Problem("name", *place(text, one.index), f'"{one.name}" is there twice', "rename one of the two")
        seen.add(one.name)


def _numbers(text: str, block: Block) -> Iterator[Problem]:
    owners: dict[int, str] = {}
    reserved = {one for one in block.reserved if not one[0].isdigit()}
    ranges = [_range(one) for one in block.reserved if one[0].isdigit()]
    for one in block.fields:
        said = None
        if one.number in owners:
            said = f'the number {one.number} is already that of "{owners[one.number]}"'
        elif not 1 <= one.number <= _MOST or one.number in _INNER:
            said = f"{one.number} is no field number: 1 to {_MOST}, without 19000 to 19999"
        elif any(low <= one.number <= high for low, high in ranges):
            said = f"the number {one.number} is reserved in this message"
        elif one.name in reserved:
            said = f'the name "{one.name}" is reserved in this message'
        owners.setdefault(one.number, one.name)
        if said is not None:
            yield Problem("name", *place(text, one.index), said, "take a number and name that were never used")


def _range(text: str) -> tuple[int, int]:
    low, _, high = text.partition("-")
    return int(low), int(high or low)


def _values(text: str, file: Block, block: Block) -> Iterator[Problem]:
    owners: dict[int, str] = {}
    first: FieldOf | None = block.fields[0] if block.fields else None
    if first is None:
        yield Problem("syntax", *place(text, block.index), f'the enum "{block.name}" has no value')
    elif file.options.get("syntax") == "proto3" and first.number != 0:
        said = f'the first value of an enum is 0 in proto3: found {first.number} for "{first.name}"'
        yield Problem("syntax", *place(text, first.index), said)
    for one in block.fields:
        if one.number in owners and block.options.get("allow_alias") != "true":
            said = f'the number {one.number} is already that of "{owners[one.number]}"'
            yield Problem(
                "name", *place(text, one.index), said, "write `option allow_alias = true;` where that is meant"
            )
        owners.setdefault(one.number, one.name)


def _types(text: str, block: Block, known: set[str], space: str) -> Iterator[Problem]:
    """Fields whose type nothing declares; names are looked up from the inside out, as the compiler does."""
    for one in block.fields if block.kind in ("message", "extend") else ():
        name = one.type.partition(", ")[2].rstrip(">") if one.type.startswith("map<") else one.type
        if name.lstrip(".").startswith(_PACKAGES) or name in SCALARS or name == "group":
            continue
        if not _known(name, known, space):
            help = "declare it, or import the file that does"
            yield Problem("reference", *place(text, one.index), f'no type is called "{name}"', help)
    for below in block.blocks:
        inner = ".".join(filter(None, (space, below.name))) if below.kind == "message" else space
        yield from _types(text, below, known, inner)


def _known(name: str, known: set[str], space: str) -> bool:
    if name.startswith("."):
        return name[1:] in known
    while True:
        if (f"{space}.{name}" if space else name) in known:
            return True
        if not space:
            return False
        space = space.rpartition(".")[0]

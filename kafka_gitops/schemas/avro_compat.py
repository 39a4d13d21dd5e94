"""Whether data of one Avro schema can be read with another, and why not, field by field.

The verdict is that of `avro.compatibility`, which follows Java's SchemaCompatibility. What it lacks is done before
(aliases in full, `error` as `record`: avro_whole) and here: messages with places, a field that matches several.
"""

from typing import Any, NamedTuple

from avro.compatibility import (
    CompatibleResult,
    ReaderWriterCompatibilityChecker,
    SchemaCompatibilityResult,
    SchemaCompatibilityType,
    SchemaIncompatibilityType,
    incompatible,
    lookup_writer_field,
    schema_name_equals,
)

from kafka_gitops.schemas.avro_whole import NOWHERE

MOST_PAIRS = 20_000  # of types that are compared: a second; two unions of thousands would take minutes
_COMPATIBLE = SchemaCompatibilityType.compatible
_NAMED = ("record", "enum", "fixed")


class TooMany(Exception):
    """More comparisons than anybody waits for."""


class Reason(NamedTuple):
    """Why the reader cannot read: the fields on the way, and a sentence in which {reader} and {writer} stand open."""

    steps: tuple[str, ...]
    message: str
    help: str | None = None


def reasons(reader: Any, writer: Any) -> list[Reason]:
    """Why data of one schema of the library cannot be read with another; empty where it can. Raises TooMany."""
    checker = _Checker()
    verdict = checker.get_compatibility(reader, writer)
    return [] if verdict.compatibility is _COMPATIBLE else list(dict.fromkeys(checker.found))


class _Checker(ReaderWriterCompatibilityChecker):  # type: ignore[misc, unused-ignore]
    """The library's checker, which notes on the way what it found where."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.found: list[Reason] = []
        self.above: list[tuple[Any, tuple[str, ...]]] = [(None, ())]  # the readers on the way, with their fields
        self.judged: dict[tuple[int, int], SchemaCompatibilityResult] = {}  # the library's own table is slow: its hash

    def get_compatibility(
        self, reader: Any, writer: Any, reference_token: str = "/", location: list[str] | None = None
    ) -> SchemaCompatibilityResult:
        """Whether data of `writer` can be read; a branch that was only tried is forgotten."""
        pair = id(reader), id(writer)
        if pair in self.judged:
            return self.judged[pair]
        if len(self.judged) >= MOST_PAIRS:
            raise TooMany
        self.judged[pair] = CompatibleResult  # while it is looked at, as in the library
        parent, steps = self.above[-1]
        if reference_token == "type" and location:
            steps = (*steps, parent.fields[int(location[-1])].name)
        elif reference_token in ("items", "values") and steps:
            steps = (*steps[:-1], f"{steps[-1]}{'[]' if reference_token == 'items' else '{}'}")
        mark = len(self.found)
        self.above.append((reader, steps))
        result = self.calculate_compatibility(reader, writer, [*(location or []), reference_token])
        self.judged[pair] = result
        self.above.pop()
        below = self.found[mark:]
        del self.found[mark:]
        if result.compatibility is not _COMPATIBLE:
            self.found.extend(_told(reader, writer, steps, below))
        return result

    def check_reader_writer_record_fields(
        self, reader: Any, writer: Any, location: list[str]
    ) -> SchemaCompatibilityResult:
        """The library's check, but for a field that matches several: Java refuses that (`lookupWriterField`)."""
        if any(len(_matches(field, writer)) > 1 for field in reader.fields):
            return incompatible(SchemaIncompatibilityType.name_mismatch, "matches several fields", location)
        return super().check_reader_writer_record_fields(reader, writer, location)


def _told(reader: Any, writer: Any, steps: tuple[str, ...], below: list[Reason]) -> list[Reason]:
    """The reasons at one pair of types: its own, and those below it that its own do not explain."""
    deeper = [reason for reason in below if reason.steps != steps]  # of the branch with the same name
    if reader.type == "union" and writer.type != "union" and not deeper:
        said = f"{{writer}} writes {called(writer)}, which is none of what {{reader}} reads: {called(reader)}"
        return [Reason(steps, said, "keep the type among those of the union")]
    if reader.type == "union":
        return deeper or below
    own = _own(reader, writer, steps)
    explained = {reason.steps for reason in own}
    told = own + [reason for reason in below if reason.steps not in explained]
    return told or [Reason(steps, f"{{reader}} cannot read {called(writer)} as {called(reader)}")]


def _own(reader: Any, writer: Any, steps: tuple[str, ...]) -> list[Reason]:
    if reader.type != writer.type:
        said = f"{{writer}} writes {called(writer)}, which {{reader}} cannot read as {called(reader)}"
        return [] if "union" in (reader.type, writer.type) else [Reason(steps, said)]
    found = []
    if reader.type in _NAMED and not schema_name_equals(reader, writer):
        said = f"{{writer}} calls the type {called(writer)}, {{reader}} {called(reader)}"
        return [Reason(steps, said, f'give the new name the alias "{_bare(writer.fullname)}"')]
    if reader.type == "record":
        found += [reason for field in reader.fields for reason in _field(field, writer, steps)]
    if reader.type == "fixed" and reader.size != writer.size:
        found.append(Reason(steps, f"{{writer}} writes {writer.size} bytes, {{reader}} reads {reader.size}"))
    if reader.type == "enum":
        unknown = [symbol for symbol in writer.symbols if symbol not in reader.symbols]
        if unknown and reader.props.get("default") not in reader.symbols:
            said = (
                f"{{reader}} does not know {', '.join(unknown)}, which {{writer}} writes, and its enum has no default"
            )
            found.append(Reason(steps, said, "keep the symbols, or give the enum a default"))
    return found


def _field(field: Any, writer: Any, steps: tuple[str, ...]) -> list[Reason]:
    several = _matches(field, writer)
    if len(several) > 1:
        said = f"its name and aliases match several fields that {{writer}} writes: {', '.join(several)}"
        return [Reason((*steps, field.name), said, "drop the alias")]
    if lookup_writer_field(writer, field) is None and not field.has_default:
        said = "{reader} needs the field, since it has no default there, and {writer} does not write it"
        return [Reason((*steps, field.name), said, "give the field a default")]
    return []


def _matches(field: Any, writer: Any) -> list[str]:
    """The writer's fields that a reader's field stands for; an alias that is said twice counts twice, as in Java."""
    names = [field.name, *(field.props.get("aliases") or ())]
    return [name for name in names if name in writer.fields_dict]


def called(schema: Any) -> str:
    """A type of the library in words."""
    if schema.type == "union":
        return " | ".join(map(called, schema.schemas))
    if schema.type in ("array", "map"):
        return f"{schema.type} of {called(schema.items if schema.type == 'array' else schema.values)}"
    return f"{schema.type} {_bare(schema.fullname)}" if schema.type in _NAMED else str(schema.type)


def _bare(name: str) -> str:
    return name.removeprefix(f"{NOWHERE}.")

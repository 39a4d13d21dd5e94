"""Where everything of a YAML text stands, and how it is written: flow or block, anchored, an alias."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["map", "list", "text", "alias"]
_NO_MARK = (0, 0)


@dataclass
class Place:
    """A value of the text; lines and columns count from 0, `end` is right behind it (of a block: not known)."""

    kind: Kind
    start: tuple[int, int]
    end: tuple[int, int] = _NO_MARK
    flow: bool = False
    anchored: bool = False
    style: str | None = None  # of a scalar: None plain, else its sign
    text: str = ""
    keys: dict[str, "Place"] = field(default_factory=dict)  # of a map, the values by the keys that are texts
    below: list["Place"] = field(default_factory=list)  # of a map its keys and values, of a list its items

    def at(self, *path: str | int) -> "Place | None":
        """What stands there; None where nothing does, or only by an alias or a merge key."""
        found: Place | None = self
        for step in path:
            if found is None:
                return None
            if isinstance(step, int):
                found = found.below[step] if found.kind == "list" and step < len(found.below) else None
            else:
                found = found.keys.get(step)
        return found

    @property
    def last(self) -> int:
        """The last line with something of it."""
        if self.kind in ("map", "list") and not self.flow:
            return max((one.last for one in self.below), default=self.start[0])
        line, column = self.end
        if self.style in ("|", ">"):
            return line - 1 if column == 0 else line
        return line


def places(text: str) -> Place | None:
    """The root of a text with one document; None where it is none, or has more. Raises nothing for bad input."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        events = list(yaml.parse(text, Loader=loader))
    except yaml.YAMLError:
        return None
    if sum(isinstance(one, yaml.DocumentStartEvent) for one in events) != 1:
        return None
    return _value(iter(events[2:]))


def _value(events: Iterator[Any]) -> Place | None:
    """The next value of the events, None where a collection ends."""
    import yaml

    event = next(events)
    start, end = _mark(event.start_mark), _mark(event.end_mark)
    if isinstance(event, yaml.AliasEvent):
        return Place("alias", start, end)
    if isinstance(event, yaml.ScalarEvent):
        style = event.style if event.style not in ("", None) else None
        return Place("text", start, end, False, event.anchor is not None, style, event.value)
    if not isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
        return _Close(end)
    kind: Kind = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
    anchored = event.anchor is not None or event.tag is not None
    found = Place(kind, start, end, bool(event.flow_style), anchored)
    while not isinstance(one := _value(events), _Close):
        assert one is not None
        found.below.append(one)
    found.end = one.end
    if kind == "map":
        pairs = zip(found.below[::2], found.below[1::2], strict=True)
        found.keys = {key.text: value for key, value in pairs if key.kind == "text"}
    return found


class _Close(Place):
    """The end of a collection."""

    def __init__(self, end: tuple[int, int]) -> None:
        super().__init__("text", end, end)


def _mark(mark: Any) -> tuple[int, int]:
    return mark.line, mark.column

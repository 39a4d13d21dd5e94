"""Where in a file entries go, and how they are written there: as lines between the lines that it has."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from kafka_gitops.adopt.places import Place
from kafka_gitops.text.comments import MARK
from kafka_gitops.writing import emit
from kafka_gitops.writing.entries import Entry, plain

Path: TypeAlias = tuple[str | int, ...]
_OUT = re.compile(r"#(\s?- |\s\s)")  # of an item that somebody has commented out: its dash, or what is below it


class Addition(NamedTuple):
    """Entries for the list `section` of the mapping at a path of keys and indexes: the file itself, or a project."""

    at: Path
    section: str
    entries: tuple[Entry, ...]


class Edit(NamedTuple):
    """Lines that go before a line of the file (from 0); of several at one place the deeper ones go first."""

    line: int
    depth: int
    lines: tuple[str, ...]


class Refused(Exception):
    """Why a file cannot be extended there by lines alone, in a clause."""


def edits(root: Place, lines: Sequence[str], one: Addition) -> Iterator[Edit]:
    """The lines that an addition takes. Raises Refused where lines alone do not do."""
    for depth in range(len(one.at) + 1):
        above = root.at(*one.at[:depth])
        if above is None or above.kind == "alias":
            raise Refused("an alias or a merge key stands there")
        if above.anchored:
            raise Refused("it has an anchor, and may be used elsewhere")
    owner = root.at(*one.at)
    assert owner is not None
    if owner.kind != "map":
        raise Refused("it is not a mapping")
    own = owner.keys.get(one.section)
    style = _Style(root)
    if own is None:
        yield _new(owner, lines, one, style, root=not one.at)
    elif own.kind == "list" and not own.anchored:
        yield _flow_items(own, lines, one) if own.flow else _items(own, lines, one, style)
    elif own.kind == "text" and own.start == own.end and not own.anchored and not owner.flow:
        column = owner.start[1] + style.dash
        yield Edit(own.start[0] + 1, 2 * column + 1, tuple(_block(one, column, column + style.gap, style.unit)))
    else:
        raise Refused(f"its {one.section} are written as {_what(own)}")


def _what(own: Place) -> str:
    if own.anchored:
        return "a list with an anchor"
    return {"alias": "an alias", "map": "a mapping", "text": "a text"}.get(own.kind, "a list")


class _Style:
    """How a file is indented: a mapping below a key, the dashes of a list below a key, what is behind a dash."""

    def __init__(self, root: Place) -> None:
        maps: Counter[int] = Counter()
        dashes: Counter[int] = Counter()
        gaps: Counter[int] = Counter()
        waiting = [root]
        while waiting:
            one = waiting.pop()
            waiting.extend(one.below)
            if one.kind == "list" and not one.flow:
                gaps.update(item.start[1] - one.start[1] for item in one.below if item.start[0] == one.start[0])
            if one.kind == "map" and not one.flow:
                for value in one.below[1::2]:
                    if value.kind in ("map", "list") and not value.flow and not value.anchored:
                        (maps if value.kind == "map" else dashes)[value.start[1] - one.start[1]] += 1
        self.gap = max(2, gaps.most_common(1)[0][0]) if gaps else 2
        self.unit = max(1, maps.most_common(1)[0][0]) if maps else 2
        self.dash = max(0, dashes.most_common(1)[0][0]) if dashes else 0


def _block(one: Addition, dash: int, column: int, unit: int) -> Iterator[str]:
    """The entries as items whose dashes and keys stand in these columns."""
    for line in list(emit.section(one.section, one.entries))[1:]:
        text = line.text.lstrip(" ")
        blanks = len(line.text) - len(text)
        if blanks == 0:
            yield f"{' ' * dash}-{' ' * (column - dash - 1)}{text[2:]}"
        else:
            yield f"{' ' * (column + (blanks - 2) // 2 * unit)}{text}"


def _items(own: Place, lines: Sequence[str], one: Addition, style: _Style) -> Edit:
    """After the last item of a list of lines with dashes."""
    line, dash = own.start
    if lines[line][dash : dash + 1] != "-":
        raise Refused(f"its {one.section} do not begin with a dash")
    last = own.below[-1]
    on_line = last.kind == "map" and not last.flow and last.start[1] > dash + 1
    column = last.start[1] if on_line else dash + 2
    at = _after(lines, _last(last, lines), lambda text, blanks: blanks > dash or (blanks == dash and _is_out(text)))
    return Edit(at, 2 * dash + 1, tuple(_block(one, dash, column, style.unit)))


def _is_out(text: str) -> bool:
    return _OUT.match(text.lstrip()) is not None


def _last(last: Place, lines: Sequence[str]) -> int:
    """The last line of a value; blank lines at the end of a text that drops them do not count."""
    line = min(last.last, len(lines) - 1)
    inner = last
    while inner.below and not inner.flow:
        inner = inner.below[-1]
    if inner.style in ("|", ">") and not inner.text.endswith("\n\n"):
        while line > inner.start[0] and not lines[line].strip():
            line -= 1
    return line


def _after(lines: Sequence[str], line: int, belongs: Callable[[str, int], bool]) -> int:
    """The line after one and the comments below that belong to it; never past one that speaks to us."""
    found = at = line + 1
    while at < len(lines):
        text = lines[at].rstrip("\r\n")
        if text.strip():
            blanks = len(text) - len(text.lstrip(" "))
            if not text.lstrip().startswith("#") or MARK in text or not belongs(text, blanks):
                break
            found = at + 1
        at += 1
    return found


def _new(owner: Place, lines: Sequence[str], one: Addition, style: _Style, *, root: bool) -> Edit:
    """A section that is not there, at the end of its mapping; in the file itself after all comments."""
    if owner.flow:
        head, last = f"{json.dumps(one.section)}: [", len(one.entries) - 1
        items = [f"  {_flow(entry)}{',' * (at < last)}" for at, entry in enumerate(one.entries)]
        return _flow_lines(owner, lines, [head, *items, "]"])
    column = owner.start[1]
    if lines[owner.start[0]][column : column + 1] == "?" or not owner.below:
        raise Refused("its keys are written with question marks")
    at = _after(lines, _last(owner.below[-1], lines), lambda _, blanks: root or blanks >= column)
    dash = column + style.dash
    text = [f"{' ' * column}{one.section}:", *_block(one, dash, dash + style.gap, style.unit)]
    if root and at and lines[at - 1].strip() and _spaced(owner, lines):
        text.insert(0, "")
    return Edit(at, 2 * column, tuple(text))


def _spaced(root: Place, lines: Sequence[str]) -> bool:
    """Whether most lists at the top of a file have a blank line before them."""
    heads = [key.start[0] for key, value in zip(root.below[::2], root.below[1::2], strict=True) if value.kind == "list"]
    found = []
    for line in heads:
        while line and lines[line - 1].lstrip().startswith("#"):
            line -= 1
        found.append(line > 0 and not lines[line - 1].strip())
    return sum(found) * 2 > len(found)


def _flow(entry: Entry) -> str:
    return json.dumps(plain(entry.value), ensure_ascii=False)


def _flow_items(own: Place, lines: Sequence[str], one: Addition) -> Edit:
    """After the last item of a list in brackets whose closing one has a line of its own."""
    items = [_flow(entry) for entry in one.entries]
    return _flow_lines(own, lines, [f"{text}," for text in items[:-1]] + items[-1:])


def _flow_lines(own: Place, lines: Sequence[str], text: Sequence[str]) -> Edit:
    """Lines after the last of what stands in brackets; a comma that is there already at the end is used."""
    closing = own.end[0]
    before = lines[closing][: own.end[1] - 1]
    if before.strip() or not own.below or own.below[-1].end[0] >= closing:
        raise Refused("it is written in brackets on one line")
    line, column = own.below[-1].end
    rest = [lines[line][column:], *lines[line + 1 : closing]]
    ended = any("," in re.split(r"(?:^|\s)#", one)[0] for one in rest)
    first = lines[own.below[0].start[0]]
    blanks = first[: own.below[0].start[1]] if not first[: own.below[0].start[1]].strip() else f"{before}  "
    made = [f"{blanks}{'' if ended or at else ', '}{one}" for at, one in enumerate(text)]
    if ended:
        made[-1] += ","
    return Edit(closing, 2 * len(before) + 1, tuple(made))

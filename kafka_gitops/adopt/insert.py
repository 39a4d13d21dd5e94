"""Entries into a topology file that exists: lines are added, and everything else stays as it is, byte by byte."""

import re
from collections import Counter
from collections.abc import Sequence

from kafka_gitops.adopt.edits import Addition, Edit, Path, Refused, edits
from kafka_gitops.adopt.places import places
from kafka_gitops.text.source import Node, parse

__all__ = ("Addition", "Path", "extended")

_LINE = re.compile(r"[^\n]*\n|[^\n]+$")
_OLD_LINE = re.compile(r"[^\r]*\r|[^\r]+$")  # of a file without any LF


def extended(path: str, text: str, additions: Sequence[Addition]) -> tuple[str, str | None]:
    """The text with the entries at the ends of their lists; else the text as it was and why, in a clause.

    A section that is not there is added at the end of its mapping. What the file said before it says after.
    """
    is_json = path.endswith(".json") or text[:100].lstrip()[:1] in ("{", "[")
    root = places(text.replace("\t", " ") if is_json else text)
    before = parse(path, text).root
    if root is None or before is None:
        return text, "it cannot be read as one document"
    lines = (_LINE if "\n" in text else _OLD_LINE).findall(text)
    try:
        found = [edit for one in additions for edit in edits(root, lines, one)]
    except Refused as why:
        return text, str(why)
    made = _with(lines, found, _line_end(lines))
    after = parse(path, made).root
    if after is None or not _same(before, after, additions):
        return text, "what it says now would change"
    return made, None


def _line_end(lines: Sequence[str]) -> str:
    """How most lines end."""
    ends = Counter(line[len(line.rstrip("\r\n")) :] for line in lines if line[-1:] in ("\r", "\n"))
    return ends.most_common(1)[0][0] if ends else "\n"


def _with(lines: Sequence[str], inserted: Sequence[Edit], end: str) -> str:
    """The lines and what is inserted; the last line of a file that does not end stays so."""
    at: dict[int, list[Edit]] = {}
    for edit in inserted:
        at.setdefault(edit.line, []).append(edit)
    made: list[str] = []
    for number in range(len(lines) + 1):
        for edit in sorted(at.get(number, ()), key=lambda one: -one.depth):
            if made and made[-1][-1:] not in ("\r", "\n"):
                made.append(end)
            made.extend(f"{line}{end}" for line in edit.lines)
        if number < len(lines):
            made.append(lines[number])
    text = "".join(made)
    unfinished = lines and lines[-1][-1:] not in ("\r", "\n") and at.get(len(lines))
    return text.removesuffix(end) if unfinished else text


def _same(before: Node, after: Node, additions: Sequence[Addition]) -> bool:
    """Whether a tree is another one and the entries at the ends of these lists."""
    known = {(*one.at, one.section): len(one.entries) for one in additions}
    waiting: list[tuple[Node, Node, Path]] = [(before, after, ())]
    while waiting:
        old, new, path = waiting.pop()
        if old.is_map and new.is_map:
            for key, child in new.map.items():
                here = (*path, key)
                if key in old.map and not (here in known and not old.map[key].is_list):
                    waiting.append((old.map[key], child, here))
                elif len(child.items) != known.get(here) or (key in old.map and not old.map[key].is_null):
                    return False
            if not old.map.keys() <= new.map.keys():
                return False
        elif old.is_list and new.is_list:
            if len(new.items) != len(old.items) + known.get(path, 0):
                return False
            waiting.extend(
                (one, other, (*path, at)) for at, (one, other) in enumerate(zip(old.items, new.items, strict=False))
            )
        elif (old.raw, old.plain, old.what) != (new.raw, new.plain, new.what):
            return False
    return True

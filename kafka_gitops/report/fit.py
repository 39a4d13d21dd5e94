"""Lines for a narrow terminal: a column that has no room drops to a line of its own, sentences wrap between words."""

import re
from collections.abc import Iterator

_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_COLUMNS = re.compile(r"( {2,})")
_COPIED = re.compile(r"(^|\s)(--[a-z]|kafka-|Kafka-Gitops-)")  # what is to be copied stays in one piece
LEAST = 40  # columns; where there are fewer nothing helps


def fit(text: str, width: int | None) -> str:
    """The text with no line that is wider than this, as far as its words let it; None: as it is."""
    if width is None or width < LEAST:
        return text
    return "".join(f"{line}\n" for given in text.splitlines() for line in _fitted(given, width))


def _fitted(line: str, width: int) -> Iterator[str]:
    if _wide(line) <= width:
        yield line
        return
    shown = _COLOUR.sub("", line)
    before = len(shown) - len(shown.lstrip())
    indent = " " * (6 if before < 6 else before + 2)
    now = ""
    parts = ["", *_COLUMNS.split(line)]
    for gap, part in zip(parts[::2], parts[1::2], strict=True):
        if _wide(now + gap + part) <= width:
            now += gap + part
            continue
        first = _COLOUR.sub("", now).strip()
        if first:
            yield now
        *done, now = _wrapped(part, indent if first else " " * before, width)
        yield from done
    yield now


def _wrapped(part: str, indent: str, width: int) -> list[str]:
    """A column on lines of its own; one that is to be copied on one, however long."""
    if _COPIED.search(_COLOUR.sub("", part)):
        return [indent + part]
    lines = [indent]
    for word in part.split(" "):
        more = word if lines[-1].isspace() or not lines[-1] else f" {word}"
        if _wide(lines[-1] + more) > width and not lines[-1].isspace():
            lines.append(indent + word)
        else:
            lines[-1] += more
    return lines


def _wide(line: str) -> int:
    return len(_COLOUR.sub("", line))

"""Tables of Markdown that are folded, and cut on a row where a comment would be too long."""

from collections.abc import Iterable, Sequence

OPEN = 20  # rows of a table that stand unfolded
LONGEST = 300  # characters of a name: Kafka's topics have 249 at most, an ACL's sentence is longer
_FOOT = "\n</details>\n"


def size(*parts: str) -> int:
    """The UTF-8 bytes of sections with the empty line between them."""
    return sum(len(part.encode()) + 2 for part in parts)


def fitting(rows: Iterable[str], room: int) -> list[str]:
    """The first rows that fit into so many bytes, each with its line end."""
    kept = []
    for row in rows:
        room -= len(row.encode()) + 1
        if room < 0:
            break
        kept.append(row)
    return kept


def table(columns: Sequence[str], rows: Iterable[str]) -> str:
    """A table of rows that are written already."""
    return "\n".join([f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}", *rows]) + "\n"


def folded(
    summary: str, columns: Sequence[str], rows: Iterable[str], room: int, *, opened: bool = False
) -> tuple[str, int]:
    """A folded table of the rows that fit and how many those are; nothing where none does. `summary` is HTML."""
    head = f"<details{' open' if opened else ''}><summary>{summary}</summary>\n\n"
    kept = fitting(rows, room - size(head, table(columns, ()), _FOOT))
    return (f"{head}{table(columns, kept)}{_FOOT}", len(kept)) if kept else ("", 0)

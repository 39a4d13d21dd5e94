"""Two environments side by side, as tables of Markdown."""

from collections.abc import Iterator

from kafka_gitops.report.diff import FEW, DiffView, Row, head, sides
from kafka_gitops.report.findings import clipped
from kafka_gitops.report.markup import cell, place, text
from kafka_gitops.report.words import LONGEST


def render(view: DiffView) -> str:
    """GitHub-flavoured Markdown, hostile text inert."""
    parts = [f"**{text(head(view))}**"]
    for title, rows in view.sections:
        lines = _different(view, rows) if rows is view.different else _only(rows)
        more = f"\n\nand {len(rows) - FEW:,} more" if len(rows) > FEW else ""
        parts.append(f"### {text(title)}\n\n" + "\n".join(lines) + more)
    return "\n\n".join(parts) + "\n"


def _different(view: DiffView, rows: tuple[Row, ...]) -> Iterator[str]:
    yield f"| resource | field | {text(view.left)} | {text(view.right)} | where |"
    yield "|---|---|---|---|---|"
    for row in rows[:FEW]:
        for edit, *_ in row.edits:
            left, right = sides(row, edit)
            told = f"{_cell(edit.field)} | {_cell(left)} | {_cell(right)}"
            yield f"| {_name(row)} | {told} | {place(row.place, None)} |"


def _only(rows: tuple[Row, ...]) -> Iterator[str]:
    yield "| resource | where |"
    yield "|---|---|"
    yield from (f"| {_name(row)} | {place(row.place, None)} |" for row in rows[:FEW])


def _name(row: Row) -> str:
    left, right = row.pair
    names = dict.fromkeys(str(one.key) for one in (left, right) if one is not None)
    return " / ".join(map(_cell, names))


def _cell(raw: str) -> str:
    return cell(clipped(raw, LONGEST)) if raw else ""

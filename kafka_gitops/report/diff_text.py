"""Two environments side by side, for a terminal."""

from collections.abc import Iterator

from kafka_gitops.report.diff import FEW, DiffView, Row, head, named, sides

_PLACES, _FIELDS = 58, 19  # the columns of places, and of values beside their fields


def render(view: DiffView) -> str:
    """The counts, then what differs with its fields, then what only one environment declares."""
    lines = [head(view)]
    for title, rows in view.sections:
        lines += ["", view.paint(title, "bold"), *_rows(rows)]
    return "\n".join(lines) + "\n"


def _rows(rows: tuple[Row, ...]) -> Iterator[str]:
    for kind in dict.fromkeys(row.key.kind for row in rows):
        every = [row for row in rows if row.key.kind == kind]
        for row in every[:FEW]:
            yield f"  {named(row).ljust(_PLACES - 2)}  {_where(row)}".rstrip()
            yield from _fields(row)
        if len(every) > FEW:
            yield f"  and {len(every) - FEW:,} more: --format json shows all"


def _where(row: Row) -> str:
    """The place, or both where the environments have files of their own."""
    return " | ".join(dict.fromkeys(str(place) for place in row.places if place is not None))


def _fields(row: Row) -> Iterator[str]:
    width = max([_FIELDS, *(len(edit.field) for edit, _, _ in row.edits)])
    for edit, *values in row.edits:
        text = " | ".join(filter(None, sides(row, edit)))
        origins = " | ".join(dict.fromkeys(filter(None, values)))
        yield f"      {edit.field.ljust(width)} {text}{f'    ({origins})' if origins else ''}"

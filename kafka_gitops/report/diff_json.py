"""Two environments side by side, for programs."""

import json
from typing import Any

from kafka_gitops.changes import Origin
from kafka_gitops.report.diff import DiffView, Row
from kafka_gitops.text import characters


def render(view: DiffView) -> str:
    """`{"left", "right", "same", "different": [...], "only_left": [...], "only_right": [...]}`; null where unset."""
    body = {
        "left": view.left,
        "right": view.right,
        "same": view.same,
        "different": [_different(row) for row in view.different],
        "only_left": [_only(row) for row in view.only_left],
        "only_right": [_only(row) for row in view.only_right],
    }
    return characters.json_escaped(json.dumps(body, indent=1, ensure_ascii=False)) + "\n"


def _different(row: Row) -> dict[str, Any]:
    left, right = (one.key.name if one is not None else None for one in row.pair)
    places = dict(zip(("left", "right"), map(_place, row.places), strict=True))
    fields = [
        {"field": edit.field, "left": edit.before, "right": edit.after, "values": [*filter(None, values)]}
        for edit, *values in row.edits
    ]
    return {"kind": row.key.kind, "left": left, "right": right, "places": places, "fields": fields}


def _only(row: Row) -> dict[str, Any]:
    return {"kind": row.key.kind, "name": row.key.name, "place": _place(row.place)}


def _place(origin: Origin | None) -> dict[str, Any] | None:
    return None if origin is None else {"path": origin.path, "line": origin.line}

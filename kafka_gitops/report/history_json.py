"""A history for programs."""

import json
from typing import Any

from kafka_gitops.history.entry import Accepted, Entry, Fact, Touch
from kafka_gitops.report import history
from kafka_gitops.report.history import HistoryView
from kafka_gitops.text import characters


def render(view: HistoryView) -> str:
    """`{"format": 1, "environment", "origin", "resource", "since", "by", "entries": [...]}`, newest first.

    A fact is `{"value", "source"}`; what is not known is null, or an empty list where there may be several.
    """
    body = {
        "format": 1,
        "environment": view.environment,
        "origin": view.origin,
        "resource": view.resource,
        "since": view.since,
        "by": view.by,
        "entries": [_entry(entry) for entry in view.entries],
    }
    return characters.json_escaped(json.dumps(body, indent=1, ensure_ascii=False)) + "\n"


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "time": history.exactly(entry),
        "what": entry.what,
        "title": entry.title,
        "commit": entry.commit,
        "change_request": _fact(entry.request),
        "by": [*map(_fact, entry.by)],
        "merged_by": _fact(entry.merged),
        "approved_by": [*map(_fact, entry.approved)],
        "accepted": [*map(_accepted, entry.accepted)],
        "run": _fact(entry.run),
        "more": dict(entry.more),
        "notes": [*entry.notes],
        "changes": [*map(_touch, entry.touches)],
    }


def _fact(fact: Fact | None) -> dict[str, str] | None:
    return None if fact is None else {"value": fact.value, "source": fact.source}


def _accepted(one: Accepted) -> dict[str, Any]:
    return {"risk": one.risk, "name": one.name, "by": _fact(one.by)}


def _touch(touch: Touch) -> dict[str, Any]:
    fields = [{"field": edit.field, "old": edit.before, "new": edit.after} for edit in touch.edits]
    told = {"kind": touch.key.kind, "name": touch.key.name, "action": touch.action, "fields": fields}
    return {**told, "because": touch.because, "status": touch.status, "detail": touch.detail}

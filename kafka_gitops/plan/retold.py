"""A change in few words and back: enough for a later run to look whether it is done, no more than its edits tell."""

import json
from collections.abc import Collection

from kafka_gitops.changes import Change
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Key, Spec
from kafka_gitops.plan.fields import spec_dict
from kafka_gitops.redact import redact
from kafka_gitops.shape.exact import Json

ACTIONS = ("create", "update", "delete")
_JSON = json.JSONEncoder(separators=(",", ":"))


def text(change: Change) -> str | None:
    """What is there, what is wanted and which one of the name is meant, as JSON; None where a known secret is in it.

    Of a config there is only what differs: many may read a ledger. That something is made or goes shows without any.
    """
    both = {"before": spec_dict(change.key, change.before), "after": spec_dict(change.key, change.after)}
    specs = {name: spec for name, spec in both.items() if spec is not None}
    configs = [spec["config"].items() for spec in specs.values() if "config" in spec]
    same = set(configs[0]).intersection(*configs) if configs else set()
    brief = {name: _without(spec, same) for name, spec in specs.items()}
    found = _JSON.encode({**brief, **({"pin": change.pin} if change.pin else {})})
    return found if redact(found) == found else None


def _without(spec: Json, same: Collection[tuple[str, str]]) -> Json:
    if "config" not in spec:
        return spec
    return {**spec, "config": {name: value for name, value in spec["config"].items() if (name, value) not in same}}


def came(change: Change, now: Spec | None) -> bool | None:
    """Whether such a change is done, as far as what is there tells; None where it does not."""
    if change.action != "update":
        return (now is None) == (change.after is None)
    if KINDS[change.key.kind].reached(change, now):
        return True
    edits = list(change.edits())
    there = now.fields() if now is not None else {}
    return all(there.get(edit.field) == edit.after for edit in edits) if edits else None


def change(key: Key, action: str, said: str) -> Change | None:
    """The change of such a text, without its risks and origin; None for what this version does not understand."""
    try:
        data = json.loads(said)
        before, after = (_spec(key, data.get(name)) for name in ("before", "after"))
        return Change(key, before, after, pin=data.get("pin"), act=None if action in ACTIONS else action)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return None


def _spec(key: Key, data: object) -> Spec | None:
    if data is None:
        return None
    if not isinstance(data, dict):
        raise TypeError("no spec")
    return KINDS[key.kind].load(key.name, data)

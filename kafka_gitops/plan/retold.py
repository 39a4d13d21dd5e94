"""A change in few words and back: enough for a later run to look whether it is done."""

import json

from kafka_gitops.changes import Change
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Key, Spec
from kafka_gitops.plan.fields import spec_dict
from kafka_gitops.redact import redact

ACTIONS = ("create", "update", "delete")
_JSON = json.JSONEncoder(separators=(",", ":"))


def text(change: Change) -> str | None:
    """What is there, what is wanted and which one of the name is meant, as JSON; None where a known secret is in it."""
    specs = {"before": spec_dict(change.key, change.before), "after": spec_dict(change.key, change.after)}
    said = {name: value for name, value in {**specs, "pin": change.pin}.items() if value is not None}
    found = _JSON.encode(said)
    return found if redact(found) == found else None


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

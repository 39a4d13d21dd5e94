"""A plan as bytes and back: stable JSON with two digests, refused when edited."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kafka_gitops import __version__
from kafka_gitops.changes import Change, Origin, Refused, Risk, Unsupported
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Key, Spec
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.schema import document
from kafka_gitops.text import characters

FORMAT = 1
NAMED = 1_000  # names of each kind that a saved plan holds of what is left alone; the counts tell of more


def dumps(plan: Plan) -> str:
    """The plan as JSON text with sorted keys and both digests; the same plan gives the same bytes."""
    body = as_dict(plan)
    body["approval"] = approval(plan)
    body["digest"] = _digest(body)
    return _lines(body)


def _lines(body: Mapping[str, Any]) -> str:
    """JSON with a line for each key and each item of a list: short to diff, and faster than an indented one."""
    parts = []
    for key, value in sorted(body.items()):
        if isinstance(value, list) and value:
            items = ",\n  ".join(_compact(item) for item in value)
            parts.append(f" {_compact(key)}: [\n  {items}\n ]")
        else:
            parts.append(f" {_compact(key)}: {_compact(value)}")
    return characters.json_escaped("{\n" + ",\n".join(parts) + "\n}\n")


def _compact(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def loads(text: str, path: str) -> Plan:
    """Read a plan file.

    Raises KafkaGitopsError for text that is no plan, another format, or a plan that somebody edited.
    """
    try:
        body = json.loads(text)
    except RecursionError:
        raise KafkaGitopsError(f"{path} is not a plan file: it is nested too deep", help=_AGAIN) from None
    except ValueError as error:
        raise KafkaGitopsError(f"{path} is not a plan file: {error}", help=_AGAIN) from None
    if not isinstance(body, dict) or "changes" not in body:
        raise KafkaGitopsError(f"{path} is not a plan file: it has no changes", help=_AGAIN)
    if body.get("format") != FORMAT:
        found = _short(body.get("format"))
        said = f"{path} has plan format {found}, expected {FORMAT}: another version of kafka-gitops made it"
        raise KafkaGitopsError(said, help=_AGAIN)
    digest = body.pop("digest", None)
    try:
        counted = _digest(body)
    except (RecursionError, UnicodeEncodeError):
        said = f"{path} is not a plan file: it is nested too deep, or holds half of a character (a lone surrogate)"
        raise KafkaGitopsError(said, help=_AGAIN) from None
    if digest != counted:
        said = f"{path} was edited after it was made: its digest is {_short(digest)}, its content has {counted}"
        raise KafkaGitopsError(said, help=_AGAIN)
    try:
        return _plan(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = _against_schema({**body, "digest": digest}) or (
            str(error) if type(error) is ValueError else repr(error)
        )
        raise KafkaGitopsError(f"{path} is not a plan file: {problem}", help=_AGAIN) from None


def _short(value: object) -> str:
    """A value of a file that may hold anything, for a message."""
    return ascii(value)[:80].strip("'") if isinstance(value, str | int | float | None) else f"a {type(value).__name__}"


def _against_schema(body: Mapping[str, Any]) -> str | None:
    """The first thing that is not as the plan schema has it: where, and what."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(document()).iter_errors(body))
    if error is None:
        return None
    place = "/".join(map(str, error.absolute_path)) or "the top level"
    return f"{place}: {error.message[:200]}"


_AGAIN = "Make a new plan: kafka-gitops plan -o plan.json"


def as_dict(plan: Plan) -> dict[str, Any]:
    """The plan as plain data: no time, host or user in it, so none of its notes either, which name the principal."""
    return {
        "format": FORMAT,
        "tool": __version__,
        "environment": plan.environment,
        "cluster_id": plan.cluster,
        "commit": plan.commit,
        "base": plan.base,
        "changes": [_change(change) for change in plan.changes],
        "unsupported": [_unsupported(entry) for entry in plan.unsupported],
        "nevers": [_unsupported(entry) for entry in plan.nevers],
        **({"stays": [_unsupported(entry) for entry in plan.stays[:NAMED]]} if plan.stays else {}),
        "left_alone": dict(plan.left_alone),
        **({"others": {kind: list(names[:NAMED]) for kind, names in plan.others.items()}} if plan.others else {}),
        "declared": {**{kind.PLURAL: 0 for kind in KINDS.values() if kind.ALWAYS}, **plan.declared},
    }


def approval(plan: Plan) -> str:
    """The digest of what a reviewer agrees to: environment, cluster and each change's kind, name, before and after.

    And the topic's id: what was deleted and made anew is another topic, whose deletion nobody has looked at. And an
    act, which has nothing else to show.
    """
    return _digest([plan.environment, plan.cluster, [_agreed(change) for change in plan.changes]])


def _agreed(change: Change) -> list[Any]:
    key = change.key
    told = [key.kind, key.name, change.pin, spec_dict(key, change.before), spec_dict(key, change.after)]
    return told if change.act is None else [*told, change.act]


def _digest(data: object) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def spec_dict(key: Key, spec: Spec | None) -> dict[str, Any] | None:
    """A Spec as plain data, with the names that `render` uses."""
    return None if spec is None else KINDS[key.kind].dump(spec)


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.key.kind,
        "name": change.key.name,
        "action": change.action,
        "before": spec_dict(change.key, change.before),
        "after": spec_dict(change.key, change.after),
        "risks": [risk._asdict() for risk in change.risks],
        "origin": change.origin._asdict() if change.origin else None,
        "defaults": dict(sorted(change.defaults.items())),
        "topic_id": change.pin,
        "pending": change.pending,
        **({"because": change.because} if change.because is not None else {}),
        **({"act": change.act} if change.act is not None else {}),
    }


def _unsupported(entry: Unsupported) -> dict[str, Any]:
    origin = entry.origin._asdict() if entry.origin else None
    told = {"kind": entry.key.kind, "name": entry.key.name, "reason": entry.reason, "origin": origin}
    return {**told, "refused": True} if isinstance(entry, Refused) else told


def _plan(body: Mapping[str, Any]) -> Plan:
    return Plan(
        environment=_line(body["environment"], type(None)),
        cluster=_line(body["cluster_id"]),
        commit=_line(body["commit"], type(None)),
        base=_line(body["base"], type(None)),
        changes=tuple(_read_change(change) for change in body["changes"]),
        unsupported=_read_unsupported(body["unsupported"]),
        nevers=_read_unsupported(body["nevers"]),
        stays=_read_unsupported(body.get("stays", [])),
        left_alone={kind: _of(number, int) for kind, number in body["left_alone"].items()},
        others={kind: tuple(_of(name, str) for name in names) for kind, names in body.get("others", {}).items()},
        declared={kind: _of(number, int) for kind, number in body["declared"].items()},
    )


def _of(value: Any, *kinds: type) -> Any:
    """The value. Raises TypeError unless it is exactly of one of the types: whoever can write the file wrote it."""
    if type(value) not in kinds:
        raise TypeError(f"{_short(value)} is a {type(value).__name__}")
    return value


def _line(value: Any, *more: type) -> Any:
    """A text of one line. Raises ValueError for another: after a line break, the log of a CI takes commands."""
    if any(char < " " for char in _of(value, str, *more) or ""):
        raise ValueError(f"{_short(value)} has a control character")
    return value


def _read_change(entry: Mapping[str, Any]) -> Change:
    return Change(
        key=_read_key(entry),
        before=_read_spec(entry, entry["before"]),
        after=_read_spec(entry, entry["after"]),
        risks=tuple(_read_risk(**risk) for risk in entry["risks"]),
        origin=_read_origin(entry["origin"]),
        defaults={name: _of(value, str) for name, value in entry["defaults"].items()},
        pin=_of(entry["topic_id"], str, type(None)),
        pending=_of(entry["pending"], bool),
        because=_of(entry.get("because"), str, type(None)),
        act=_of(entry.get("act"), str, type(None)),
    )


def _read_key(entry: Mapping[str, Any]) -> Key:
    if entry["kind"] not in KINDS:
        raise ValueError("the kind")
    name = _of(entry["name"], str)
    return Key(entry["kind"], name if KINDS[entry["kind"]].ANY_NAME else _line(name))


def _read_risk(name: object, sentence: object, blocks: object) -> Risk:
    return Risk(_of(name, str), _of(sentence, str), _of(blocks, bool))


def _read_unsupported(entries: Sequence[Mapping[str, Any]]) -> tuple[Unsupported, ...]:
    return tuple(
        (Refused if entry.get("refused") is True else Unsupported)(
            _read_key(entry), _of(entry["reason"], str), _read_origin(entry["origin"])
        )
        for entry in entries
    )


def _read_origin(entry: Mapping[str, Any] | None) -> Origin | None:
    fields = {"path": (str,), "line": (int,), "project": (str, type(None))}
    return None if entry is None else Origin(*(_of(entry[name], *kinds) for name, kinds in fields.items()))


def _read_spec(change: Mapping[str, Any], entry: Mapping[str, Any] | None) -> Spec | None:
    return None if entry is None else KINDS[change["kind"]].load(change["name"], entry)

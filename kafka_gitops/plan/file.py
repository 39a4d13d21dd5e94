"""A plan as bytes and back: stable JSON with two digests, refused when edited."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from kafka_gitops.changes import Change
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.plan.fields import dumped, loaded, short, spec_dict
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.schema import FORMAT, PLAN, document
from kafka_gitops.text import characters


def dumps(plan: Plan) -> str:
    """The plan as JSON text with sorted keys and both digests; the same plan gives the same bytes."""
    plan = plan.entire()
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
        found = short(body.get("format"))
        said = f"{path} has plan format {found}, expected {FORMAT}: another version of kafka-gitops made it"
        raise KafkaGitopsError(said, help=_AGAIN)
    digest = body.pop("digest", None)
    try:
        counted = _digest(body)
    except (RecursionError, UnicodeEncodeError):
        said = f"{path} is not a plan file: it is nested too deep, or holds half of a character (a lone surrogate)"
        raise KafkaGitopsError(said, help=_AGAIN) from None
    if digest != counted:
        said = f"{path} was edited after it was made: its digest is {short(digest)}, its content has {counted}"
        raise KafkaGitopsError(said, help=_AGAIN)
    try:
        return Plan(**loaded(PLAN, body))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = _against_schema({**body, "digest": digest}) or (
            str(error) if type(error) is ValueError else repr(error)
        )
        raise KafkaGitopsError(f"{path} is not a plan file: {problem}", help=_AGAIN) from None


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
    return dumped(PLAN, plan)


def approval(plan: Plan) -> str:
    """The digest of what a reviewer agrees to: environment, cluster and each change's kind, name, before and after.

    And the topic's id: what was deleted and made anew is another topic, whose deletion nobody has looked at. And an
    act, which has nothing else to show. What was planned against a snapshot is never what is planned on a cluster.
    """
    told = [plan.environment, plan.cluster, [_agreed(change) for change in plan.changes]]
    return _digest(told if plan.past is None else [*told, "against a snapshot"])


def _agreed(change: Change) -> list[Any]:
    key = change.key
    told = [key.kind, key.name, change.pin, spec_dict(key, change.before), spec_dict(key, change.after)]
    return told if change.act is None else [*told, change.act]


def _digest(data: object) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()

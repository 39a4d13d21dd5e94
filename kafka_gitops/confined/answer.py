"""What the child says, as JSON: the rules that it ran and their notes; whatever else is in it is no answer."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kafka_gitops.diagnostics import Note, Severity, Span
from kafka_gitops.model import Topology
from kafka_gitops.rules import RULES, Options, Rule
from kafka_gitops.rules.options import KINDS

MOST = 8 << 20  # bytes of an answer
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass
class Answered:
    """An own rule as the child ran it: `check` gives what it found there."""

    NAME: str
    SEVERITY: Severity
    OPTIONS: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    ALONE: bool = False

    def check(self, _topology: Topology, _options: Options) -> Iterator[Note]:
        """The notes, of all files and options."""
        yield from self.notes


class Unreadable(Exception):
    """The answer is none."""


def written(rules: Mapping[str, tuple[Rule, list[Note]]]) -> bytes:
    """The answer about rules that ran, each with its notes."""
    told = [
        {
            "name": name,
            "severity": int(rule.SEVERITY),
            "options": {key: [type(value).__name__, value] for key, value in rule.OPTIONS.items()},
            "notes": notes,
        }
        for name, (rule, notes) in rules.items()
    ]
    return json.dumps({"rules": told}).encode()


def failed(message: str, help: str | None) -> bytes:
    """The answer about a rule that is wrong."""
    return json.dumps({"error": [message[:2000], help]}).encode()


def read(data: bytes) -> tuple[Answered, ...] | tuple[str, str | None]:
    """The rules of an answer, or (message, help) of the error that it tells. Raises Unreadable for what is none."""
    try:
        told = json.loads(data)
        if "error" in told:
            message, help = told["error"]
            return _text(message), None if help is None else _text(help)
        found = tuple(map(_rule, told["rules"]))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise Unreadable from error
    names = [rule.NAME for rule in found]
    if len({*names}) < len(names):
        raise Unreadable
    return found


def _rule(told: Any) -> Answered:
    name = _text(told["name"])
    if not NAME.fullmatch(name) or name in RULES:
        raise Unreadable
    options = {_text(key): _option(*value) for key, value in told["options"].items()}
    return Answered(name, Severity(told["severity"]), options, tuple(map(_note, told["notes"])))


def _option(kind: str, value: Any) -> object:
    known = {one.__name__: one for one in KINDS}
    made: object = known[kind](value)
    return made


def _note(told: Any) -> Note:
    span, message, help, related, subject = told
    pairs = tuple((_span(place), _text(word)) for place, word in related)
    return Note(_span(span), _text(message), None if help is None else _text(help), pairs, _text(subject))


def _span(told: Any) -> Span:
    path, *numbers = told
    if len(numbers) != 4 or not all(type(one) is int and 0 < one < 1 << 40 for one in numbers):
        raise Unreadable
    return Span(_text(path), *numbers)


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise Unreadable
    return told

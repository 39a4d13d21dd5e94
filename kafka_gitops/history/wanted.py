"""Which resources a history is asked about: `topic orders.v1`, `orders.v1`, `User:app`, `orders.*`."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from kafka_gitops.kinds import LINES, LOOKS, PLURALS
from kafka_gitops.model import Key

_RIGHT = re.compile(r"(.+) (?:may|must not) \S+ (?:[a-z ]+? )?(\"(?:[^\"\\]|\\.)*\"\*?|\S+)(?: from \S+)?")
_USER = re.compile(r"(?:\buser=|^(?!\S*=))(\"(?:[^\"\\]|\\.)*\"|\S+)(?= |$)")


class _Asked(NamedTuple):
    text: str
    kind: str | None
    pattern: str


class Wanted(_Asked):
    """What was asked for: a kind, if one was named, and a name in which each * stands for any characters."""

    def __call__(self, key: Key) -> bool:
        """Whether a resource is meant: by its name, or a right by whom it is for or what it is on.

        A name without a kind means the rights that reach it too, those on a pattern among them.
        """
        if self.kind is not None and key.kind != self.kind:
            return False
        if self._fits.fullmatch(key.name):
            return True
        looks = LOOKS.get(key.kind)
        if looks is not None and looks.grants:
            return self._right(key.name)
        return self.pattern.startswith("User:") and looks is not None and not looks.drawn and self._user(key.name)

    @cached_property
    def _fits(self) -> re.Pattern[str]:
        return re.compile(".*".join(map(re.escape, self.pattern.split("*"))), re.DOTALL)

    def _right(self, sentence: str) -> bool:
        principal, name = right(sentence)
        if self._fits.fullmatch(principal) or self._fits.fullmatch(name):
            return True
        reaches = name.endswith("*") and self.pattern.startswith(name[:-1]) and not self.pattern.startswith("User:")
        return reaches and "*" not in self.pattern

    def _user(self, name: str) -> bool:
        return any(self._fits.fullmatch(f"User:{_bare(found[1])}") for found in _USER.finditer(name))


def wanted(text: str) -> Wanted:
    """What a person asks for; a first word that is a kind (in the singular or the plural) is one."""
    first, _, rest = text.strip().partition(" ")
    kind = PLURALS.get(first.lower(), first.lower())
    if rest and kind in LINES:
        return Wanted(text, kind, rest.strip())
    return Wanted(text, None, text.strip())


def names(keys: Iterable[Key]) -> Iterator[str]:
    """The words by which somebody may have meant one of these: names, and of rights whom they are for and on what."""
    for key in keys:
        looks = LOOKS.get(key.kind)
        if looks is not None and looks.grants:
            yield from right(key.name)
        else:
            yield key.name


def right(sentence: str) -> tuple[str, str]:
    """The principal and the resource's name of a right as its name has them: `User:a may READ topic t.*`."""
    found = _RIGHT.fullmatch(sentence)
    if found is None:
        return sentence, ""
    name = found[2]
    if name.startswith('"'):
        name = name.removeprefix('"').replace('"', "", 1) if not name.endswith('"') else name[1:-1]
    return found[1], name


def _bare(written: str) -> str:
    return str(json.loads(written)) if written.startswith('"') else written

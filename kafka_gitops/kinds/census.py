"""Everything of a kind on the servers of an environment: what `import` asks, and what a kind answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kafka_gitops.model import Acl, Key, Spec
from kafka_gitops.scope import covers
from kafka_gitops.settings import Scope, matches
from kafka_gitops.text.characters import hidden


class Left(NamedTuple):
    """What is there and is not taken over: `topic __consumer_offsets`, and why not, in a clause."""

    what: str
    why: str


class Choice(NamedTuple):
    """What of everything is asked for: with patterns of topics only these, and what is about them."""

    topics: tuple[str, ...] = ()
    kinds: frozenset[str] | None = None  # in the plural, where somebody named them

    def asks(self, plural: str) -> bool:
        """Whether a kind is looked at."""
        return self.kinds is None or plural in self.kinds

    def wants(self, topic: str) -> bool:
        """Whether a topic of this name is asked for."""
        return not self.topics or any(matches(pattern, topic) for pattern in self.topics)

    def names(self, topic: str) -> bool:
        """Whether somebody asked for exactly this topic, whatever it looks like."""
        return topic in self.topics

    def about(self, acl: Acl) -> bool:
        """Whether a right is on these topics and no others."""
        return not self.topics or (acl.resource_type == "TOPIC" and covers(self.topics, acl))


@dataclass
class Census:
    """What is taken over, what is left on the servers, and what a reader of the result has to know.

    `names` are all that are there of a type of resources that rights are about: `TOPIC`, `GROUP`, as far as is known.
    """

    specs: dict[Key, Spec] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names: dict[str, frozenset[str]] = field(default_factory=dict)

    def leave(self, what: object, why: str) -> None:
        """Leave something on the servers."""
        self.left.append(Left(str(what), why))


NOT_OF_THE_TOPICS = "it is not about the topics that --topics names"


def unwritable(*texts: str) -> str | None:
    """Why no file can hold these names, in a clause, or None: what reads files would take them for others."""
    for text in texts:
        if (char := hidden(text)) is not None:
            return f"its name has a character that cannot be seen (U+{ord(char):04X}), which no file may have"
        if "${values." in text:
            return "its name has ${values., which is replaced where a file says it"
    return None


def patterns(choice: Choice, scopes: Sequence[Scope]) -> tuple[str, ...]:
    """The patterns of topics that are looked at: those that somebody named, else those of the first scope with any."""
    stated: Iterable[tuple[str, ...]] = (topics for scope in scopes if (topics := scope.get("topics")) is not None)
    return choice.topics or next(iter(stated), ("*",))

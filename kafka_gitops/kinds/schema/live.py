"""A schema registry as this kind needs it: what it tells of subjects, and what it is asked to do."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from kafka_gitops.kinds.parts import Problem
from kafka_gitops.kinds.schema.spec import Reference, Schema


class Version(NamedTuple):
    """A version of a subject as the registry holds it."""

    number: int
    id: int
    type: str
    text: str
    references: tuple[Reference, ...] = ()

    def schema(self, level: str | None = None) -> Schema:
        """It as a schema with this level."""
        return Schema(self.type, self.text, self.references, level)


class Level(NamedTuple):
    """The level of a subject: its own (None where it has none) and the one that is in force."""

    own: str | None
    effective: str


class Asked(NamedTuple):
    """A schema as it would be registered under a subject."""

    subject: str
    schema: Schema


class Verdict(NamedTuple):
    """Whether a schema keeps to its subject's level, and why not; `asked` is False where the registry cannot tell, with
    the reason where it is another than references."""

    compatible: bool
    messages: tuple[str, ...] = ()
    asked: bool = True


class Registry(Protocol):
    """A registry with Confluent's API (v7). Reads raise Unreachable, MissingRight or KafkaGitopsError; absent is only
    what the registry itself says to be; several are asked at most 16 at once. A write is sent once and answers None for
    done."""

    @property
    def where(self) -> str:
        """The address that answers, without user info."""

    def subjects(self) -> frozenset[str]:
        """All subjects that are not deleted."""

    def deleted(self) -> frozenset[str]:
        """All subjects, also those that are softly deleted, where the registry tells them."""

    def latest(self, subjects: Sequence[str]) -> Mapping[str, Version]:
        """The newest versions, without the subjects that are not there."""

    def version(self, subject: str, number: int) -> Version | None:
        """One version, also a deleted one where the registry tells it."""

    def numbers(self, subject: str, *, deleted: bool = False) -> tuple[int, ...]:
        """The versions of a subject, with `deleted` also those; none where it is not there."""

    def lookup(self, asked: Sequence[Asked]) -> Sequence[int | None]:
        """Which version each of these schemas is in its subject, by the registry's own comparison."""

    def levels(self, subjects: Sequence[str]) -> Mapping[str, Level]:
        """The levels of subjects, of those that are not there what they would be."""

    def test(self, asked: Sequence[Asked]) -> Sequence[Verdict]:
        """Whether each keeps to the present level of its subject, against all versions that the level names."""

    def referrers(self, subject: str, number: int) -> tuple[str, ...]:
        """Who refers to a version: `SUBJECT version N`, deleted ones too, which registries count."""

    def register(self, asked: Asked) -> Problem | None:
        """Add a version."""

    def set_level(self, subject: str, level: str | None) -> Problem | None:
        """Give a subject its own level, or take it away."""

    def delete(self, subject: str, number: int | None = None) -> Problem | None:
        """Delete a subject or one version of it, softly; what is gone already is done."""

"""What everything else asks of a kind of resource: the Protocol `Kind`, its parts, and safe answers to reuse by name.

A kind is a module of this room, or a package's face, and one line in `KINDS`. Outside nobody knows how many there are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol

from kafka_gitops.changes import Change, Danger
from kafka_gitops.kinds.census import Census, Choice
from kafka_gitops.kinds.holding import Single
from kafka_gitops.kinds.looks import Looks
from kafka_gitops.kinds.parts import Right, Step, Systems
from kafka_gitops.kinds.section import Forms, Removable, Section
from kafka_gitops.kinds.wish import Part, Wish
from kafka_gitops.model import Key, Spec
from kafka_gitops.scope import closed_fence
from kafka_gitops.settings import Scope, Settings, matches

Json = dict[str, Any]
TAKEN_OVER = Danger(  # of every kind whose resources may have been made by somebody else
    "taken-over",
    True,
    "something is changed that exists and that the base did not declare (only reported without a base)",
)
PRINCIPALS = (  # a list of `manage` that several kinds share
    "Principals such as User:app: whose rights, quotas and passwords are set, also those that rights on users name; a "
    "pattern ends in * or is exact."
)


class Kind(Protocol):
    """A kind of resource. Its docstring is its page; `spec` is of the kind's own type throughout."""

    @property
    def NAME(self) -> str:
        """`topic`: in keys, plan files, reports."""

    @property
    def PLURAL(self) -> str:
        """`topics`: in `--only`, `prune`, `limits`, the counts of a plan file."""

    @property
    def UNIT(self) -> tuple[str, str]:
        """What a brake counts, in the singular and the plural."""

    @property
    def ALWAYS(self) -> bool:
        """Whether a plan counts this kind also where no file names any."""

    @property
    def ANY_NAME(self) -> bool:
        """Whether its names may hold control characters: an ACL may be about anything."""

    @property
    def LOOKS(self) -> Looks:
        """How it stands in reports."""

    @property
    def SECTIONS(self) -> tuple[Section, ...]:
        """Its keys of the language."""

    @property
    def REMOVED(self) -> Removable | None:
        """How `removed:` names it, where it is named under the kind's own name."""

    @property
    def FORMS(self) -> Forms:
        """JulieOps' own forms of it."""

    @property
    def DANGERS(self) -> tuple[Danger, ...]:
        """Its risks: the only place that decides which of them block."""

    @property
    def RIGHTS(self) -> tuple[Right, ...]:
        """What a run needs for it."""

    @property
    def MANAGE(self) -> Mapping[str, str]:
        """The lists of `manage` that bound it, and what they hold; two kinds may share one."""

    @property
    def PROTECT(self) -> Mapping[str, str]:
        """The lists of `protect` that keep it from deletion, and what they hold."""

    @property
    def DELETES(self) -> int:
        """How many of its units a run may delete where `limits` does not say."""

    @property
    def SINGLE(self) -> Single | None:
        """The fields that a hold may name; None where it is only held as a whole."""

    @property
    def SCHEMA(self) -> Json:
        """The JSON Schema of a spec in a plan file and in `render`."""

    def phases(self) -> tuple[Step, ...]:
        """The phases of an apply: each change belongs to exactly one."""

    @property
    def EXISTS(self) -> frozenset[str]:
        """Codes of problems that say that somebody else made it, or took it away, meanwhile."""

    @property
    def PATIENCE(self) -> float:
        """Seconds until a write is visible at the latest."""

    def dump(self, spec: Any, /) -> Json:
        """A spec as plain data, without any secret."""

    def load(self, name: str, data: Mapping[str, Any], /) -> Spec:
        """The spec of that name from plain data. Raises KeyError, TypeError or ValueError for what is none."""

    def barred(self, settings: Settings, /) -> str | None:
        """Why nothing of this kind can be planned with these settings at all, in a sentence, or None."""

    def outside(self, scopes: Sequence[Scope], key: Key, spec: Any, /) -> str | None:
        """Why `manage` keeps a resource outside, in a clause; None inside. A spec may be None where only a name is."""

    def claims(self, key: Key, spec: Any, /) -> Iterable[tuple[str, str]]:
        """What lists of `manage` have to hold so that a resource is inside: (list, pattern)."""

    def protected(self, protect: Mapping[str, Sequence[str]], key: Key, /) -> str | None:
        """Why it may never be deleted, in a clause, or None."""

    def units(self, specs: Iterable[Any], /) -> int:
        """How many these are to a brake."""

    def needs(self, change: Change, /) -> Iterable[Key]:
        """What must be there for a change to make sense: it is skipped when a change of one of these failed."""

    def by_itself(self, key: Key, before: Any, after: Any, settings: Settings, /) -> Iterable[str]:
        """Why a change needs a person, in half-sentences; nothing where it may be merged by itself."""

    def export(self, key: Key, spec: Any, /) -> tuple[str, Json]:
        """The section of a file and the entry there that declares this resource: reading it gives the spec again."""

    def plan(self, wish: Wish, settings: Settings, systems: Systems, /) -> Part | None:
        """Its share of a plan, None where nothing is looked at. Raises MissingRight, Unreachable from the reads."""

    def actual(
        self, systems: Systems, changes: Sequence[Change], settings: Settings, /, *, edited: bool = False
    ) -> Mapping[Key, Spec]:
        """The touched resources as they are now; with `edited` only what the changes name of them."""

    def everything(self, systems: Systems, settings: Settings, choice: Choice, /) -> Census:
        """All of it on the servers, and what of it no file can say or nobody should declare; raises as `plan`."""

    def reached(self, change: Change, now: Any, /) -> bool:
        """Whether what is there is what a change wants."""

    def resumes(self, change: Change, now: Any, /) -> bool:
        """Whether a part of an update is done and the rest is still as planned: an apply that was cut short."""

    def ignored(self, change: Change, settings: Settings, /) -> Iterable[str]:
        """The fields that a change edits and that the settings leave alone now."""


def later(module: str, name: str) -> Callable[..., Any]:
    """A function of a module that is loaded when it is called: most runs plan and carry out nothing of most kinds."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(import_module(module), name)(*args, **kwargs)

    return call


def held(module: str, name: str) -> Callable[[], Any]:
    """What such a module holds: `phases = held(f"{__name__}.steps", "STEPS")`."""
    return lambda: getattr(import_module(module), name)


def equal(change: Change, now: Spec | None) -> bool:
    """`reached` where specs say all."""
    return now == change.after


def never(_change: Change, _now: Spec | None) -> bool:
    """`resumes` where a write is done as a whole or not at all."""
    return False


def by_fields(change: Change, now: Spec | None) -> bool:
    """`resumes` where each field is written for itself and fields tell all."""
    if now is None or change.before is None or change.after is None:
        return False
    still_to_do = {edit.field: edit.after for edit in Change(change.key, now, change.after).edits()}
    planned = {edit.field: edit.after for edit in change.edits()}
    moved = {edit.field for edit in Change(change.key, change.before, now).edits()}
    return still_to_do.items() <= planned.items() and not moved & still_to_do.keys()


def nothing(*_: object) -> Iterable[Any]:
    """`needs`, `ignored` where there is nothing to say."""
    return ()


def unbarred(_settings: Settings) -> None:
    """`barred` where nothing is in the way."""


def each(specs: Iterable[Spec]) -> int:
    """`units` where each resource counts as one."""
    return sum(1 for _ in specs)


def a_person(key: Key, before: Spec | None, after: Spec | None, _settings: Settings) -> Iterator[str]:
    """`by_itself` where nothing may be merged without a person."""
    if before != after:
        yield f"{key} is {'created' if before is None else 'taken away' if after is None else 'changed'}"


def in_portions(most: int) -> Callable[[Sequence[Change]], Iterator[list[Change]]]:
    """`chunks` of at most so many changes."""

    def chunks(changes: Sequence[Change]) -> Iterator[list[Change]]:
        return (list(changes[start : start + most]) for start in range(0, len(changes), most))

    return chunks


PROTECTED = "it is protected (`protect` in the settings) and never deleted"


def by_name(listed: str) -> Callable[[Mapping[str, Sequence[str]], Key], str | None]:
    """`protected` by the patterns of one list."""

    def protected(protect: Mapping[str, Sequence[str]], key: Key) -> str | None:
        found = any(matches(pattern, key.name) for pattern in protect.get(listed, ()))
        return PROTECTED if found else None

    return protected


def within(listed: str) -> Callable[[Sequence[Scope], Key, Spec | None], str | None]:
    """`outside` by the names of one list of `manage`, closed where a scope does not state it."""

    def outside(scopes: Sequence[Scope], key: Key, _spec: Spec | None) -> str | None:
        fence = closed_fence(scopes, listed, key.name)
        return fence.reason() if fence is not None else None

    return outside


def taking(kind: str, *actions: str) -> Callable[[Change], bool]:
    """`takes` by kind and action."""
    return lambda change: change.key.kind == kind and change.action in actions

"""Whether a plan may be applied: brakes on deletions, risks that nobody accepted, removals that nothing allows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from kafka_gitops import shell
from kafka_gitops.acceptance import trailer
from kafka_gitops.changes import Change, Risk
from kafka_gitops.errors import UsageError, listed
from kafka_gitops.kinds import KINDS, PLURALS, dangers
from kafka_gitops.model import Key
from kafka_gitops.plan.make import Plan
from kafka_gitops.settings import Limits, Scope

NOTHING: Mapping[str, Sequence[str]] = {}


@cache
def blocking() -> tuple[str, ...]:
    """The risks that block until somebody accepts them."""
    return tuple(danger.name for danger in dangers().values() if danger.blocks)


class Refusal(NamedTuple):
    """One reason not to apply: what is wrong, and the option that allows it (None where nothing does)."""

    sentence: str
    way: str | None


@dataclass(frozen=True)
class Consent:
    """What somebody allowed for this run: accepted risks as (name, resource or None for all), raised brakes by kind.

    `by` says of those that commits accept who that was.
    """

    accepted: frozenset[tuple[str, str | None]] = frozenset()
    max_deletes: Mapping[str, int] = field(default_factory=dict)
    by: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def covers(self, risk: Risk, change: Change) -> bool:
        """Whether a risk of a change was accepted."""
        return bool({(risk.name, None), (risk.name, change.key.name)} & self.accepted)

    def whose(self, risk: Risk, change: Change) -> str:
        """Who accepted a risk of a change, given that somebody did."""
        return self.by.get((risk.name, change.key.name), "--accept")


def consent(accept: Iterable[str], max_deletes: Iterable[str]) -> Consent:
    """Read `--accept RISK[:NAME]` and `--max-deletes KIND=N`. Raises UsageError naming what is known."""
    accepted = set()
    for text in accept:
        name, _, resource = text.partition(":")
        if name not in blocking():
            raise UsageError(
                f'--accept {text}: there is no blocking risk "{name}"', help=f"There are {', '.join(blocking())}."
            )
        accepted.add((name, resource or None))
    limits = {}
    for text in max_deletes:
        kind, _, number = text.partition("=")
        if kind not in PLURALS or not number.isascii() or not number.isdigit():
            known = ", ".join(PLURALS)
            raise UsageError(f"--max-deletes {text}: expected KIND=NUMBER", help=f"KIND is one of {known}.")
        limits[kind] = int(number)
    return Consent(frozenset(accepted), limits)


def refusals(
    plan: Plan,
    limits: Limits,
    given: Consent,
    *,
    scopes: Sequence[Scope] = (),
    protect: Mapping[str, Sequence[str]] = NOTHING,
) -> list[Refusal]:
    """Every reason to refuse this plan, all at once; empty when it may be applied.

    A plan made now has no change outside the scopes and deletes nothing that is under `protect`; a saved one was made
    under the settings of then.
    """
    return [*_nevers(plan, scopes, protect), *_brakes(plan, limits, given), *_risks(plan, given)]


def open_risks(plan: Plan, given: Consent) -> Iterator[tuple[Change, Risk]]:
    """The blocking risks that nobody accepted."""
    for change in plan.changes:
        for risk in change.risks:
            if risk.blocks and not given.covers(risk, change):
                yield change, risk


def _nevers(plan: Plan, scopes: Sequence[Scope], protect: Mapping[str, Sequence[str]]) -> Iterator[Refusal]:
    keys: dict[str, list[Key]] = {}
    for entry in plan.nevers:
        keys.setdefault(entry.reason, []).append(entry.key)
    for change in plan.changes:
        why = _outside(change, scopes) or _protected(change, protect)
        if why is not None:
            keys.setdefault(why, []).append(change.key)
    for reason, mine in keys.items():
        yield Refusal(f"{listed(mine, most=3)} may not be touched: {reason}", None)


def _protected(change: Change, protect: Mapping[str, Sequence[str]]) -> str | None:
    return KINDS[change.key.kind].protected(protect, change.key) if change.after is None else None


def _outside(change: Change, scopes: Sequence[Scope]) -> str | None:
    kind = KINDS[change.key.kind]
    specs = [spec for spec in (change.before, change.after) if spec is not None]
    return next(filter(None, (kind.outside(scopes, change.key, spec) for spec in specs)), None)


def _brakes(plan: Plan, limits: Limits, given: Consent) -> Iterator[Refusal]:
    gone = {change.key.kind for change in plan.changes if change.after is None}
    for kind in (KINDS[name] for name in KINDS if name in gone):
        name = kind.PLURAL
        count = kind.units(change.before for change in plan.of(kind.NAME, "delete"))
        what = kind.UNIT[count != 1]
        allowed = given.max_deletes.get(name)
        most = limits.deletes.get(name, kind.DELETES) if allowed is None else allowed
        declared = plan.declared.get(name, 0)
        way = f"--max-deletes {name}={count}"
        if count > most:
            source = f"`limits.{name}`" if allowed is None else "--max-deletes"
            yield Refusal(f"{count} {what} would be deleted (limit {most}, {source})", way)
        elif allowed is None and declared >= limits.percent_from and count * 100 > declared * limits.percent:
            share = f"{count * 100 / declared:.0f} %, limit {limits.percent} %, `limits.percent`"
            yield Refusal(f"{count} of {declared} declared {what} would be deleted ({share})", way)


def _risks(plan: Plan, given: Consent) -> Iterator[Refusal]:
    names: dict[str, list[Change]] = {}
    for change, risk in open_risks(plan, given):
        names.setdefault(risk.name, []).append(change)
    for name, changes in names.items():
        if len(changes) == 1:
            yield Refusal(f"risk {name} on {changes[0].key} is not accepted", accept_option(name, changes[0]))
        else:
            yield Refusal(f"risk {name} on {len(changes)} resources is not accepted", f"--accept {name}")


def accept_trailer(name: str, change: Change) -> str:
    """The last line of a commit's message that accepts one risk of one change, where a pipeline reads it."""
    return trailer(name, change.key.name)


def accept_option(name: str, change: Change) -> str:
    """The option that accepts one risk of one change, quoted for a shell where it must be."""
    return shell.option("--accept", f"{name}:{change.key.name}")

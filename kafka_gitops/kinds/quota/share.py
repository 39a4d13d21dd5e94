"""What a plan and an apply do about quotas: compared with the brokers', asked of them before, written, looked at."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

from kafka_gitops.changes import Change, Risk
from kafka_gitops.kinds.contract import in_portions, taking
from kafka_gitops.kinds.declared import Facts, concerns, share, taken_over
from kafka_gitops.kinds.parts import Problem, Requests, Stage, Step, Systems
from kafka_gitops.kinds.quota.answers import outside
from kafka_gitops.kinds.quota.dangers import PLURAL, QUOTA_DEFAULT, QUOTA_FIRST, QUOTA_TIGHTENED, protected
from kafka_gitops.kinds.quota.spec import DEFAULT, NAME, Entity, Quota, key, name, number, told
from kafka_gitops.kinds.wish import Part, Wish
from kafka_gitops.model import Declared, Key, Removal, Spec
from kafka_gitops.settings import Settings

AT_ONCE = 1000  # entities in one request
Live: TypeAlias = Mapping[Key, Quota]
Edits: TypeAlias = Mapping[Entity, Mapping[str, float | None]]


class Quotas(Protocol):
    """What quotas need of a Kafka cluster."""

    def list_quotas(self) -> Mapping[Entity, Mapping[str, float]]:
        """Every entity that has a quota; MissingRight without DESCRIBE_CONFIGS on the cluster."""

    def alter_quotas(self, wanted: Edits, *, validate_only: bool = False) -> Mapping[Entity, Problem | None]:
        """Set keys of entities, None removes one; keys that are not named stay. An entity is done or refused whole."""


def quotas_of(systems: Systems) -> Quotas:
    """Those of the environment's cluster."""
    found: Quotas = systems.on_kafka("quotas")
    return found


def live(quotas: Quotas) -> dict[Key, Quota]:
    """The brokers' quotas; of two spellings of an address the usual one counts, else the first."""
    found: dict[Key, Quota] = {}
    for entity, limits in sorted(quotas.list_quotas().items(), key=lambda item: str(item[0])):
        quota = Quota(entity, {limit: number(value) for limit, value in limits.items()})
        if key(entity) not in found or name(entity) == f"ip={entity[0][1]}":
            found[key(entity)] = quota
    return found


class Comparison:
    """The files' quotas against the brokers'."""

    def __init__(self, wish: Wish, there: Live, *, keep: bool) -> None:
        self._wish = wish
        self._live = there
        self._keep = keep  # limits that no file names stay (`undeclared_configs`)

    def compare(self, declared: Declared, now: Spec | None) -> Change | None:
        """What to do about a declared quota."""
        spec = declared.spec
        assert isinstance(spec, Quota)
        if not isinstance(now, Quota):
            return Change(declared.key, None, spec, tuple(self._risks(declared.key, None, spec)))
        limits = {limit: text for limit, text in now.limits.items() if limit in spec.limits or not self._keep}
        before, after = Quota(now.entity, limits), Quota(now.entity, spec.limits)
        if before == after:
            return None
        return Change(declared.key, before, after, tuple(self._risks(declared.key, before, after)))

    def remove(self, gone: Key, now: Spec, _removal: Removal | None) -> Change:
        """What takes all limits of an entity away."""
        assert isinstance(now, Quota)
        return Change(gone, now, None, tuple(self._risks(gone, now, None)))

    def _risks(self, of: Key, before: Quota | None, after: Quota | None) -> Iterator[Risk]:
        entity = (after or before or Quota((), {})).entity
        if any(part is None for _, part in entity):
            yield QUOTA_DEFAULT(f"it is everybody's who has none of their own ({DEFAULT})")
        if before is None and (dead := self._dead(entity)) is not None:
            said = f"the brokers have it as {name(dead)}, which limits nobody: from now on {dict(entity)['user']}"
            written = name(dead).replace("'", "''")
            yield QUOTA_FIRST(f"{said} really is limited. Take the other away: removed: [{{quota: '{written}'}}]")
        if before is not None and after is not None:
            yield from taken_over(self._wish, of, "the brokers have other limits")
        if before is not None:
            yield from _tightened(before.limits, after.limits if after else {}, self._general(entity, after))

    def _dead(self, entity: Entity) -> Entity | None:
        """The same quota on `User:NAME`, which no broker ever compares with a user."""
        found = dict(entity)
        if found.get("user") is None:
            return None
        dead = tuple(sorted({**found, "user": f"User:{found['user']}"}.items()))
        return dead if key(dead) in self._live else None

    def _general(self, entity: Entity, after: Quota | None) -> Mapping[str, str]:
        """What counts in place of the limits that an entity loses: those of its default."""
        if after is not None and after.limits:
            return {}
        default = tuple((kind, None) for kind, _ in entity)
        found = self._live.get(key(default))
        return found.limits if found is not None and default != entity else {}


def _tightened(before: Mapping[str, str], after: Mapping[str, str], general: Mapping[str, str]) -> Iterator[Risk]:
    """The limits that get lower, or that there were none of, with old and new."""
    for limit in sorted({*before, *after, *general}):
        old, new = before.get(limit), after.get(limit)
        if new is None and limit in general:
            new, says = general[limit], f"the default {told(limit, general[limit])} counts then"
        elif new is not None:
            says = f"now {told(limit, new)}"
        if new is not None and (old is None or float(new) < float(old)):
            was = told(limit, old) if old is not None else "without a limit"
            yield QUOTA_TIGHTENED(f"{limit} was {was}, {says}")


def without(wanted: Quota, there: Quota, names: Collection[str]) -> Quota:
    """A quota of the files in which the brokers' word counts on some limits."""
    limits = {limit: text for limit, text in wanted.limits.items() if limit not in names}
    return wanted._replace(limits=limits | {limit: text for limit, text in there.limits.items() if limit in names})


def edits(changes: Iterable[Change]) -> dict[Entity, dict[str, float | None]]:
    """What to send for each entity: what is set, and None for what goes."""
    found: dict[Entity, dict[str, float | None]] = {}
    for change in changes:
        before = change.before if isinstance(change.before, Quota) else Quota((), {})
        after = change.after if isinstance(change.after, Quota) else Quota(before.entity, {})
        found[after.entity] = {
            **dict.fromkeys(before.limits.keys() - after.limits.keys()),
            **{limit: float(text) for limit, text in after.limits.items() if before.limits.get(limit) != text},
        }
    return found


def write(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Carry out one portion."""
    return {key(entity): problem for entity, problem in quotas_of(systems).alter_quotas(edits(changes)).items()}


def ask(systems: Systems, changes: Sequence[Change]) -> Iterator[tuple[Key, Problem]]:
    """What the brokers would refuse of a portion."""
    answers = quotas_of(systems).alter_quotas(edits(changes), validate_only=True)
    return ((key(entity), problem) for entity, problem in answers.items() if problem is not None)


def plan(wish: Wish, settings: Settings, systems: Systems) -> Part | None:
    """The share of quotas in a plan, None where no file speaks of any. Raises MissingRight."""
    if not concerns(wish, NAME):
        return None
    there = live(quotas_of(systems))
    comparison = Comparison(wish, there, keep=settings.keep_undeclared_configs)
    facts = Facts(NAME, PLURAL, outside, protected, there, without)
    return share(facts, wish, settings, comparison.compare, comparison.remove)


def actual(
    systems: Systems, changes: Sequence[Change], settings: Settings, *, edited: bool = False
) -> Mapping[Key, Quota]:
    """The quotas that changes touch as they are now, in the limits that are compared."""
    there = live(quotas_of(systems))
    found: dict[Key, Quota] = {}
    for change in changes:
        specs = [spec for spec in (change.before, change.after) if isinstance(spec, Quota)]
        now = there.get(change.key, specs[0]._replace(limits={}))
        about = {limit for spec in specs for limit in spec.limits}
        every = not (edited or settings.keep_undeclared_configs)
        limits = {limit: text for limit, text in now.limits.items() if every or limit in about}
        if limits or _none_compared(change):
            found[change.key] = Quota(now.entity, limits)
    return found


def _none_compared(change: Change) -> bool:
    """Whether a quota had none of the limits that are compared: those that it had are left alone."""
    return isinstance(change.before, Quota) and not change.before.limits


def requests(changes: Sequence[Change]) -> Requests:
    """What the brokers have to know for these changes."""
    return dict.fromkeys(("DescribeClientQuotas", "AlterClientQuotas"), 0) if changes else {}


STEPS = (
    Step(Stage.LIMIT, taking(NAME, "create", "update"), in_portions(AT_ONCE), write, requests, ask),
    Step(Stage.DROP_LIMIT, taking(NAME, "delete"), in_portions(AT_ONCE), write, requests),
)

"""A model of a cluster: what Kafka's own requests do to topics, ACLs, quotas and users, with faults on the way.

It is made of Kafka's rules and not of our code: partitions only grow, ids are never used twice, names that differ in `.`
and `_` alone collide, a binding is there or not, limits are merged, a credential is replaced. `strike` gives requests their
fates, `meanwhile` is called before each; everything that happens is in `log`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from modelled_reads import Made, Read

from kafka_gitops.kinds.parts import Problem
from kafka_gitops.kinds.quota.spec import Entity, name
from kafka_gitops.model import Acl, Key, Topic, acl_key

POLICY = Problem("POLICY_VIOLATION", "said the model")
LOST = Problem("REQUEST_TIMED_OUT", "said the model", "lost")
GONE = Problem("NETWORK_EXCEPTION", "said the model", "unsent")
OURS, THEIRS = "ours", "theirs"
FATES = ("refused", "lost-done", "lost-undone", "lost-half", "gone")  # of a request; the last: nothing answers any more

Effect = Callable[[], Problem | None]  # does one thing, or says why not


class Event(NamedTuple):
    """One resource of one request: who asked, what the client heard, whether it was done."""

    by: str
    key: Key
    heard: Problem | None
    done: bool


@dataclass
class Model(Read):
    """`Systems` whose Kafka cluster is a model: its writes."""

    strike: Callable[[], str | None] = lambda: None
    meanwhile: Callable[[], None] = lambda: None
    moved: Callable[[], None] = lambda: None  # after each single thing that was done
    by: str = OURS
    log: list[Event] = field(default_factory=list)
    dropped: list[Key] = field(default_factory=list)  # the topics that we deleted, by their ids
    _ids: int = 0

    def create_topics(
        self, topics: Mapping[str, Topic], *, validate_only: bool = False
    ) -> Mapping[str, Problem | None]:
        def make(called: str, wanted: Topic) -> Problem | None:
            if called in self.topics:
                return Problem("TOPIC_ALREADY_EXISTS", f"Topic '{called}' already exists.")
            if called.replace(".", "_") in {other.replace(".", "_") for other in self.topics}:
                return Problem("INVALID_TOPIC_EXCEPTION", f"Topic '{called}' collides with another")
            if (wanted.replication or 1) > self.brokers:
                return Problem("INVALID_REPLICATION_FACTOR", "too few brokers")
            if not validate_only:
                self._ids += 1
                self.topics[called] = Made(wanted.partitions or 1, dict(wanted.config), f"{self._ids:032x}")
            return None

        effects = {Key("topic", called): _of(make, called, wanted) for called, wanted in topics.items()}
        return _named(self._asked(effects, validate_only))

    def create_partitions(
        self, totals: Mapping[str, int], *, validate_only: bool = False
    ) -> Mapping[str, Problem | None]:
        def grow(called: str, total: int) -> Problem | None:
            if called not in self.topics:
                return Problem("UNKNOWN_TOPIC_OR_PARTITION", "there is no such topic")
            if total <= self.topics[called].partitions:
                return Problem("INVALID_PARTITIONS", f"Topic currently has {self.topics[called].partitions}")
            if not validate_only:
                self.topics[called] = self.topics[called]._replace(partitions=total)
            return None

        effects = {Key("topic", called): _of(grow, called, total) for called, total in totals.items()}
        return _named(self._asked(effects, validate_only))

    def alter_configs(
        self, configs: Mapping[str, Mapping[str, str | None]], *, validate_only: bool = False
    ) -> Mapping[str, Problem | None]:
        def alter(called: str, edits: Mapping[str, str | None]) -> Problem | None:
            if called not in self.topics:
                return Problem("UNKNOWN_TOPIC_OR_PARTITION", "there is no such topic")
            if not validate_only:
                merged = {**self.topics[called].config, **edits}
                kept = {key: value for key, value in merged.items() if value is not None}
                self.topics[called] = self.topics[called]._replace(config=kept)
            return None

        effects = {Key("topic", called): _of(alter, called, edits) for called, edits in configs.items()}
        return _named(self._asked(effects, validate_only))

    def delete_topics(self, ids: Mapping[str, str | None]) -> Mapping[str, Problem | None]:
        def drop(called: str, pin: str | None) -> Problem | None:
            if pin is not None and pin not in (made.id for made in self.topics.values()):
                return Problem("UNKNOWN_TOPIC_ID", "there is no topic of this id")
            if called not in self.topics:
                return Problem("UNKNOWN_TOPIC_OR_PARTITION", "there is no such topic")
            if self.by == OURS:
                self.dropped.append(Key("topic", self.topics[called].id))
            del self.topics[called]
            return None

        return _named(self._asked({Key("topic", called): _of(drop, called, pin) for called, pin in ids.items()}))

    def create_acls(self, acls: Sequence[Acl]) -> Mapping[Acl, Problem | None]:
        answers = self._asked({acl_key(acl): _of(self.acls.add, acl) for acl in acls})
        return {acl: answers[acl_key(acl)] for acl in acls}

    def delete_acls(self, acls: Sequence[Acl]) -> Mapping[Acl, Problem | None]:
        answers = self._asked({acl_key(acl): _of(self.acls.discard, acl) for acl in acls})
        return {acl: answers[acl_key(acl)] for acl in acls}

    def alter_quotas(
        self, wanted: Mapping[Entity, Mapping[str, float | None]], *, validate_only: bool = False
    ) -> Mapping[Entity, Problem | None]:
        def alter(entity: Entity, limits: Mapping[str, float | None]) -> None:
            if not validate_only:
                merged = {**self.limits.get(entity, {}), **limits}
                self.limits[entity] = {key: value for key, value in merged.items() if value is not None}

        effects = {Key("quota", name(entity)): _of(alter, entity, limits) for entity, limits in wanted.items()}
        answers = self._asked(effects, validate_only)
        return {entity: answers[Key("quota", name(entity))] for entity in wanted}

    def write_users(
        self, wanted: Mapping[tuple[str, str], tuple[int, str] | None]
    ) -> Mapping[tuple[str, str], Problem | None]:
        """In rounds with each user once, as a broker takes them."""
        answers: dict[tuple[str, str], Problem | None] = {}
        for mechanism in sorted({mechanism for _, mechanism in wanted}):
            mine = {user: secret for (user, one), secret in wanted.items() if one == mechanism}
            effects = {
                Key("user", user): _of(self._credential, user, mechanism, secret) for user, secret in mine.items()
            }
            answers.update(((key.name, mechanism), problem) for key, problem in self._asked(effects).items())
        return answers

    def _credential(self, user: str, mechanism: str, secret: tuple[int, str] | None) -> None:
        if secret is None:
            self.credentials.pop((user, mechanism), None)
        else:
            self.credentials[user, mechanism] = secret

    # What becomes of a request

    def _asked(self, effects: Mapping[Key, Effect], validate_only: bool = False) -> dict[Key, Problem | None]:
        if validate_only:
            self._up()
            return {key: effect() for key, effect in effects.items()}
        if self.by == OURS:
            self.meanwhile()
        fate = self.strike() if self.by == OURS else None
        self.down = self.down or fate == "gone"
        answers = {}
        for place, (key, effect) in enumerate(effects.items()):
            answers[key] = self._told(key, effect, fate, place)
        return answers

    def _told(self, key: Key, effect: Effect, fate: str | None, place: int) -> Problem | None:
        """What one resource of a request comes to; half of one that is lost is every other resource."""
        heard: Problem | None
        if self.down or fate == "lost-undone" or (fate == "lost-half" and place % 2):
            heard, done = GONE if self.down else LOST, False
        elif fate == "refused" and place == 0:
            heard, done = POLICY, False
        else:
            problem = effect()
            heard, done = LOST if fate in ("lost-done", "lost-half") else problem, problem is None
        self.log.append(Event(self.by, key, heard, done))
        if done:
            self.moved()
        return heard


def _of(do: Callable[..., Problem | None], *words: Any) -> Effect:
    return lambda: do(*words)


def _named(answers: Mapping[Key, Problem | None]) -> dict[str, Problem | None]:
    return {key.name: problem for key, problem in answers.items()}


def seen(model: Model) -> Iterator[tuple[Key, object]]:
    """All that is there, by key, as plain values that compare."""
    for called, made in model.topics.items():
        yield Key("topic", called), (made.partitions, dict(made.config), made.id)
    yield from ((acl_key(acl), True) for acl in model.acls)
    yield from ((Key("quota", name(entity)), dict(limits)) for entity, limits in model.limits.items() if limits)
    for user in {user for user, _ in model.credentials}:
        mine = {mechanism: secret for (one, mechanism), secret in model.credentials.items() if one == user}
        yield Key("user", user), mine

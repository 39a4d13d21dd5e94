"""Random plans on a real broker and on the model side by side: the same plans, the same outcomes, the same state."""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from modelled import Model
from wished import Files, Rules
from wishing import VARIABLES, Foreign, Names, calls, does, files, foreign, spoil, spoils

from kafka_gitops.changes import Change, Refused
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.systems import Servers
from kafka_gitops.errors import Stale
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.quota.spec import name
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Key, acl_key
from kafka_gitops.plan.apply import carry_out
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka

COUNT = 50 if os.environ.get("KAFKA_GITOPS_LONG") else 5  # `make long`
counted: Counter[str] = Counter()
WRITERS = {"alter_quotas": "quotas", "write_users": "scram"}


@pytest.fixture(scope="module")
def servers(kafka: Sandbox) -> Iterator[Servers]:
    with open_cluster(kafka.client(), timeout=10) as cluster:
        yield Servers(cluster, variables=VARIABLES)


@pytest.fixture(scope="module")
def worlds() -> Iterator[str]:
    """A prefix for each example."""
    return (f"model{number}." for number in range(1, 10_000))


def state(systems: Systems, prefix: str) -> dict[Key, object]:
    """What is there of a small world, read as anybody reads it."""
    topics = {called: live for called, live in systems.kafka.list_topics().items() if prefix in called}
    configs = systems.kafka.topic_configs(list(topics), ()) if topics else {}
    found: dict[Key, object] = {
        Key("topic", called): (live.partitions, dict(configs[called].overrides))
        for called, live in topics.items()
        if called in configs  # it goes between two reads
    }
    found.update((acl_key(acl), True) for acl in systems.kafka.list_acls() if prefix in acl.principal)
    quotas = systems.on_kafka("quotas").list_quotas().items()
    found.update((Key("quota", name(entity)), dict(limits)) for entity, limits in quotas if prefix in name(entity))
    users = systems.on_kafka("scram").list_users().items()
    found.update((Key("user", user), dict(mechanisms)) for user, mechanisms in users if prefix in user)
    return found


def told(change: Change) -> tuple[object, ...]:
    """A change without what only one of the two worlds has: the offsets of a topic that was just made cannot be read
    yet, which is told as if it held records."""
    risks = sorted((risk.name, risk.blocks) for risk in change.risks if risk.name != "topic-delete")
    return change.key, change.action, change.before, change.after, change.act, risks


class Both:
    """One small world twice."""

    def __init__(self, servers: Servers, rules: Rules) -> None:
        self.model, self.real, self.rules = Model(variables=VARIABLES), servers, rules
        self.base = Files()

    def somebody_else(self, one: Foreign) -> None:
        """Both brokers say the same to others."""
        asked = calls(one, self.model)
        before = len(self.model.log)
        does(one, self.model)
        heard = [event.heard.code if event.heard else None for event in self.model.log[before:]]
        answers = [answer for method, what in asked for answer in self._really(method, what)]
        assert answers == heard, (one, answers)

    def _really(self, method: str, what: object) -> list[str | None]:
        writer = self.real.on_kafka(WRITERS[method]) if method in WRITERS else self.real.kafka
        return [problem.code if problem else None for problem in getattr(writer, method)(what).values()]

    def agree(self) -> None:
        """Reads lag writes: wait until both are the same."""
        until = time.monotonic() + 60
        wanted = state(self.model, self.rules.prefix)
        while (found := state(self.real, self.rules.prefix)) != wanted:
            assert time.monotonic() < until, (found, wanted)
            time.sleep(0.1)

    def round(self, wanted: Files, between: list[tuple[int, bool]]) -> None:
        """Plan, let others write, apply."""
        self.agree()
        worlds: tuple[Systems, Systems] = (self.model, self.real)
        plans = [self._plan(wanted, systems) for systems in worlds]
        ours, real = plans
        counted["changes"] += len(ours.changes)
        assert [told(change) for change in real.changes] == [told(change) for change in ours.changes]
        assert [(one.key, type(one)) for one in real.unsupported] == [(one.key, type(one)) for one in ours.unsupported]
        for place, gone in between if ours.changes else ():
            self.somebody_else(spoil(ours.changes[place % len(ours.changes)], gone))
        self.agree()
        ends = [self._applied(plan, systems) for plan, systems in zip(plans, worlds, strict=True)]
        assert ends[1] == ends[0]
        counted.update(str(one[1]) for one in ends[0] or ((None, "stale"),))
        self.agree()
        if ends[0] is not None and not any(isinstance(one, Refused) for one in ours.unsupported):
            self.base = wanted
            assert self._plan(wanted, self.real).changes == ()

    def _plan(self, wanted: Files, systems: Systems) -> Plan:
        return make(Wish(wanted.topology(), self.base.topology()), self.rules.settings(), systems)

    def _applied(self, plan: Plan, systems: Systems) -> list[tuple[object, ...]] | None:
        """What became of each change; None for a stale plan."""
        try:
            found = carry_out(plan, systems, settings=self.rules.settings(), deadline=60.0)
        except Stale:
            return None
        assert not found.unseen
        return [(one.change.key, one.status, one.fate, (one.detail or "").split(":")[0]) for one in found.outcomes]


def test_a_broker_does_what_the_model_does(servers: Servers, worlds: Iterator[str]) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]

    @settings(
        max_examples=COUNT, deadline=None, derandomize=True, phases=(Phase.generate,), suppress_health_check=checks
    )
    @given(st.data())
    def example(data: st.DataObject) -> None:
        names = Names(next(worlds))
        both = Both(servers, Rules(names.prefix, data.draw(st.booleans()), data.draw(st.booleans())))
        for one in data.draw(st.lists(foreign(names), min_size=3, max_size=8)):
            both.somebody_else(one)
        for _ in range(3):
            both.round(data.draw(files(names)), data.draw(spoils()))

    example()
    sys.stdout.write(f"{dict(counted)}\n")  # seen with -s
    assert counted["changes"] > 5 * COUNT and counted["done"] > COUNT

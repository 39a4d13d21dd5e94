"""What a topic leaves open is as each broker itself is set: one broker's word is not that of the cluster."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from altering import eventually, set_broker
from desk import Desk
from desk import topology as text
from making import declared, topology
from recording import Recording

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.translate import login
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Topic
from kafka_gitops.plan.make import make
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.settings import Settings

WEEK, SHORT = "604800000", "777000"


def edits(cluster: Recording, **wanted: Topic) -> list[tuple[str, str, str | None, str | None, list[str]]]:
    files = topology(*(declared(name, spec) for name, spec in wanted.items()))
    return [
        (change.key.name, *edit, [risk.sentence for risk in change.risks if risk.name == "brokers-differ"])
        for change in make(Wish(files), Settings(), cluster).changes
        for edit in change.edits()
    ]


def test_only_a_key_that_differs_between_brokers_is_set_and_the_plan_says_why() -> None:
    cluster = Recording(
        topics={"a": Topic(1, 1, {}), "b": Topic(1, 1, {"retention.ms": WEEK})},
        defaults={"retention.ms": WEEK, "segment.ms": WEEK},
        own={1: {"retention.ms": WEEK, "segment.ms": WEEK}, 2: {"retention.ms": SHORT, "segment.ms": WEEK}},
    )
    both = Topic(1, 1, {"retention.ms": WEEK, "segment.ms": WEEK})
    why = "without an override retention.ms is 604800000 (7 days) on broker 1, 777000 (about 12.9 minutes) on broker 2"
    assert edits(cluster, a=both, b=both) == [("a", "retention.ms", None, WEEK, [why])]
    assert "broker_values retention.ms,segment.ms" in cluster.calls


def test_one_value_in_two_spellings_does_not_differ() -> None:
    own = {1: {"retention.ms": WEEK}, 2: {"retention.ms": f"0{WEEK}"}}
    cluster = Recording(topics={"a": Topic(1, 1, {})}, defaults={"retention.ms": WEEK}, own=own)
    assert edits(cluster, a=Topic(1, 1, {"retention.ms": WEEK})) == []


@pytest.mark.parametrize("there", [{"retention.ms": "1"}, {}])
def test_what_is_no_default_asks_no_other_broker(there: dict[str, str]) -> None:
    cluster = Recording(topics={"a": Topic(1, 1, there)}, defaults={"segment.ms": WEEK})
    edits(cluster, a=Topic(1, 1, {"retention.ms": "1"}))
    assert not [call for call in cluster.calls if call.startswith("broker_values")]


@pytest.fixture
def short_on_two(three_brokers: Sandbox) -> Iterator[Sandbox]:
    """Three brokers, of which the second keeps records for 13 minutes."""
    link = Link(login(three_brokers.client()), timeout=10)
    assert set_broker(link, "log.retention.ms", SHORT, node="2") == 0
    yield three_brokers
    assert set_broker(link, "log.retention.ms", None, node="2") == 0
    link.close()


@pytest.mark.kafka
def test_every_broker_gives_the_same_plan(tmp_path: Path, short_on_two: Sandbox, prefix: str) -> None:
    many = [f"{prefix}n{number:02}" for number in range(30)]  # the brokers spread them by chance
    options = [["-X", f"bootstrap.servers={server}"] for server in short_on_two.bootstrap.split(",")]
    desk = Desk(tmp_path, [*options[0], "--timeout", "30"])
    desk.write("t.yaml", text("", *(f"{name} num.partitions=1 replication.factor=1" for name in many)))
    assert "30 applied and verified" in desk.ok("apply", "t.yaml", "--yes")
    with open_cluster(short_on_two.client()) as cluster:
        eventually(lambda: {*many} <= cluster.list_topics().keys())
        led = {name: live.leader for name, live in sorted(cluster.list_topics().items()) if name in many}
        names = [name for broker in (1, 2, 3) for name in [one for one in led if led[one] == broker][:2]]
        assert len(names) == 6
        shorter = [name for name in names if led[name] == 2]

        def told() -> bool:
            configs = cluster.topic_configs(names, ["retention.ms"])
            return [name for name in names if configs[name].effective["retention.ms"] == SHORT] == shorter

        eventually(told)
    wanted = "num.partitions=1 replication.factor=1 retention.ms=604800000 segment.ms=604800000"
    desk.write("t.yaml", text("", *(f"{name} {wanted}" for name in names)))
    plans = [Desk(tmp_path, server).ok("plan", "t.yaml") for server in options]
    assert plans[0] == plans[1] == plans[2]
    for name in names:
        default = "777000 (about 12.9 minutes)" if name in shorter else "604800000 (7 days)"
        assert f"default {default} -> 604800000 (7 days)" in plans[0].split(name)[1]
    why = "604800000 (7 days) on broker 1, 777000 (about 12.9 minutes) on broker 2, 604800000 (7 days) on broker 3"
    assert plans[0].count(f"note: brokers-differ: without an override retention.ms is {why}") == 6
    assert "segment.ms" not in plans[0]
    assert "6 applied and verified" in desk.ok("apply", "t.yaml", "--yes")
    assert "No changes." in desk.ok("plan", "t.yaml")
    desk.write("t.yaml", text("", *(f"{name} num.partitions=1 replication.factor=1" for name in names)))
    resets = [Desk(tmp_path, server).run("plan", "t.yaml") for server in options]
    assert [(one.code, one.out) for one in resets[1:]] == [(resets[0].code, resets[0].out)] * 2
    assert resets[0].out.count("! retention-shrink") == len(shorter) > 0

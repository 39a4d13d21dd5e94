"""More partitions: never more than a broker makes at once, never while the topic's replicas are being moved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from altering import eventually, move, set_broker
from desk import Desk
from desk import topology as text
from making import declared, topic, topology
from recording import Recording

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.translate import login
from kafka_gitops.kinds.cluster import Cluster
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Acl, Topic
from kafka_gitops.plan.apply import run
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.plan.verify import reached
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.settings import Settings

MOVING = "partitions 1 -> 3: its replicas are being moved, and new partitions would keep too many: plan again when that is done"
TOPICS = frozenset({"topics"})


def planned(cluster: Recording, wanted: Topic) -> Plan:
    return make(Wish(topology(declared("a", wanted))), Settings(), cluster)


def reasons(plan: Plan) -> list[str]:
    return [entry.reason for entry in plan.unsupported]


@pytest.mark.parametrize(("there", "wanted", "grows"), [(3, 10_003, True), (3, 10_004, False), (1, 20_000, False)])
def test_a_growth_by_more_than_10000_cannot_be_done_and_the_rest_goes_on(there: int, wanted: int, grows: bool) -> None:
    plan = planned(Recording(topics={"a": topic(there, 1)}), topic(wanted, 1, retention_ms="5"))
    said = f"partitions {there} -> {wanted}: brokers make at most 10,000 in a request, grow it in steps"
    assert reasons(plan) == ([] if grows else [said])
    fields = [edit.field for change in plan.changes for edit in change.edits()]
    assert fields == (["partitions", "retention.ms"] if grows else ["retention.ms"])


def test_a_topic_of_more_than_10000_partitions_is_not_created() -> None:
    for wanted in (topic(10_001, 1), topic(10_000, 1), topic(9_999, 1, retention_ms="1")):
        plan = planned(Recording(), wanted)
        count = f"{wanted.partitions} partitions: brokers make a topic of fewer than 10,000"
        assert (plan.changes, reasons(plan)) == ((), [f"{count}, create it smaller and grow it in steps"])
    assert planned(Recording(), topic(9_999, 1)).unsupported == ()


def test_no_partitions_are_added_while_replicas_move() -> None:
    cluster = Recording(topics={"a": topic(1, 1)}, moving={"a"})
    plan = planned(cluster, topic(3, 1, retention_ms="5"))
    assert reasons(plan) == [MOVING]
    assert [edit.field for change in plan.changes for edit in change.edits()] == ["retention.ms"]


def test_without_the_right_unequal_partitions_are_taken_for_a_move() -> None:
    cluster = Recording(topics={"a": topic(1, 2)}, moving=None, uneven={"a"})
    counts = "its partitions have 1 to 2 replicas, so they may be on the move (needs Describe on the cluster to know)"
    assert reasons(planned(cluster, topic(3, 2))) == [f"partitions 1 -> 3: {counts}"]
    cluster.uneven.clear()
    (change,) = planned(cluster, topic(3, 2)).changes
    assert [risk.name for risk in change.risks] == ["partitions-grow", "moves-unknown"]
    cluster.moving, cluster.uneven = set(), {"a"}  # uneven for good, and nothing moves
    assert planned(cluster, topic(3, 2)).unsupported == ()


@pytest.mark.parametrize("blind", [False, True])
def test_a_move_that_began_after_the_plan_is_noticed_before_the_write(blind: bool) -> None:
    cluster = Recording(topics={"a": topic(1, 2), "b": topic(1, 2)})
    files = topology(declared("a", topic(3, 2, retention_ms="5")), declared("b", topic(3, 2)))
    plan = make(Wish(files), Settings(), cluster)
    cluster.moving, cluster.uneven = (None, {"a"}) if blind else ({"a"}, set())
    outcomes = {one.change.key.name: one for one in run(plan, cluster, settings=Settings())}
    assert (outcomes["a"].status, outcomes["b"].status) == ("failed", "done")
    assert str(outcomes["a"].detail).startswith("REASSIGNMENT_IN_PROGRESS: its ")
    assert (cluster.topics["a"], cluster.topics["b"].partitions) == (topic(1, 2), 3)


@pytest.fixture
def moved(three_brokers: Sandbox, prefix: str) -> Iterator[str]:
    """A topic whose replica is on its way from broker 1 to broker 2, at a byte a second."""
    from confluent_kafka import Producer

    name = f"{prefix}a"
    link = Link(login(three_brokers.client()), timeout=10)
    with open_cluster(three_brokers.client()) as cluster:
        throttled = {"leader.replication.throttled.replicas": "*", "follower.replication.throttled.replicas": "*"}
        assert cluster.create_topics({name: Topic(1, 1, throttled)}) == {name: None}
        eventually(lambda: cluster.describe_topics([name])[name] is not None)
        move(link, name, {0: [1]})
        eventually(lambda: name not in (cluster.reassigning() or ()))
        producer = Producer({"bootstrap.servers": three_brokers.bootstrap})
        for _ in range(200):
            producer.produce(name, bytes(10_000))
        assert producer.flush(30) == 0
        for node in ("1", "2"):
            for side in ("leader", "follower"):
                assert set_broker(link, f"{side}.replication.throttled.rate", "1", node=node) == 0
        move(link, name, {0: [2]})
        yield name
        if name in (cluster.reassigning() or ()):
            move(link, name, {0: None})
        for node in ("1", "2"):
            for side in ("leader", "follower"):
                assert set_broker(link, f"{side}.replication.throttled.rate", None, node=node) == 0
    link.close()


@pytest.mark.kafka
def test_a_topic_grows_only_after_its_move(tmp_path: Path, three_brokers: Sandbox, moved: str) -> None:
    desk = Desk(tmp_path, ["-X", f"bootstrap.servers={three_brokers.bootstrap}", "--timeout", "20"])
    desk.write("t.yaml", text("", f"{moved} num.partitions=3 replication.factor=1"))
    told = desk.run("plan", "t.yaml", "--exit-code")
    assert (told.code, f"x topic {moved}  {MOVING} (t.yaml:3)" in told.out) == (2, True)
    blind = Desk(tmp_path, [*_as(three_brokers, "carol"), "--timeout", "20"])
    with open_cluster(three_brokers.client()) as cluster:
        rights = _grant(cluster, "carol", moved)
        assert "replication 2 -> 1" in blind.ok("plan", "t.yaml")  # who may not ask sees two replicas, and says so
        assert "note: moves-unknown" in blind.ok("plan", "t.yaml")
        link = Link(login(three_brokers.client()), timeout=10)
        move(link, moved, {0: None})
        eventually(lambda: moved not in (cluster.reassigning() or ()))
        desk.ok("plan", "t.yaml", "-o", "plan.json")
        move(link, moved, {0: [2]})
        eventually(lambda: moved in (cluster.reassigning() or ()))
        eventually(lambda: (found := cluster.describe_topics([moved])[moved]) is not None and found.replication == 2)
        stale = desk.run("apply", "plan.json")
        assert stale.code == 3
        assert "replication: planned from 1, now 2" in stale.err
        live = cluster.describe_topics([moved])[moved]
        assert live is not None and live.partitions == 1
        move(link, moved, {0: None})
        eventually(lambda: moved not in (cluster.reassigning() or ()))
        eventually(lambda: (found := cluster.describe_topics([moved])[moved]) is not None and found.replication == 1)
        assert "1 applied and verified" in desk.ok("apply", "plan.json")
        cluster.delete_acls(rights)
        link.close()


def _as(kafka: Sandbox, user: str) -> list[str]:
    return [word for key, value in kafka.client(user).items() for word in ("-X", f"{key}={value}")]


def _grant(cluster: Cluster, user: str, name: str) -> list[Acl]:
    rights = [
        Acl(f"User:{user}", "*", operation, "ALLOW", "TOPIC", "LITERAL", name)
        for operation in ("DESCRIBE", "DESCRIBE_CONFIGS", "ALTER")
    ]
    assert set(cluster.create_acls(rights).values()) == {None}
    eventually(lambda: set(rights) <= set(cluster.list_acls()))
    return rights


@pytest.mark.kafka
def test_more_partitions_than_a_broker_makes_are_never_asked_for(
    tmp_path: Path, three_brokers: Sandbox, prefix: str
) -> None:
    desk = Desk(tmp_path, ["-X", f"bootstrap.servers={three_brokers.bootstrap}", "--timeout", "20"])
    one = "num.partitions=1 replication.factor=1"
    desk.write("t.yaml", text(prefix, f"a {one}"))
    desk.ok("apply", "t.yaml", "--yes")
    many = "num.partitions=10002 replication.factor=1"
    desk.write("t.yaml", text(prefix, f"a {many}", f"b {many}"))
    result = desk.run("apply", "t.yaml", "--yes")
    for reason in (
        "partitions 1 -> 10002: brokers make at most 10,000",
        "10002 partitions: brokers make a topic of fewer",
    ):
        assert reason in result.out
    with open_cluster(three_brokers.client()) as cluster:
        found = cluster.describe_topics([f"{prefix}a", f"{prefix}b"])
        assert [live and live.partitions for live in found.values()] == [1, None]
        refused = cluster.create_topics({f"{prefix}b": Topic(10_001, 1, {})}, validate_only=True)[f"{prefix}b"]
        assert refused is not None and refused.code == "POLICY_VIOLATION"
        most = {f"{prefix}b": Topic(9_999, 1, {})}
        assert cluster.create_topics(most, validate_only=True) == {f"{prefix}b": None}
        for total, answer in ((10_001, None), (10_002, "UNKNOWN")):  # the second makes 10,000 on brokers up to 4.3
            told = cluster.create_partitions({f"{prefix}a": total}, validate_only=True)[f"{prefix}a"]
            assert (told and told.code) == answer


def test_a_move_that_ends_meanwhile_is_not_waited_for() -> None:
    cluster = Recording(topics={"a": topic(1, 2)}, moving={"a"})
    (change,) = planned(cluster, topic(1, 1, retention_ms="5")).changes
    assert reached(change, topic(1, 1, retention_ms="5"))
    assert not reached(change, topic(1, 1))

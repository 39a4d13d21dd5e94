"""What a real cluster says of records that would go and of the groups that read them: the sentences of risks."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import pytest
from confluent_kafka import Consumer, Producer
from faults import Asked, Fault, Forward, Proxy, cut
from making import declared, grant, removal, topology

from kafka_gitops.clients import partitions, readers, topics
from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.systems import Servers
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Acl, Topic, topic_key
from kafka_gitops.plan import file
from kafka_gitops.plan import make as planner
from kafka_gitops.plan.approval import unapproved
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.settings import Settings

pytestmark = pytest.mark.kafka
DAY = 86_400_000
OLD, YOUNG = 20, 10  # records of a partition


@pytest.fixture
def admin(kafka: Sandbox) -> Iterator[KafkaCluster]:
    with open_cluster(kafka.client()) as opened:
        yield opened


@pytest.fixture
def filled(admin: KafkaCluster, kafka: Sandbox, prefix: str) -> str:
    """A topic of two partitions, each with records of five days ago and of now."""
    name = prefix + "a"
    assert admin.create_topics({name: Topic(2, 1, {"retention.ms": "-1"})}) == {name: None}
    producer, now = Producer(kafka.client()), int(time.time() * 1000)
    for number in range(2):
        for age in [5 * DAY] * OLD + [0] * YOUNG:
            producer.produce(name, b"x" * 100, partition=number, timestamp=now - age)
    assert producer.flush(60) == 0
    return name


@contextmanager
def reading(kafka: Sandbox, name: str, group: str, records: int, **more: str) -> Iterator[None]:
    """A member of a group that has read so many records and committed."""
    settings = {"group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": "false", "client.id": "app"}
    consumer = Consumer({**kafka.client(), **settings, **{key.replace("_", "."): value for key, value in more.items()}})
    consumer.subscribe([name])
    try:
        until = time.monotonic() + 60
        while records:
            assert time.monotonic() < until
            message = consumer.poll(0.2)
            records -= message is not None and not message.error()
        consumer.commit(asynchronous=False)
        yield
    finally:
        consumer.close()


def sentences(cluster: KafkaCluster, name: str, config: Mapping[str, str] | None) -> list[str]:
    """The blocking risks of another config of a topic, or of its deletion; without bytes, which are not the same
    each time, and times."""
    files = topology(removal(name)) if config is None else topology(declared(name, Topic(None, None, dict(config))))
    plan = planner.make(Wish(files, kinds=frozenset({"topics"})), Settings(), Servers(cluster))
    (change,) = [change for change in plan.changes if change.key == topic_key(name)]
    found = [re.sub(r"; \d+ groups? not looked at", "", risk.sentence) for risk in change.risks if risk.blocks]
    return [re.sub(r"[\d.]+ (KiB|bytes)", "SIZE", re.sub(r"20\d\d-.* UTC", "TIME", one)) for one in found]


SHRINK = {"retention.ms": str(DAY)}


def test_a_shorter_retention_and_a_deletion_say_what_goes(
    admin: KafkaCluster, kafka: Sandbox, filled: str, prefix: str
) -> None:
    classic, newer = prefix + "billing", prefix + "reports"
    shrunk = "-1 (no limit) -> 86400000 (1 day): records older than 1 day are deleted; "
    (sentence,) = sentences(admin, filled, SHRINK)
    assert sentence == f"{shrunk}now up to 40 records (about SIZE); no group has committed offsets there"
    with ExitStack() as stack:
        stack.enter_context(reading(kafka, filled, classic, 5))
        stack.enter_context(reading(kafka, filled, newer, 60, group_protocol="consumer"))
        (sentence,) = sentences(admin, filled, SHRINK)
        (deletion,) = sentences(admin, filled, None)
    lost = "its records are lost: up to 60 records (about SIZE, the newest of TIME); read by "
    assert re.fullmatch(re.escape(shrunk) + r"now up to 40 records \(about SIZE\); not read yet by (.*)", sentence)
    assert re.findall(r"by (\S+) \((\d+)\)", sentence) in ([(classic, "15")], [(classic, "35")])
    assert deletion.startswith(f"{lost}{classic} (1 member, ") and deletion.endswith(f" behind), {newer} (1 member)")
    (none,) = sentences(admin, filled, {"retention.ms": str(30 * DAY)})
    assert none.endswith("records older than 30 days are deleted; none is that old now")


def test_what_is_beyond_the_bounds_is_counted(
    admin: KafkaCluster, kafka: Sandbox, filled: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "MOST", 1)
    assert partitions.on(admin.link).holdings({filled: DAY})[filled].left == 1
    (sentence,) = sentences(admin, filled, SHRINK)
    assert "now up to 20 records (about SIZE), 1 partition not looked at; no group " in sentence
    with reading(kafka, filled, prefix + "billing", 5), reading(kafka, filled, prefix + "reports", 5):
        every = readers.on(admin.link).seen(None)
        monkeypatch.setattr(readers, "MOST", 1)
        found = readers.on(admin.link).seen(None)
    (one,) = found.groups
    assert one.active and found.left >= len(every.groups) - 1 and found.untold >= 1
    monkeypatch.setattr(partitions, "SECONDS", -1.0)
    monkeypatch.setattr(readers, "SECONDS", -1.0)
    (sentence,) = sentences(admin, filled, SHRINK)
    assert sentence.endswith("are deleted; how much now is not known (the brokers do not tell it)")


def garbled(asked: Asked, forward: Forward) -> bytes:
    forward()
    return asked.head() + b"\xff" * 9


@pytest.mark.parametrize("name", ["ListOffsets", "DescribeLogDirs", "ListGroups", "DescribeGroups", "OffsetFetch"])
@pytest.mark.parametrize("fault", [garbled, cut], ids=["garbled", "cut"])
def test_a_plan_does_without_an_answer_that_is_lost_or_nobody_can_read(
    between: Callable[..., Proxy], filled: str, name: str, fault: Fault
) -> None:
    with open_cluster({"bootstrap.servers": between(**{name: fault}).bootstrap}) as cluster:
        (sentence,) = sentences(cluster, filled, SHRINK)
    told = {
        "ListOffsets": "how much now is not known (the brokers do not tell it)",
        "DescribeLogDirs": "now up to 40 records (bytes not told); no group has committed offsets there",
        "ListGroups": "a broker did not tell its groups",
        "DescribeGroups": "others may not be seen (needs Describe on all groups)",
        "OffsetFetch": "now up to 40 records (about SIZE); no group has committed offsets there",
    }
    assert told[name] in sentence


def test_an_approved_plan_stays_good_when_the_numbers_move(
    admin: KafkaCluster, kafka: Sandbox, filled: str, prefix: str
) -> None:
    wish = Wish(topology(declared(filled, Topic(None, None, SHRINK))), kinds=frozenset({"topics"}))
    first = planner.make(wish, Settings(), Servers(admin))
    saved = file.loads(file.dumps(first), "plan.json")
    with reading(kafka, filled, prefix + "billing", 5):
        second = planner.make(wish, Settings(), Servers(admin))
    assert saved.changes[0].risks != second.changes[0].risks
    assert file.approval(saved) == file.approval(second)
    assert unapproved(second, saved) == []


def test_without_rights_it_is_said_what_is_not_known(
    admin: KafkaCluster, kafka: Sandbox, filled: str, prefix: str
) -> None:
    acls = [
        Acl("User:dave", "*", what, "ALLOW", "TOPIC", "PREFIXED", prefix) for what in ("DESCRIBE", "DESCRIBE_CONFIGS")
    ]
    assert set(admin.create_acls(acls).values()) == {None}
    with open_cluster(kafka.client("dave")) as dave:
        until = time.monotonic() + 60
        while not readable(dave, filled):
            assert time.monotonic() < until
        (shrink,) = sentences(dave, filled, SHRINK)
        (deletion,) = sentences(dave, filled, None)
    admin.delete_acls(acls)
    untold = "others may not be seen (needs Describe on all groups)"
    assert shrink.endswith(
        f"; now up to 40 records (bytes: needs Describe on the cluster); no group has committed offsets there; {untold}"
    )
    assert deletion == (
        "its records are lost: up to 60 records (bytes: needs Describe on the cluster, the newest of TIME); "
        f"no group has members there or is behind; {untold}"
    )


def test_a_right_that_goes_names_the_groups_under_it(
    admin: KafkaCluster, kafka: Sandbox, filled: str, prefix: str
) -> None:
    on_groups = Acl("User:dave", "*", "READ", "ALLOW", "GROUP", "PREFIXED", prefix)
    on_topic = Acl("User:dave", "*", "READ", "ALLOW", "TOPIC", "LITERAL", filled)
    other = Acl("User:dave", "*", "READ", "ALLOW", "GROUP", "LITERAL", f"{prefix}none")
    assert set(admin.create_acls([on_groups, on_topic, other]).values()) == {None}
    base = topology(grant(on_groups, on_topic, other))
    while not {on_groups, on_topic, other} <= set(admin.list_acls()):
        time.sleep(0.1)
    wish = Wish(topology(), base, kinds=frozenset({"acls"}))
    with reading(kafka, filled, f"{prefix}billing", 5):
        plan = planner.make(wish, Settings(prune=frozenset({"acls"})), Servers(admin))
    admin.delete_acls([on_groups, on_topic, other])
    marks = {change.before: [r.sentence for r in change.risks if r.name == "right-in-use"] for change in plan.changes}
    said = [f"groups with members now: {prefix}billing (1 member: app at 127.0.0.1)"]
    assert marks == {on_groups: said, on_topic: said, other: []}
    note = plan.notes[-1]  # on a shared broker it may say of other groups that they were not looked at
    assert note.startswith("2 of the 3 rights to read that go have groups with members now (right-in-use); under ")
    assert "; who writes, and which principal a member logs in as, the cluster does not tell" in note


def readable(cluster: KafkaCluster, name: str) -> bool:
    """Whether new rights have reached the authorizer."""
    return "DESCRIBE_CONFIGS" in topics.topic_operations(cluster.link, [name]).get(name, ())

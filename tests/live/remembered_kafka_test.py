"""Removals by a ledger on a real broker: what it says is removed; a mirrored, a restored and a deleted one remove nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from acting import repository
from altering import eventually
from desk import Desk
from hooking import git
from memory_logs import apply

from kafka_gitops.clients import log as module
from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.ledger import others, records
from kafka_gitops.ledger import topic as ledger
from kafka_gitops.ledger.log import PREFIX, Entry
from kafka_gitops.ledger.nouns import Owner
from kafka_gitops.model import Acl, Topic, acl_key
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
CONFIG = """\
owner: OWNER
prune: [topics, acls]
manage: {topics: ["PREFIX*"], groups: [], transactional_ids: [], principals: ["User:reader"]}
limits: {percent: 100}
rules: {topic-owner: off}
environments:
  prod:
    bootstrap: HOST
    brokers: 1
    broker_defaults: {default.replication.factor: "1", min.insync.replicas: "1"}
    ledger: required
    client: {security.protocol: SASL_PLAINTEXT, sasl.mechanism: SCRAM-SHA-256, sasl.username: admin, sasl.password: admin-secret}
"""
FILE = (
    'context: unused\nspecial_topics:\n- {name: PREFIXstays, config: {num.partitions: "1", replication.factor: "1"}}\n'
)
OLD = '- {name: PREFIXold, config: {num.partitions: "1", replication.factor: "1"}}\n'
READER = "acls:\n- {principals: [User:reader], allow: [READ], topics: [PREFIXstays]}\n"


@pytest.fixture
def cluster(kafka: Sandbox) -> Iterator[KafkaCluster]:
    with open_cluster(kafka.client()) as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, cluster: KafkaCluster, prefix: str) -> Desk:
    """A repository whose last commit takes a topic and a right out of the files; both are on the cluster."""
    made = Desk(tmp_path / "repo")
    repository(made.home, "topology: topologies\n")
    for text in (f"{FILE}{OLD}{READER}", FILE):
        made.write("topologies/a.yaml", text.replace("PREFIX", prefix))
        git(made.home, "add", "-A")
        git(made.home, "commit", "-qm", "files")
    plain = Topic(1, 1, {})
    assert not any(cluster.create_topics({f"{prefix}{name}": plain for name in ("stays", "old")}).values())
    assert not any(cluster.create_acls([right(prefix)]).values())
    return made


def right(prefix: str) -> Acl:
    return Acl("User:reader", "*", "READ", "ALLOW", "TOPIC", "LITERAL", f"{prefix}stays")


class Case:
    """A repository as one owner after the other, each with a ledger of its own."""

    def __init__(self, desk: Desk, kafka: Sandbox, cluster: KafkaCluster, prefix: str) -> None:
        self.desk, self.prefix, self.cluster = desk, prefix, cluster
        self.text = CONFIG.replace("HOST", kafka.sasl_bootstrap).replace("PREFIX", prefix)
        self.commit = git(desk.home, "rev-parse", "HEAD~1").strip()

    def owner(self, name: str) -> Owner:
        owner = f"{self.prefix.strip('.')}-{name}"
        self.desk.write("kafka-gitops.yaml", self.text.replace("OWNER", owner))
        where = ("github.com/acme/streams", "kafka-gitops.yaml")
        return Owner(self.cluster.id, owner, "prod", *where, self.commit)

    def commit_files(self, text: str) -> None:
        """A commit of this topology file and the config as it is."""
        self.desk.write("topologies/a.yaml", text.replace("PREFIX", self.prefix))
        git(self.desk.home, "add", "-A")
        git(self.desk.home, "commit", "-qm", "files")

    def log(self, owner: Owner) -> module.KafkaLog:
        topic = f"{PREFIX}{owner.owner}.prod"
        if topic not in self.cluster.list_topics():
            copies, configs = ledger.wanted(1)
            assert not any(self.cluster.create_topics({topic: Topic(1, copies, configs)}).values())
            eventually(lambda: topic in self.cluster.list_topics())
        return module.on(self.cluster.link).log(topic)

    def gone(self) -> tuple[list[str], list[str]]:
        """What a plan removes, and its notes."""
        ran = self.desk.unread("plan", "--accept", "last-grant")
        lines = ran.out.splitlines()
        found = [" ".join(line.split("  topologies/")[0].split()) for line in lines if line.startswith("  - ")]
        return found, [line for line in lines if line.startswith("note: ") and "ledger" in line]


@pytest.fixture
def case(desk: Desk, kafka: Sandbox, cluster: KafkaCluster, prefix: str) -> Case:
    return Case(desk, kafka, cluster, prefix)


def test_what_left_the_files_is_removed_and_a_right_when_its_last_owner_lets_go(case: Case, prefix: str) -> None:
    owner = case.owner("mine")
    log = case.log(owner)
    log.append([Entry("filler", None)] * 3)
    apply(log, owner)
    says = f"owner {owner.owner} (prod) applied commit {case.commit[:7]} last"
    topic, binding = f"- topic {prefix}old", f"- acl User:reader may READ topic {prefix}stays"
    eventually(lambda: case.gone() == ([topic, binding], [f"note: 2 removals are known from the ledger: {says}"]))
    other = replace(owner, owner=f"{prefix.strip('.')}-other", repository="github.com/acme/other")
    apply(case.log(other), other, {acl_key(right(prefix)): right(prefix)})
    eventually(lambda: case.gone()[0] == [topic])
    assert f"because still declared by {other.owner} (prod)" in case.desk.unread("plan").out
    apply(case.log(other), other, {})
    eventually(lambda: case.gone()[0] == [topic, binding])


def test_an_apply_that_changes_nothing_makes_the_next_removal_known(case: Case, prefix: str) -> None:
    owner = case.owner("whole")
    case.log(owner)
    case.commit_files(f"{FILE}{OLD}{READER}")
    eventually(lambda: case.desk.unread("plan").code == 0)
    ran = case.desk.unread("apply", "--yes")
    assert ran.code == 0, ran
    case.commit_files(FILE)
    topic, binding = f"- topic {prefix}old", f"- acl User:reader may READ topic {prefix}stays"
    gone, (note,) = case.gone()
    assert gone == [topic, binding]
    assert note.startswith(f"note: 2 removals are known from the ledger: owner {owner.owner} (prod) applied commit ")
    ran = case.desk.unread("apply", "--yes", "--accept", "last-grant")
    assert ran.code == 0, ran
    assert f"{prefix}old" not in case.cluster.list_topics()
    assert right(prefix) not in set(case.cluster.list_acls())
    assert case.gone() == ([], [])
    assert others.holders(module.on(case.cluster.link), "", case.cluster.id, {acl_key(right(prefix))}) == {}


def test_a_mirrored_a_restored_and_a_deleted_ledger_remove_nothing(case: Case) -> None:
    before = "note: nothing is removed that only left the files: the ledger"
    mirrored = case.owner("mirrored")
    log = case.log(mirrored)
    log.append([Entry("owner", records.encode(replace(mirrored, cluster="another-cluster")))])
    told = f"{before} {log.topic} is a copy of one of another cluster (another-cluster) and ignored"
    eventually(lambda: case.gone() == ([], [told]))

    lost = case.owner("lost")
    log = case.log(lost)
    log.append([Entry("filler", None)] * 7)
    apply(log, replace(lost, topic_id=log.id))
    (copied,) = log.read(log.bounds()[1] - 1)
    eventually(lambda: len(case.gone()[0]) == 2)
    assert not any(case.cluster.delete_topics({log.topic: None}).values())
    eventually(lambda: log.topic not in case.cluster.list_topics())
    ran = case.desk.unread("plan")
    assert ran.code == 1
    assert log.topic in ran.err
    log = case.log(lost)
    log.append([Entry(copied.key, copied.value)])
    told = f"{before} {log.topic} was restored or copied: its record"
    eventually(lambda: case.gone() == ([], [f"{told} was written to another topic of this name"]))
    apply(log, replace(lost, at=7))
    at = f"of commit {case.commit[:7]} was written at offset 7 and is at 1"
    eventually(lambda: case.gone() == ([], [f"{told} {at}"]))


def test_many_owners_are_asked_at_once(case: Case, prefix: str) -> None:
    logs = module.on(case.cluster.link)
    binding = right(prefix)
    for number in range(20):
        owner = replace(case.owner(f"o{number}"), run="x")
        log = case.log(owner)
        log.append([Entry(f"run/{number}-{one}", b"x" * 2_000) for one in range(50)])
        apply(log, owner, {acl_key(binding): binding} if number % 10 == 0 else {})
    found = others.holders(logs, "", case.cluster.id, {acl_key(binding)})
    assert [one.owner for one in found[acl_key(binding)]] == [
        f"{prefix.strip('.')}-o{number} (prod)" for number in (0, 10)
    ]


@pytest.fixture
def give(cluster: KafkaCluster) -> Iterator[Callable[..., None]]:
    """Gives rights, or takes them by a denial; all of it is gone after the test, for others count on what dave may."""
    given: list[Acl] = []

    def give(*rights: Acl) -> None:
        given.extend(rights)
        assert not any(cluster.create_acls(rights).values())
        eventually(lambda: {*rights} <= {*cluster.list_acls()})

    yield give
    assert not any(cluster.delete_acls(given).values())
    eventually(lambda: not {*given} & {*cluster.list_acls()})


def dave(operation: str, name: str, pattern: str = "LITERAL", permission: str = "ALLOW", kind: str = "TOPIC") -> Acl:
    return Acl("User:dave", "*", operation, permission, kind, pattern, name)


def test_who_may_not_see_all_ledgers_revokes_nothing(case: Case, prefix: str, give: Callable[..., None]) -> None:
    owner = case.owner("mine")
    other = replace(owner, owner=f"{prefix.strip('.')}-hidden", repository="github.com/acme/other")
    mine, theirs = case.log(owner), case.log(other)
    apply(mine, owner)
    apply(theirs, other, {acl_key(right(prefix)): right(prefix)})
    case.text = case.text.replace("username: admin, sasl.password: admin", "username: dave, sasl.password: dave")
    case.owner("mine")
    give(*(dave(one, prefix, "PREFIXED") for one in ("DESCRIBE", "DESCRIBE_CONFIGS")))
    give(*(dave(one, "kafka-cluster", kind="CLUSTER") for one in ("DESCRIBE", "DESCRIBE_CONFIGS")))
    give(*(dave(one, mine.topic) for one in ("READ", "DESCRIBE_CONFIGS")))

    def kept_as(why: str) -> None:
        """The right stays for that reason."""
        eventually(
            lambda: any(f"because {why}" in line for line in case.desk.unread("plan").out.splitlines()), seconds=20
        )
        assert not any("acl" in line for line in case.gone()[0])

    unknown = "it is not known whether another owner still declares it: User:dave may not"
    kept_as(f"{unknown} see all ledgers (it needs Read on the topics whose names begin with {PREFIX}); ")
    give(dave("READ", PREFIX, "PREFIXED"))
    kept_as(f"still declared by {other.owner} (prod)")
    denied = f"{unknown} see all ledgers (Describe on topic {theirs.topic} is denied)"
    for operation, why in {"READ": f"{unknown} read topic {theirs.topic}.", "DESCRIBE": denied, "ALL": denied}.items():
        denial = dave(operation, theirs.topic, permission="DENY")
        give(denial)
        kept_as(why)
        assert not any(case.cluster.delete_acls([denial]).values())

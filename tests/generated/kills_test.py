"""An apply of a generated topology on three brokers dies in the middle (SIGKILL): the next run finishes what it began.

Nothing that is declared before and after is made anew, nothing foreign is touched, and a password that was to be written is
the old or the new one until the next run has written it.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from committing import Commits, repository
from hooking import head
from witness import Watched, beside, changed, done, done_beside, everything, ledger_topic, link_of, watched

from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.kafka import attempt
from kafka_gitops.clients.quotas import KafkaQuotas
from kafka_gitops.clients.scram import KafkaUsers
from kafka_gitops.clients.translate import login
from kafka_gitops.ledger.dead import Dead
from kafka_gitops.sandbox import Sandbox, connect
from kafka_gitops.sandbox.rest import Server

pytestmark = pytest.mark.kafka

COUNT = 200 if os.environ.get("KAFKA_GITOPS_LONG") else 8  # `make long`
TRIES = 6  # an apply may end before its death comes
LEDGER = "    ledger: required\nowner: killed\n"
Credential = tuple[str, str]  # user, mechanism


class Scene(NamedTuple):
    """The repository, and a connection of somebody who looks."""

    commits: Commits
    kafka: Sandbox
    cluster: KafkaCluster
    ledger: Watched
    servers: tuple[str, str]  # registry, worker

    def ids(self) -> dict[str, str | None]:
        """Of every topic."""
        return {name: live.topic_id for name, live in self.cluster.list_topics().items()}

    def foreign(self) -> list[object]:
        """All that is not the repository's."""
        ours = self.commits.estate.prefix
        quotas, users = KafkaQuotas(self.cluster.link).list_quotas(), KafkaUsers(self.cluster.link).list_users()
        topics = sorted(pair for pair in self.ids().items() if ours not in pair[0] and not pair[0].startswith("_"))
        acls = sorted(acl for acl in self.cluster.list_acls() if ours not in acl.principal)
        rest = [
            sorted((str(one), found) for one, found in all.items() if _foreign(str(one), ours))
            for all in (quotas, users)
        ]
        return [topics, acls, *rest]

    def credentials(self) -> set[Credential]:
        """Those that are there."""
        found = KafkaUsers(self.cluster.link).list_users()
        return {(user, mechanism) for user, mechanisms in found.items() for mechanism in mechanisms}

    def logs_in(self, who: Credential, password: str) -> bool:
        """Whether a login succeeds now."""
        host, _, port = self.kafka.sasl_bootstrap.split(",")[0].rpartition(":")
        user, mechanism = who
        asked = {**self.kafka.client(), "sasl.mechanism": mechanism, "sasl.username": user, "sasl.password": password}
        found = attempt(host, int(port), login(asked), timeout=10)
        if found.step is not None and found.step.wire is not None:
            found.step.wire.close()
        return found.step is not None


def _foreign(name: str, ours: str) -> bool:
    return ours not in name and "10.9." not in name  # an address is no name: the estate's own begin so


@pytest.fixture(scope="module")
def worker3(three_brokers: Sandbox) -> Iterator[Server]:
    with connect.running(three_brokers.bootstrap) as server:
        yield server


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, three_brokers: Sandbox, registry: Server, worker3: Server
) -> Iterator[Scene]:
    where = tmp_path_factory.mktemp("killed")
    link = link_of(three_brokers)
    with (
        repository(where, "kill.", 6, three_brokers, registry, worker3, replicas=3, more=LEDGER) as made,
        open_cluster(three_brokers.client(), timeout=10) as cluster,
    ):
        strange(cluster)
        servers = (registry.url, worker3.url)
        yield Scene(made, three_brokers, cluster, watched(link, "killed", "generated"), servers)
    link.close()


def strange(cluster: KafkaCluster) -> None:
    """Something of each kind that is somebody else's."""
    from making import acl, topic

    topics = {"strange.topic": topic(1, 3), "_kafka_gitops.killed.generated": ledger_topic(3)}
    assert set(cluster.create_topics(topics).values()) == {None}
    assert set(cluster.create_acls([acl("strange", "READ", "topic:kill.*")]).values()) == {None}
    assert set(
        KafkaQuotas(cluster.link).alter_quotas({(("user", "strange"),): {"producer_byte_rate": 5e6}}).values()
    ) == {None}
    written = KafkaUsers(cluster.link).write_users({("strange", "SCRAM-SHA-512"): (4096, "strange-word")})
    assert set(written.values()) == {None}


@pytest.fixture(scope="module")
def passwords() -> dict[Credential, str]:
    """Which password each credential has, as far as it is known."""
    return {}


@pytest.fixture(scope="module")
def deaths() -> list[tuple[int, int]]:
    """Of each death: how many changes were planned before, and how many after."""
    return []


def words(commits: Commits, number: int, patch: pytest.MonkeyPatch) -> dict[str, str]:
    """New passwords in the environment, by variable."""
    found = {name: f"{word}-{number}" for name, word in commits.estate.variables().items()}
    for name, word in found.items():
        patch.setenv(name, word)
    return found


def written(home: Path) -> dict[Credential, str]:
    """The credentials that plan.json writes, and from which variable."""
    plan = json.loads((home / "plan.json").read_text(encoding="utf-8"))
    users = [one for one in plan["changes"] if one["kind"] == "user" and one["after"]]
    return {
        (one["name"], mechanism): found["variable"]
        for one in users
        for mechanism, found in one["after"]["mechanisms"].items()
        if found["variable"]
        and (one.get("act") or found != (one["before"] or {"mechanisms": {}})["mechanisms"].get(mechanism))
    }


@pytest.mark.parametrize("number", range(1, COUNT + 1))
def test_the_next_run_converges(
    scene: Scene,
    deaths: list[tuple[int, int]],
    passwords: dict[Credential, str],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    commits, chance = scene.commits, Random(number)
    foreign = scene.foreign()
    for attempt_number in range(TRIES):
        new = words(commits, number * TRIES + attempt_number, monkeypatch)
        before, watch, other = scene.ids(), everything(scene.cluster), beside(scene.cluster, *scene.servers)
        commits.edit()
        accepted, planned = commits.plan(), commits.changes
        asked = {who: new[variable] for who, variable in written(commits.desk.home).items()}
        live = scene.credentials()
        old = {who: word for who, word in passwords.items() if who in live}
        gone = removed(commits.desk.home)
        killed = commits.apply(accepted, dies=chance.randint(commits.messages // 3, commits.messages))
        over, died = scene.ledger.over(), scene.ledger.free()
        if killed:
            for who, word in asked.items():
                assert one_of(scene, who, old.get(who), word)
                as_recorded(scene, who, word, died, over=over)
        accepted, left = commits.plan(), commits.changes
        assert not commits.apply(accepted)
        commits.converged()
        outcomes = scene.ledger.new(head(commits.desk.home))
        passwords |= asked
        assert done(outcomes) == changed(watch, everything(scene.cluster)), outcomes
        (shown, told), moved = done_beside(outcomes), changed(other, beside(scene.cluster, *scene.servers))
        assert (shown - moved, moved - told) == (set(), set()), sorted(shown - moved | moved - told)
        assert all(scene.logs_in(who, word) for who, word in asked.items())
        after = scene.ids()
        assert {name: after.get(name) for name in before if name not in gone} == {
            name: found for name, found in before.items() if name not in gone
        }
        if killed:
            assert scene.foreign() == foreign
            deaths.append((planned, left))
            return
    pytest.fail(f"none of {TRIES} applies sent so many messages")


def removed(home: Path) -> set[str]:
    """The topics that plan.json deletes."""
    plan = json.loads((home / "plan.json").read_text(encoding="utf-8"))
    return {one["name"] for one in plan["changes"] if one["kind"] == "topic" and not one["after"]}


def one_of(scene: Scene, who: Credential, old: str | None, new: str) -> bool:
    """Whether exactly one password counts: the old one, where it is known, or the new one; a new user may have none."""
    works = [scene.logs_in(who, word) for word in (new, *([old] if old is not None else []))]
    return sum(works) == 1 or (old is None and sum(works) <= 1)


def as_recorded(scene: Scene, who: Credential, new: str, died: list[Dead], *, over: bool) -> None:
    """Which password counts is what the record says of a run that died, where it says so; `over`: it told its end."""
    user = ("user", who[0])
    if over or any(user == (one.kind, one.name) for run in died for one in run.done):
        assert scene.logs_in(who, new)
    elif not any(user == (one.kind, one.name) for run in died for one in run.asked):
        assert not scene.logs_in(who, new)


def test_some_died_between_two_writes(deaths: list[tuple[int, int]]) -> None:
    assert any(0 < left < planned for planned, left in deaths), deaths

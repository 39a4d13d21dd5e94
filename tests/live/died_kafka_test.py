"""An apply over all kinds with a ledger dies (SIGKILL) somewhere: the next one says what was open, converges, closes it.

Whoever knows that a run is dead takes its lock away, as `unlock` does: else the next one waits for the end of its lease.
"""

import os
from collections.abc import Iterator
from random import Random

import pytest
from committing import Commits, repository

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.log import KafkaLog, on
from kafka_gitops.clients.translate import login
from kafka_gitops.ledger import chain, dead, state
from kafka_gitops.ledger.holding import look, unlock
from kafka_gitops.ledger.nouns import Run
from kafka_gitops.model import Topic
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.rest import Server

pytestmark = pytest.mark.kafka

COUNT = 30 if os.environ.get("KAFKA_GITOPS_LONG") else 3  # `make long`; tests/generated/kills_test.py has more
TRIES = 6  # an apply may end before its death comes
OWNER, PREFIX = "died", "died."
LEDGER = Topic(1, 1, {"cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime"})
LINES = f"    ledger: required\nowner: {OWNER}\n"


@pytest.fixture(scope="module")
def log(kafka: Sandbox) -> Iterator[KafkaLog]:
    """The owner's ledger."""
    name = f"_kafka_gitops.{OWNER}.generated"
    with open_cluster(kafka.client()) as cluster:
        assert cluster.create_topics({name: LEDGER}) == {name: None}
    link = Link(login(kafka.client()), timeout=10)
    yield on(link).log(name)
    link.close()


@pytest.fixture(scope="module")
def commits(
    tmp_path_factory: pytest.TempPathFactory, kafka: Sandbox, registry: Server, worker: Server, log: KafkaLog
) -> Iterator[Commits]:
    with repository(tmp_path_factory.mktemp("died"), PREFIX, 15, kafka, registry, worker, more=LINES) as made:
        yield made


@pytest.fixture(scope="module")
def deaths() -> list[int]:
    """Of each death how many changes were asked for by then."""
    return []


@pytest.mark.parametrize("number", range(1, COUNT + 1))
def test_the_next_run_goes_on(commits: Commits, log: KafkaLog, deaths: list[int], number: int) -> None:
    chance = Random(number)
    for _ in range(TRIES):
        commits.edit()
        accepted = commits.plan()
        killed = commits.apply(accepted, dies=chance.randint(commits.messages // 2, commits.messages))
        died = freed(log)
        accepted = commits.plan()
        assert not commits.apply(accepted)
        assert commits.last is not None
        found = state.read(log)
        told(commits.last.said, died, found)
        commits.converged()
        recorded(found, log)
        if killed and died:
            deaths.append(sum(len(one.asked) + len(one.told) for one in died))
            return
    pytest.fail(f"none of {TRIES} applies was killed after it had asked for something")


def freed(log: KafkaLog) -> list[dead.Dead]:
    """The lock is taken away from who is dead; what the ledger says of them."""
    holder = look(log).holder
    if holder is not None:
        unlock(log, holder.run, "it was killed")
    return dead.dead(state.read(log), "")


def told(said: str, died: list[dead.Dead], found: state.State) -> None:
    """What the next run said of the dead, and how it closed their records."""
    for one in died:
        assert f"Run {one.run.run}" in said and "died: it began at" in said, said
        closed = found.run(one.run.run)
        assert closed.status == "died"
        assert len(closed.outcomes) == len(one.asked) + len(one.told)
        for asked in one.uncertain:
            assert f"{asked.kind} {asked.name}: {asked.action} was asked for, and no answer came" in said, said
    assert (" died: it began at " in said) == bool(died), said


def recorded(found: state.State, log: KafkaLog) -> None:
    """Nothing is open, the chain is whole, and the last run did all that it wanted."""
    assert found.running == ()
    assert not [key for key in found.values if key.startswith("step/")]
    assert found.owner is not None and found.owner.open == ()
    runs = {run: found.run_data(run) for run in found.run_ids}
    assert [one.sentence for one in chain.verify(runs.values(), (found.owner.number, found.owner.digest))] == []
    last: Run = found.run(str(found.owner.run))
    assert (last.status, {one.status for one in last.outcomes} <= {"done", "already"}) == ("done", True)


def test_some_died_with_something_asked_for(deaths: list[int]) -> None:
    assert any(deaths), deaths

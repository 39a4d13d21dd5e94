"""An apply of a generated topology dies in the middle (SIGKILL): the next run finishes what it began."""

import os
from collections.abc import Iterator
from random import Random

import pytest
from committing import Commits, repository

from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.rest import Server

pytestmark = pytest.mark.kafka

COUNT = 30 if os.environ.get("KAFKA_GITOPS_LONG") else 6  # `make long`
TRIES = 6  # an apply may end before its death comes


@pytest.fixture(scope="module")
def commits(
    tmp_path_factory: pytest.TempPathFactory, kafka: Sandbox, registry: Server, worker: Server
) -> Iterator[Commits]:
    with repository(tmp_path_factory.mktemp("killed"), "kill.", 6, kafka, registry, worker) as made:
        yield made


@pytest.fixture(scope="module")
def deaths() -> list[tuple[int, int]]:
    """Of each death: how many changes were planned before, and how many after."""
    return []


@pytest.mark.parametrize("number", range(1, COUNT + 1))
def test_the_next_run_converges(commits: Commits, deaths: list[tuple[int, int]], number: int) -> None:
    chance = Random(number)
    for _ in range(TRIES):
        commits.edit()
        accepted, planned = commits.plan(), commits.changes
        killed = commits.apply(accepted, dies=chance.randint(commits.messages // 3, commits.messages))
        accepted, left = commits.plan(), commits.changes
        assert not commits.apply(accepted)
        commits.converged()
        if killed:
            deaths.append((planned, left))
            return
    pytest.fail(f"none of {TRIES} applies sent so many messages")


def test_some_died_between_two_writes(deaths: list[tuple[int, int]]) -> None:
    assert any(0 < left < planned for planned, left in deaths), deaths

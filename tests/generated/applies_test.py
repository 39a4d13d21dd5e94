"""Generated topologies with all six kinds, applied one after the other to one cluster, registry and worker."""

import os
from collections.abc import Iterator

import pytest
from committing import Commits, repository

from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.rest import Server

pytestmark = pytest.mark.kafka

COUNT = 60 if os.environ.get("KAFKA_GITOPS_LONG") else 12  # `make long`


@pytest.fixture(scope="module")
def commits(
    tmp_path_factory: pytest.TempPathFactory, kafka: Sandbox, registry: Server, worker: Server
) -> Iterator[Commits]:
    with repository(tmp_path_factory.mktemp("applied"), "gen.", 12, kafka, registry, worker) as made:
        yield made


@pytest.mark.parametrize("number", range(1, COUNT + 1))
def test_each_is_applied_and_its_second_plan_is_empty(commits: Commits, number: int) -> None:
    commits.edit()
    accepted = commits.plan()
    commits.desk.ok("apply", "plan.json", *accepted)
    commits.converged()

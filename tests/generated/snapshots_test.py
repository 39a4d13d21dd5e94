"""A plan against a snapshot is the plan on the servers: generated topologies of all kinds, each against what the one
before left on one cluster, registry and worker."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from committing import Commits, repository

from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.rest import Server

pytestmark = pytest.mark.kafka

COUNT = 60 if os.environ.get("KAFKA_GITOPS_LONG") else 4  # `make long`
ONLY_SERVERS = ("connector-unknown-key", "topic-delete")  # risks: a plugin's keys, whether a topic holds records


@pytest.fixture(scope="module")
def commits(
    tmp_path_factory: pytest.TempPathFactory, kafka: Sandbox, registry: Server, worker: Server
) -> Iterator[Commits]:
    with repository(tmp_path_factory.mktemp("past"), "past.", 21, kafka, registry, worker) as made:
        yield made


@contextmanager
def offline() -> Iterator[None]:
    """No connection can be made, and no password is in the environment."""

    def refuse(*_: object) -> None:
        raise AssertionError("a plan against a snapshot connects")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "create_connection", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        for name in [name for name in os.environ if name.startswith("WORD_")]:
            patch.delenv(name)
        yield


def said(commits: Commits, *words: str) -> dict[str, Any]:
    """The plan of the last commit, without what names the snapshot and what only servers can tell."""
    result = commits.desk.run("plan", "--base", "HEAD~1", "--format", "json", *words)
    assert result.code in (0, 4), result
    plan: dict[str, Any] = json.loads(result.out)
    for change in plan["changes"]:
        change["risks"] = [risk for risk in change["risks"] if risk["name"] not in ONLY_SERVERS]
        for risk in change["risks"]:
            risk["sentence"] = risk["sentence"].split("; ")[0]  # figures, which only brokers can tell
    return {key: value for key, value in plan.items() if key not in ("approval", "digest", "snapshot")}


@pytest.mark.parametrize("number", range(1, COUNT + 1))
def test_a_plan_against_a_snapshot_is_that_on_the_servers(commits: Commits, number: int) -> None:
    commits.edit()
    commits.desk.ok("snapshot", "-o", "now.snapshot")
    accepted = commits.plan()
    for words in ((), ("--only-change",)):
        live = said(commits, *words)
        with offline():
            past = said(commits, "--against", "now.snapshot", *words)
        assert [one for one in past["changes"] if one not in live["changes"]] == []
        assert past == live
    commits.desk.ok("apply", "plan.json", *accepted)
    commits.converged()
    commits.desk.ok("snapshot", "-o", "then.snapshot")
    with offline():
        result = commits.desk.run("plan", "--exit-code", "--against", "then.snapshot")
    assert result.code == 0 and result.out.startswith("No changes."), result

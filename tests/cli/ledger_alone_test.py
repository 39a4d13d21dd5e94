"""`ledger erase` and `ledger move` while a run applies: they take the owner's lock, and write over nothing."""

from pathlib import Path

import pytest
from desk import Desk, topology
from hooking import git
from ledgered import CONFIG, Ledgered
from memory_log import MemoryLog
from recording import stand_in

from kafka_gitops.cli import locking
from kafka_gitops.ledger import state
from kafka_gitops.ledger.holding import look


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Ledgered:
    monkeypatch.setenv("USER", "anna")
    made = Ledgered(MemoryLog())
    stand_in(monkeypatch, made)
    return made


@pytest.fixture
def desk(tmp_path: Path, cluster: Ledgered) -> Desk:
    """A repository that was applied once."""
    made = Desk(tmp_path)
    git(made.home, "init", "-q", "-b", "main")
    made.write("kafka-gitops.yaml", CONFIG.format(mode="required"))
    made.write(".gitignore", "kafka-gitops-record.json\n")
    made.write("topologies/a.yaml", topology("acme.", "orders"))
    git(made.home, "add", "-A")
    git(made.home, "commit", "-qm", "orders")
    made.ok("apply", "--yes")
    return made


MOVE, ERASE = ["ledger", "move"], ["ledger", "erase", "--actor", "anna"]


SAID = (
    "error: The lock of _kafka_gitops.acme.prod is held by run run-1 since 2027-01-15 08:00:00 UTC. "
    "Nothing was written.\n  Run this again when that run is over.\n"
)


@pytest.mark.parametrize("words", [MOVE, ERASE])
def test_neither_writes_while_a_run_applies(desk: Desk, cluster: Ledgered, words: list[str]) -> None:
    desk.write("other.yaml", CONFIG.format(mode="required") + "topology: topologies/\n")
    with locking.held(MemoryLog(cluster.ledger.partition), run="run-1", wait=0):
        before = state.read(cluster.ledger).owner
        ran = desk.run(*words, "--config", "other.yaml")
        assert (ran.code, ran.err) == (4, SAID)
        assert state.read(cluster.ledger).owner == before


def test_a_person_is_taken_out_under_the_lock(desk: Desk, cluster: Ledgered) -> None:
    assert "Erased " in desk.ok(*ERASE)
    assert "No record of " in desk.ok(*ERASE)
    assert "anna" not in desk.ok("ledger", "export")
    assert look(cluster.ledger).holder is None
    desk.ok("apply", "--yes")


def test_a_config_that_moved_is_told_under_the_lock(desk: Desk, cluster: Ledgered) -> None:
    git(desk.home, "mv", "kafka-gitops.yaml", "other.yaml")
    git(desk.home, "commit", "-qm", "moved")
    assert desk.run("apply", "--yes", "--config", "other.yaml").code == 4
    assert ", no longer of " in desk.ok(*MOVE, "--config", "other.yaml")
    assert look(cluster.ledger).holder is None
    desk.ok("apply", "--yes", "--config", "other.yaml")

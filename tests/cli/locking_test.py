"""The lock while a run applies."""

import time

import pytest
from memory_log import MemoryLog

from kafka_gitops.cli import locking
from kafka_gitops.errors import Blocked
from kafka_gitops.ledger import holding
from kafka_gitops.ledger.holding import look


def test_it_is_renewed_while_the_run_is_busy_and_free_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "RENEWAL", 0.05)
    monkeypatch.setattr(locking, "TICK", 0.01)
    log = MemoryLog()
    with locking.held(log, run="run-1", wait=0):
        before = log.partition.end
        end = time.monotonic() + 10
        while log.partition.end < before + 2 and time.monotonic() < end:
            time.sleep(0.01)
        assert log.partition.end >= before + 2
    assert look(log).holder is None


def test_it_is_free_after_a_failure() -> None:
    log = MemoryLog()
    with pytest.raises(KeyError), locking.held(log, run="run-1", wait=0):
        raise KeyError
    assert look(log).holder is None


def test_who_comes_second_says_that_it_waits(capsys: pytest.CaptureFixture[str]) -> None:
    log = MemoryLog()
    with locking.held(log, run="run-1", wait=0):
        with pytest.raises(Blocked), locking.held(MemoryLog(log.partition), run="run-2", wait=1.5):
            pass
        assert "waiting for the lock of _kafka_gitops.acme.dev: run run-1 has it since" in capsys.readouterr().err
        with pytest.raises(Blocked), locking.held(MemoryLog(log.partition), run="run-3", wait=0):
            pass
        assert capsys.readouterr().err == ""

"""Wherever a run dies between the appends of its end, others know all that its owner has applied, or that they do not."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest
from memory_log import MemoryLog
from memory_logs import CLUSTER, MemoryLogs
from unlocked import Plainly

from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.ledger import audit, chain, ending, names, others, packed, records, state
from kafka_gitops.ledger.journal import Journal
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.names import Claim
from kafka_gitops.ledger.nouns import Run
from kafka_gitops.ledger.owner import Identity

TOPIC = "_kafka_gitops.acme.dev"
WHO = Identity("acme", "dev", "github.com/acme/streams", "kafka-gitops.yaml")
BEFORE = [Claim("topic", f"before{number}", names.digest({"n": number})) for number in range(40)]
AFTER = [Claim("topic", f"after{number}", names.digest({"n": number})) for number in range(60)]
KEYS = {one.key for one in (*BEFORE, *AFTER)}


class Dead(Exception):
    """The process is gone."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that takes little at once: an end is in many appends."""
    monkeypatch.setattr("kafka_gitops.ledger.packed.packed", partial(packed.packed, most=600))
    monkeypatch.setattr("kafka_gitops.ledger.journal.FULL", 1_000)


def end(log: MemoryLog, number: int, claimed: Sequence[Claim], parts_before: int = 0, dies: int = -1) -> int:
    """The end of a run, which dies before so many appends; how many parts of names it has."""
    left = [dies]

    def before(_entries: Sequence[Entry]) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise Dead

    log.before = before
    run = ending.ended(Run(f"run-{number}", number, None, CLUSTER, "acme", "dev", "running"), (), code=0, stopped=False)
    parts = names.parts(claimed, CLUSTER, run.run)
    owner = ending.owner(WHO, None, run, ending.Applied("c1", True, ()), len(parts), (), at=0, digest=chain.digest(run))
    Journal(Plainly(log), run, True).end(records.body(run), owner, parts, parts_before=parts_before)
    return len(parts)


def known(logs: MemoryLogs) -> set[str] | None:
    """What others know of this owner; None where they say that they do not."""
    try:
        return {key.name for key in others.holders(logs, "", CLUSTER, KEYS)}
    except KafkaGitopsError:
        return None


def named(claimed: Sequence[Claim]) -> set[str]:
    return {one.name for one in claimed}


@pytest.mark.parametrize("first", [0, 1, 10, 40])
@pytest.mark.parametrize("second", [0, 1, 10, 60])
def test_others_know_all_of_one_run_or_say_that_they_do_not(first: int, second: int) -> None:
    seen = []
    for dies in range(20):
        logs = MemoryLogs()
        log = logs.made(TOPIC)
        parts = end(log, 1, BEFORE[:first])
        try:
            end(log, 2, AFTER[:second], parts, dies)
        except Dead:
            seen.append(known(logs))
            log.before = None
            end(log, 3, AFTER[:second], parts)
        assert known(logs) == named(AFTER[:second])
    assert seen[0] == named(BEFORE[:first])
    assert all(one in (None, named(BEFORE[:first])) for one in seen), seen
    assert len(seen) < 20


def test_the_names_of_a_run_whose_own_end_is_missing_are_not_believed() -> None:
    logs = MemoryLogs()
    log = logs.made(TOPIC)
    end(log, 1, BEFORE[:1])
    with pytest.raises(Dead):
        end(log, 2, AFTER[:1], 1, 1)
    (part,) = names.parts(AFTER[:1], CLUSTER, "run-2")
    log.append([Entry(part.key, records.encode(replace(part, of=1)))])
    with pytest.raises(KafkaGitopsError) as error:
        others.holders(logs, "", CLUSTER, KEYS)
    said = "the names in the ledger are not all of run run-1, which was the last to end"
    assert error.value.message == f"ledger {TOPIC}: {said}"
    assert error.value.help == "The next apply of all its files writes them anew."
    looked = [*audit.examine(state.read(log), WHO)]
    assert [(one.status, one.step, one.found) for one in looked][1:2] == [("note", "names", said)]

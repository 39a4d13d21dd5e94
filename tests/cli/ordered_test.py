"""Old jobs, other lines, two at once and `unlock`, as the commands speak, with a ledger in memory."""

from pathlib import Path

import pytest
from desk import Desk, topology
from goldens import expected
from hooking import git
from ledgered import CONFIG, Ledgered
from memory_log import CLUSTER, MemoryLog
from recording import stand_in

from kafka_gitops.ledger import records, state
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Lock
from kafka_gitops.ledger.people import person

GOLDEN = Path(__file__).parents[1] / "data" / "ledger" / "order"
RUN = "20270115-075900-abcdef"


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Ledgered:
    monkeypatch.setenv("USER", "anna")
    made = Ledgered(MemoryLog())
    stand_in(monkeypatch, made)
    return made


class Clone(Desk):
    """A repository in which topics are added by commits."""

    def commit(self, *topics: str) -> str:
        self.write("topologies/a.yaml", topology("acme.", *topics))
        git(self.home, "add", "-A")
        git(self.home, "commit", "-qm", ",".join(topics))
        return git(self.home, "rev-parse", "HEAD").strip()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    made = Clone(tmp_path)
    git(made.home, "init", "-q", "-b", "main")
    made.write("kafka-gitops.yaml", CONFIG.format(mode="required"))
    made.write(".gitignore", "kafka-gitops-record.json\nkafka-gitops-reports/\n")
    return made


def test_an_old_job_is_refused_and_its_plan_says_so(clone: Clone, cluster: Ledgered) -> None:
    old = clone.commit("orders")
    clone.ok("apply", "--yes")
    clone.commit("orders", "payments")
    clone.ok("apply", "--yes")
    git(clone.home, "checkout", "-q", old)
    planned, applied, piped = (clone.run(*words) for words in (["plan"], ["apply", "--yes"], ["ci", "apply", "--yes"]))
    assert (planned.code, applied.code, piped.code) == (0, 4, 4)
    assert f"note: An apply of this is refused: Commit {old[:12]} is older than" in planned.err
    assert "Nothing was applied." in applied.err and "Is this an old job?" in applied.err
    assert "is older than" in piped.err
    assert len(state.read(cluster.ledger).run_ids) == 2


def diverged(clone: Clone) -> str:
    """The commit that was applied, of a line that main is not on any more."""
    first = clone.commit("orders")
    last = clone.commit("orders", "payments")
    clone.ok("apply", "--yes")
    git(clone.home, "reset", "-q", "--hard", first)
    clone.commit("orders", "refunds")
    return last


def test_another_line_goes_once_by_the_name_of_what_was_applied(clone: Clone, cluster: Ledgered) -> None:
    last = diverged(clone)
    refused = clone.run("apply", "--yes")
    assert refused.code == 4
    assert f"--allow-diverged {last[:12]}" in refused.err
    assert clone.run("apply", "--yes", "--allow-diverged", last[:12]).code == 0
    found = state.read(cluster.ledger)
    assert sorted(run.diverged or "" for run in map(found.run, found.run_ids)) == ["", last]
    assert sorted(cluster.topics) == ["acme.orders", "acme.payments", "acme.refunds"]
    assert clone.run("apply", "--yes").code == 0


def test_a_plan_of_the_same_commit_says_nothing_of_order(clone: Clone, cluster: Ledgered) -> None:
    clone.commit("orders")
    clone.ok("apply", "--yes")
    clone.commit("orders", "payments")
    assert "refused" not in clone.run("plan").err


def test_local_edits_are_applied_by_the_commit_that_they_stand_on(clone: Clone, cluster: Ledgered) -> None:
    clone.commit("orders")
    clone.ok("apply", "--yes")
    clone.write("topologies/a.yaml", topology("acme.", "orders", "payments"))
    clone.ok("apply", "--yes")
    clone.commit("orders", "payments", "refunds")
    clone.ok("apply", "--yes")
    assert sorted(cluster.topics) == ["acme.orders", "acme.payments", "acme.refunds"]


def claimed(cluster: Ledgered) -> None:
    """Another run has the lock."""
    held = Lock(CLUSTER, RUN, "claim", by=person("bob", "environment", "00"), url="https://ci.example/7")
    cluster.ledger.append([Entry(held.key, records.encode(held))])


def test_unlock_says_who_had_it_and_records_why(clone: Clone, cluster: Ledgered) -> None:
    claimed(cluster)
    clone.commit("orders")
    assert clone.run("apply", "--yes").code == 4
    done = clone.run("unlock", RUN, "--reason", "its runner was lost")
    assert (done.code, done.err) == (0, "")
    assert done.out == expected(GOLDEN.parent / "lock" / "unlock.txt", done.out)
    said = records.decode(*next((one.key, one.value or b"") for one in cluster.ledger.partition.records[::-1]))
    assert (said.key, getattr(said, "reason", "")) == (f"unlock/{RUN}", "its runner was lost")
    assert clone.run("apply", "--yes").code == 0


@pytest.mark.parametrize("words", [[], ["--reason", " "]])
def test_unlock_needs_a_reason(clone: Clone, cluster: Ledgered, words: list[str]) -> None:
    claimed(cluster)
    refused = clone.run("unlock", RUN, *words)
    assert refused.code == 64
    assert "unlock takes a reason, which is recorded in the ledger." in refused.err


def test_unlock_of_a_run_that_has_no_lock(clone: Clone, cluster: Ledgered) -> None:
    claimed(cluster)
    refused = clone.run("unlock", "20200101-000000-000000", "--reason", "why not")
    assert refused.code == 1
    assert (
        f"does not hold the lock of _kafka_gitops.acme.prod: run {RUN} of bob (https://ci.example/7) does"
        in refused.err
    )


def test_a_pipeline_waits_for_the_lock_and_says_for_whom(
    clone: Clone, cluster: Ledgered, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed(cluster)
    clone.commit("orders")
    done = clone.run("ci", "apply", "--yes", "--lock-timeout", "1s")
    assert done.code == 4
    assert f"waiting for the lock of _kafka_gitops.acme.prod: run {RUN} of bob" in done.err
    assert "also after 1 s of waiting" in done.err

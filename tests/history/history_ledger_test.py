"""What a ledger adds to a history: real runs joined with commits, holds, unlocks, drift, a chain that was changed."""

from dataclasses import replace
from pathlib import Path

import merging
import pytest
from desk import _inside
from goldens import expected
from ledgers import SALT, Kept, known, of_acme
from memory_log import CLUSTER
from merging import ORDERS, Repo

from kafka_gitops.cli import ledger_past, remembered
from kafka_gitops.git.line import Line
from kafka_gitops.history import runs
from kafka_gitops.history.entry import Accepted, Entry, Fact
from kafka_gitops.history.joined import named
from kafka_gitops.ledger import audit, records, state
from kafka_gitops.ledger.nouns import Hold, Unlock
from kafka_gitops.ledger.people import person

GOLDEN = Path(__file__).parents[1] / "data" / "history"


@pytest.fixture
def acme(tmp_path: Path) -> Repo:
    return merging.acme(tmp_path / "acme")


@pytest.fixture
def kept(acme: Repo, monkeypatch: pytest.MonkeyPatch) -> Kept:
    made = of_acme(acme)
    monkeypatch.setattr(ledger_past, "read", lambda *_: read(made))
    return made


def read(kept: Kept) -> ledger_past.Ledger:
    return ledger_past.told(state.read(kept.log))


@pytest.mark.parametrize("form", ["text", "markdown", "json", "csv"])
def test_every_format(acme: Repo, kept: Kept, form: str) -> None:
    out = acme.desk.ok("history", "--format", form)
    assert out == expected(GOLDEN / f"ledger.{form}", out)


def test_a_commit_says_which_run_applied_it(acme: Repo, kept: Kept) -> None:
    out = acme.desk.ok("history", f"topic {ORDERS}")
    assert "  run             not applied yet: ledger\n" in out
    assert "  run             20260101-000000-000003: ledger\n" in out


def test_who_and_which_risk_are_found_in_runs(acme: Repo, kept: Kept) -> None:
    out = acme.desk.ok("history", "--by", "cleo")
    assert "approved by     cleo: platform API" in out
    assert "hold  topic acme.pay.orders is left as it is until" in out


def test_who_accepted_by_a_commit_is_its_author(acme: Repo) -> None:
    with _inside(acme.desk.home), Line() as line:
        commit = line.steps[1].commit.id[:7]
        by = Fact(f"commit {commit}", "git (unproved)")
        other = Fact("commit 0000000", "git (unproved)")
        told = Entry(0, "applied", "x", accepted=(Accepted("r", "n", by), Accepted("r", "m", other)))
        [entry] = named([told], line.steps)
    assert [one.by.value for one in entry.accepted] == [f"Dan (commit {commit})", "commit 0000000"]


def test_runs_of_one_second_are_told_in_the_order_of_the_log() -> None:
    kept = Kept()
    for number in range(3):
        kept.run(1800000000, "a" * 40, reason=str(number))
    names = [f"20260101-000000-{name}" for name in ("00000c", "00000a", "00000b")]
    for at, name in enumerate(names):
        kept.add(1800000001, Unlock(CLUSTER, name, at, str(at)))
    found = read(kept).entries
    assert [one.more["reason"] for one in found] == ["2", "1", "0", "2", "1", "0"]


def test_a_run_that_was_changed_is_said_where_it_is(acme: Repo, kept: Kept) -> None:
    at = next(i for i, one in enumerate(kept.log.partition.records) if one.key == "run/20260101-000000-000001")
    record = kept.log.partition.records[at]
    assert record.value is not None
    kept.log.partition.records[at] = record._replace(value=record.value.replace(b"a note of", b"a lie on"))
    out = acme.desk.ok("history")
    said = (
        "broken  run 20260101-000000-000001 is not as it was when run 20260101-000000-000002 was written: "
        "its hash is another\n"
    )
    assert said in out
    assert out.index(said) < out.index("a lie on")


def test_a_run_that_is_missing_is_said_too(kept: Kept) -> None:
    records = kept.log.partition.records
    kept.log.partition.records = [one for one in records if one.key != "run/20260101-000000-000002"]
    [broken] = [one for one in read(kept).entries if one.what == "broken"]
    assert broken.title == "1 run is missing between 20260101-000000-000001 and 20260101-000000-000003"


def test_a_record_that_cannot_be_read_is_an_entry(kept: Kept) -> None:
    kept.log.partition.records = [
        one._replace(value=b"{") if one.key.startswith("hold/") else one for one in kept.log.partition.records
    ]
    [broken] = [one for one in read(kept).entries if one.what == "broken"]
    assert broken.title.startswith("the record 'hold/topic acme.pay.orders' is damaged")


def test_an_old_ledger_begins_somewhere(kept: Kept) -> None:
    records = kept.log.partition.records
    kept.log.partition.records = [one for one in records if one.key != "run/20260101-000000-000001"]
    assert [one.title for one in read(kept).entries if one.what == "begins"] == [
        "the record begins with run 20260101-000000-000002: the run before it is gone"
    ]


def test_a_time_that_no_calendar_has(kept: Kept) -> None:
    kept.add(1800000001, Hold(CLUSTER, "topic", "t", 10**15, "x", "20260101-000000-000003"))
    assert read(kept).entries[0].title == "topic t is left as it is until 9999-12-31 23:59 UTC"
    [hold] = remembered.held(state.read(kept.log)).values()
    assert hold.last == "9999-12-31 23:59 UTC"


def test_what_was_written_anew_as_somebody_was_erased_keeps_its_time() -> None:
    kept, day, cleo = Kept(), 86400, person("cleo", "environment", SALT)
    for number in range(3):
        began = 1767400000 + number * day
        made: dict[str, object] = {**known(), "actor": cleo} if number == 0 else {}
        kept.run(began + 60, "a" * 40, run=records.run_id(began, "0a1b2c"), **made)
    held = Hold(CLUSTER, "topic", "t", 1768000000, "x", records.run_id(1767400000, "0a1b2c"), cleo)
    kept.add(1767400100, held)
    kept.log.partition.now += 100 * day
    for entries in audit.without(state.read(kept.log), "cleo"):
        kept.log.append(entries)
    times = [(entry.what, entry.time) for entry in read(kept).entries]
    assert times == [
        ("applied", 1767400060 + 2 * day),
        ("applied", 1767400060 + day),
        ("hold", 1767400000),
        ("applied", 1767400000),
    ]


def test_a_mirrored_ledger_counts_for_nothing(kept: Kept) -> None:
    other = state.folded(kept.log.read(), kept.log.topic, "another-cluster")
    told = ledger_past.told(other)
    assert told.entries == []
    assert told.origin.endswith(f"of another cluster ({CLUSTER}) count for nothing")


def test_somebody_who_was_erased() -> None:
    found = person("ann", "environment", SALT)
    assert runs.somebody(found).value == "ann"
    assert runs.somebody(replace(found, name=None, salt=None)).value == "erased"

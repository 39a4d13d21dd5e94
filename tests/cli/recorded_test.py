"""An apply with a ledger, as it speaks: its name first and last, its record and the copy, and a ledger that fails."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, Result, topology
from ledgered import CONFIG, Ledgered
from memory_log import CLUSTER, MemoryLog
from recording import stand_in

from kafka_gitops.ci import Context
from kafka_gitops.ci.approvals import Told, User
from kafka_gitops.cli import origin
from kafka_gitops.clients.http import ApiError
from kafka_gitops.errors import KafkaGitopsError, Unreachable
from kafka_gitops.ledger import chain, records, state
from kafka_gitops.ledger.log import Entry, NoLedger
from kafka_gitops.ledger.nouns import Lock, Names
from kafka_gitops.ledger.people import Fact


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.write("kafka-gitops.yaml", CONFIG.format(mode="required"))
    made.write("topologies/a.yaml", topology("acme.", "orders"))
    return made


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Ledgered:
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "anna")
    made = Ledgered(MemoryLog())
    stand_in(monkeypatch, made)
    return made


def named(text: str) -> str:
    """A text with RUN in the place of runs' names, and without times."""
    return re.sub(r" in [\d.]+ s\b", " in 0.0 s", re.sub(r"\d{8}-\d{6}-[0-9a-f]{6}", "RUN", text))


def test_its_name_is_the_first_and_the_last_line(desk: Desk, cluster: Ledgered) -> None:
    result = desk.run("apply", "--yes")
    assert (result.code, result.err) == (0, "")
    assert named(result.out) == (
        "Run RUN\n"
        "Plan for prod (cluster memory-cl…, 1 topic, 0 ACLs)\n"
        "  1 topic to create, 0 to update, 0 to delete\n"
        "\n"
        "  + topic acme.orders                                       topologies/a.yaml:3\n"
        "      partitions          the broker's default\n"
        "      replication         the broker's default\n"
        "Applying 1 change to prod (cluster memory-cl…)\n"
        "  + topic acme.orders                           done\n"
        "1 applied and verified, 0 failed, 0 skipped, 0 not possible in 0.0 s\n"
        "Recorded as run RUN.\n"
    )


def test_the_record_and_its_copy(desk: Desk, cluster: Ledgered) -> None:
    result = desk.run("apply", "--yes", "--record", "out/record.json")
    found = state.read(cluster.ledger)
    (run,) = found.run_ids
    assert f"Run {run}\n" in result.out
    copy = json.loads((desk.home / "out/record.json").read_text())
    assert copy == found.run_data(run)
    assert (copy["status"], copy["actor"]["name"], copy["actor"]["source"]) == ("done", "anna", "environment")
    assert [(one["kind"], one["name"], one["action"], one["status"]) for one in copy["outcomes"]] == [
        ("topic", "acme.orders", "create", "done")
    ]
    assert found.owner is not None
    assert (found.owner.run, found.owner.digest, found.owner.parts) == (run, chain.digest(copy), 1)
    assert [claim.name for claim in found.claims] == ["acme.orders"]


def test_a_run_without_a_change_is_recorded_and_chained(desk: Desk, cluster: Ledgered) -> None:
    desk.ok("apply", "--yes")
    desk.ok("apply", "--yes")
    found = state.read(cluster.ledger)
    newest, oldest = found.run_ids if found.run(found.run_ids[0]).number == 2 else found.run_ids[::-1]
    assert found.run(newest).previous == chain.digest(found.run(oldest))
    assert chain.verify([found.run_data(run) for run in found.run_ids], (2, chain.digest(found.run(newest)))) == []


def test_a_pipeline_keeps_its_copy_beside_its_reports(desk: Desk, cluster: Ledgered) -> None:
    result = desk.run("ci", "apply", "--yes")
    assert result.code == 0
    assert named(result.out).startswith("Run RUN\n")
    copy = json.loads((desk.home / "kafka-gitops-reports/kafka-gitops-record.json").read_text())
    assert (copy["command"], copy["status"]) == ("ci apply", "done")
    summary = (desk.home / "kafka-gitops-reports/summary.md").read_text()
    assert f"recorded as `{copy['run']}`" in summary


def test_without_a_ledger_nothing_of_it_shows(desk: Desk, cluster: Ledgered) -> None:
    desk.write("kafka-gitops.yaml", CONFIG.format(mode="off"))
    result = desk.run("apply", "--yes")
    assert result.out.startswith("Plan for prod") and "Recorded" not in result.out
    assert (cluster.ledger.appends, cluster.ledger.reads) == (0, [])
    assert not (desk.home / "kafka-gitops-record.json").exists()


NOT_WRITTEN = "NOT_ENOUGH_REPLICAS: 1 of 2"


def test_required_and_not_written_before_the_first_request(desk: Desk, cluster: Ledgered) -> None:
    fails(cluster, 0)
    result = desk.run("apply", "--yes")
    assert result.code == 1
    assert cluster.topics == {}
    assert f"skipped: the ledger could not be written: {NOT_WRITTEN}" in result.out


def test_required_and_its_end_not_written(desk: Desk, cluster: Ledgered) -> None:
    fails(cluster, 1)  # only the run with its request
    result = desk.run("apply", "--yes")
    assert result.code == 6
    assert [*cluster.topics] == ["acme.orders"]
    assert named(result.err) == (
        f"The record of run RUN is not in the ledger, it is in kafka-gitops-record.json: {NOT_WRITTEN}\n"
    )
    copy = json.loads((desk.home / "kafka-gitops-record.json").read_text())
    assert copy["notes"] == [f"it is not in the ledger: {NOT_WRITTEN}"]


def test_names_of_which_a_part_is_missing_are_whole_after_the_next_apply(desk: Desk, cluster: Ledgered) -> None:
    desk.ok("apply", "--yes")
    one = records.decode("names/1", state.read(cluster.ledger).values["names/1"])
    assert isinstance(one, Names)
    cluster.ledger.append([Entry(one.key, records.encode(replace(one, of=2)))])
    assert desk.run("apply", "--yes").code == 0
    assert [claim.name for claim in state.read(cluster.ledger).claims] == ["acme.orders"]


def fails(cluster: Ledgered, after: int) -> None:
    """From the record of a run on, all appends but the first ones are refused."""
    left = [after]

    def refuse(entries: Sequence[Entry]) -> None:
        if left[0] == after and not any(entry.key.startswith("run/") for entry in entries):
            return  # the claim
        left[0] -= 1
        if left[0] < 0:
            raise KafkaGitopsError(NOT_WRITTEN)

    cluster.ledger.before = refuse


@pytest.mark.parametrize("failure", [Unreachable("The connection was lost."), NoLedger("There is no topic T.")])
def test_a_ledger_that_cannot_be_read(
    desk: Desk, cluster: Ledgered, failure: KafkaGitopsError, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster.ledger, "bounds", raising(failure))
    result = desk.run("apply", "--yes")
    assert (result.code, cluster.topics) == (failure.exit_code, {})
    assert result.err.startswith(f"error: {failure.message}\n")
    desk.write("kafka-gitops.yaml", CONFIG.format(mode="optional"))
    result = desk.run("apply", "--yes")
    assert (result.code, [*cluster.topics]) == (0, ["acme.orders"])
    assert f"warning: This apply is not in the ledger, and has no lock: {failure.message}\n" in result.err
    copy = json.loads((desk.home / "kafka-gitops-record.json").read_text())
    assert copy["notes"] == [f"it is not in the ledger: {failure.message}"]


def raising(failure: Exception) -> Callable[..., Any]:
    def fail(*_: object) -> Any:
        raise failure

    return fail


def test_optional_and_not_written_any_more(desk: Desk, cluster: Ledgered) -> None:
    desk.write("kafka-gitops.yaml", CONFIG.format(mode="optional"))
    fails(cluster, 0)
    result = desk.run("apply", "--yes")
    assert (result.code, [*cluster.topics]) == (0, ["acme.orders"])
    assert result.err == f"warning: The ledger cannot be written any more, the apply goes on: {NOT_WRITTEN}\n"


def test_what_another_run_holds_is_not_applied(desk: Desk, cluster: Ledgered) -> None:
    other = Lock(CLUSTER, "20270115-075900-abcdef", "claim")
    cluster.ledger.append([Entry(other.key, records.encode(other))])
    result = desk.run("apply", "--yes")
    assert (result.code, cluster.topics) == (4, {})
    assert "is held by run 20270115-075900-abcdef since 2027-01-15 08:00:00 UTC" in result.err
    assert state.read(cluster.ledger).run_ids == ()


def test_the_next_run_tells_of_one_that_died(desk: Desk, cluster: Ledgered) -> None:
    fails(cluster, 1)  # nothing is written after its request, as if it had been killed
    assert desk.run("apply", "--yes").code == 6
    cluster.ledger = MemoryLog(cluster.ledger.partition)
    cluster.ledger.partition.now += 1000  # its lease is over
    result = desk.run("apply", "--yes")
    assert result.code == 0
    assert named(result.err) == (
        "Run RUN by anna died: it began at 2027-01-15 08:00:00 UTC and never told its end.\n"
        "  1 change of it done, topic acme.orders without an answer\n"
        "This run goes on with what is open.\n"
    )
    found = state.read(cluster.ledger)
    assert sorted(found.run(run).status for run in found.run_ids) == ["died", "done"]
    assert found.running == ()


def test_nobody_is_named_where_nobody_is_to_be(desk: Desk, cluster: Ledgered) -> None:
    desk.write("kafka-gitops.yaml", CONFIG.format(mode="{mode: required, actors: none}"))
    desk.ok("apply", "--yes")
    assert b"anna" not in b"".join(one.value or b"" for one in cluster.ledger.partition.records)


@pytest.mark.parametrize(
    ("platform", "told"), [("github", "#7"), ("gitlab", "!7"), ("bitbucket", "#7"), ("jenkins", "#7")]
)
def test_a_change_request_is_recorded_as_git_has_it_too(platform: str, told: str) -> None:
    context = Context(platform, change_request="7")
    assert origin.facts(context, None, None) == {"change_request": Fact(told, "environment")}


@pytest.mark.parametrize(("actors", "names"), [("login", ["ben"]), ("id", ["2"]), ("none", [])])
def test_who_approved_is_what_the_platform_tells(
    desk: Desk, cluster: Ledgered, actors: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kafka_gitops.ci.approvals.told", lambda *_: Told("7", (User("ben", "2"),)))
    desk.write("kafka-gitops.yaml", CONFIG.format(mode=f"{{mode: required, actors: {actors}}}"))
    assert desk.run("ci", "apply", "--yes").code == 0
    found = state.read(cluster.ledger)
    run = found.run(found.run_ids[0])
    assert [(one.name, one.source) for one in run.approvers] == [(name, "platform API") for name in names]
    assert run.facts["change_request"] == Fact("#7", "platform API")


def test_a_platform_that_does_not_answer_stops_nothing(
    desk: Desk, cluster: Ledgered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kafka_gitops.ci.approvals.told", raising(ApiError("GitHub did not answer.")))
    result = desk.run("ci", "apply", "--yes")
    assert result.code == 0
    assert "note: who approved this is not recorded: GitHub did not answer.\n" in result.err


def test_a_failure_before_any_request_is_recorded(desk: Desk, cluster: Ledgered, monkeypatch: Any) -> None:
    monkeypatch.setattr("kafka_gitops.plan.apply.actual", raising(Unreachable("The connection was lost.")))
    result: Result = desk.run("apply", "--yes")
    assert result.code == 5
    found = state.read(cluster.ledger)
    run = found.run(found.run_ids[0])
    assert (run.status, run.notes) == ("failed", ("The connection was lost.",))


def test_a_run_goes_after_its_days(desk: Desk, cluster: Ledgered, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kafka_gitops.ledger.keeping.EVERY", 1)
    desk.write("kafka-gitops.yaml", CONFIG.format(mode="{mode: required, keep: 2d}"))
    desk.ok("apply", "--yes")
    (old,) = state.read(cluster.ledger).run_ids
    desk.ok("apply", "--yes")
    assert old in state.read(cluster.ledger).run_ids
    cluster.ledger.partition.now += 3 * 86_400
    desk.ok("apply", "--yes")
    found = state.read(cluster.ledger)
    assert len(found.run_ids) == 1
    assert [finding.wrong for finding in chain.verify([found.run_data(one) for one in found.run_ids])] == [False]


def test_without_a_ledger_nothing_that_makes_a_record_is_loaded() -> None:
    code = (
        "import sys; import kafka_gitops.cli.apply, kafka_gitops.cli.ci;"
        " print([name for name in sys.modules if name.startswith('kafka_gitops.ledger.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['kafka_gitops.ledger.order']\n"  # the option's name

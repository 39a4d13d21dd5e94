"""Options that would do nothing, and names that are none: refused before a cluster is asked."""

from pathlib import Path

import pytest
from desk import ONE_CLUSTER, Desk, topology

from kafka_gitops.cli import reaching


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(reaching, "connected", lambda *_: pytest.fail("the cluster is asked"))
    monkeypatch.setenv("PASSWORD", "canary")
    made = Desk(tmp_path)
    made.write("kafka-gitops.yaml", f"owner: pay\n{ONE_CLUSTER}    ledger: optional\n")
    return made


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("ledger check --print", "--print belongs to ledger init; ledger check does nothing with it."),
        ("ledger check --fix -o x", "--fix belongs to ledger init; ledger check does nothing with it."),
        ("ledger export --fix", "--fix belongs to ledger init; ledger export does nothing with it."),
        ("ledger erase --actor a -o x", "--output belongs to ledger export; ledger erase does nothing with it."),
        ("ledger move -o x", "--output belongs to ledger export; ledger move does nothing with it."),
        ("ci plan --stop-after 5m", "--stop-after is about an apply"),
        ("ci plan --lock-timeout 5m", "--lock-timeout is about an apply"),
        ("ci plan --record x", "--record is about an apply"),
        ("ci plan --allow-diverged abc1234", "--allow-diverged is about an apply"),
        ("ci drift --lock-timeout 5m", "--lock-timeout is about an apply"),
        ("ci plan --no-issue", "--no-issue is about drift"),
        ("ci lint --record x", "--record is about an apply"),
    ],
)
def test_an_option_of_something_else_is_refused(desk: Desk, words: str, said: str) -> None:
    ran = desk.run(*words.split())
    assert (ran.code, f"error: {said}" in ran.err.splitlines()) == (64, True), ran.err


def test_what_is_added_to_a_whole_pipeline_does_not_stop_its_plan(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_GITOPS_OPTIONS", "--stop-after 5m --lock-timeout=5m --allow-diverged abc1234")
    desk.write("topologies/a.yaml", topology("acme.", "orders"))
    ran = desk.run("ci", "lint", "--fail-on", "never")
    assert (ran.code, "is about an apply" in ran.err) == (0, False), ran.err


@pytest.mark.parametrize("name", ["", " "])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["unlock", "NAME", "--reason", "x"], "unlock takes the run that has the lock."),
        (["undo", "NAME"], "undo takes a run of the ledger."),
        (["ledger", "erase", "--actor", "NAME"], "ledger erase takes --actor NAME, and nothing else does."),
        (
            ["apply", "--yes", "--allow-diverged", "NAME"],
            "Argument --allow-diverged: name the commit that was applied last, as the refusal does",
        ),
    ],
)
def test_no_name_is_refused(desk: Desk, words: list[str], said: str, name: str) -> None:
    ran = desk.run(*(name if word == "NAME" else word for word in words))
    assert (ran.code, f"error: {said}" in ran.err.splitlines()) == (64, True), ran.err

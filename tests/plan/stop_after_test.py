"""`--stop-after TIME`: what is read as a time, when nothing more begins, and what an apply that ended so says."""

import argparse
from pathlib import Path

import pytest
from apply_test import create, delete, give, statuses
from desk import ONE_CLUSTER, Desk, topology
from making import acl, topic
from recording import Recording, stand_in

from kafka_gitops.cli import carrying
from kafka_gitops.cli.lasting import Lasting, lasting, limit
from kafka_gitops.plan.apply import Applied, carry_out
from kafka_gitops.plan.make import Plan
from kafka_gitops.settings import Settings


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A file with a topic."""
    made = Desk(tmp_path)
    made.write("kafka-gitops.yaml", ONE_CLUSTER)
    made.write("topologies/a.yaml", topology("acme.", "orders"))
    return made


@pytest.mark.parametrize(("text", "seconds"), [("50m", 3000), ("1h", 3600), ("90s", 90), ("1h30m", 5400)])
def test_what_is_a_time(text: str, seconds: int) -> None:
    assert lasting(text) == Lasting(text, seconds)


@pytest.mark.parametrize("text", ["", "50", "0m", "-5m", "1.5h", "50 m", "50M", "5m1h", "1d"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as caught:
        lasting(text)
    assert str(caught.value) == f'"{text}" is not a length of time such as 50m, 1h, 90s or 1h30m'


def test_a_command_line_that_is_wrong(desk: Desk) -> None:
    for words in (["apply"], ["ci", "apply"]):
        result = desk.run(*words, "--stop-after", "soon")
        assert (result.code, result.out) == (64, "")
        assert result.err == (
            'error: Argument --stop-after: "soon" is not a length of time such as 50m, 1h, 90s or 1h30m\n'
            f"  kafka-gitops {words[0]} --help shows what there is.\n"
        )


def test_when_it_is_over() -> None:
    now = iter([100.0, 189.9, 190.0])
    over = limit(Lasting("90s", 90), clock=lambda: next(now))
    assert (over(), over()) == (None, "--stop-after 90s is over")
    assert limit(None)() is None


def test_no_request_begins_afterwards_and_what_was_done_is_looked_at() -> None:
    done = ended(Recording(topics={"old": topic(1, 1)}), [None])
    assert statuses(done.outcomes) == {
        "a": "done",
        "User:a may READ topic b": "skipped --stop-after 50m is over",
        "old": "skipped --stop-after 50m is over",
    }
    assert done.unseen == []
    assert carrying._code(done, stopped=False, refused=False) == 6


def test_nothing_begins_when_it_is_over_before() -> None:
    cluster = Recording(topics={"old": topic(1, 1)})
    done = ended(cluster, [])
    assert {outcome.status for outcome in done.outcomes} == {"skipped"}
    assert [call for call in cluster.calls if call.startswith(("create", "delete"))] == []
    assert carrying._code(done, stopped=False, refused=False) == 1


def ended(cluster: Recording, before: list[None]) -> Applied:
    """An apply whose time is over after so many requests."""
    plan = Plan("prod", cluster.id, changes=(create("a"), give(acl("a", "READ", "topic:b")), delete("old")))
    left = iter(before)
    over = "--stop-after 50m is over"
    return carry_out(plan, cluster, settings=Settings(), deadline=5.0, brake=lambda: next(left, over))


@pytest.mark.parametrize("words", [["apply", "--yes"], ["ci", "apply", "--yes"]])
def test_what_it_says(words: list[str], desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD", "none-is-needed")
    stand_in(monkeypatch, Recording())
    monkeypatch.setattr("kafka_gitops.cli.lasting.limit", lambda _given: lambda: "--stop-after 50m is over")
    result = desk.run(*words, "--stop-after", "50m")
    assert result.code == 1
    assert "skipped: --stop-after 50m is over" in result.out
    assert "Run the same command again to go on with what is open; what is applied stays applied.\n" in result.out, (
        result.out
    )

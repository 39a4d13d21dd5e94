"""Drift is looked for every hour of 30 days on three brokers: no false alarm and none missed, whatever else happens."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from desk import Desk
from trio import Trio, trio
from watching import RIGHT, World, apply, crash, day, hold, incident, reassignment, repair

from kafka_gitops.cli import clock

pytestmark = pytest.mark.kafka

LONG = bool(os.environ.get("KAFKA_GITOPS_LONG"))  # `make long`
DAYS = int(os.environ.get("KAFKA_GITOPS_DAYS", "30"))
CONFIG = """\
rules: {topic-owner: off}
environments:
  prod: {bootstrap: "BOOTSTRAP", brokers: 3, client: {security.protocol: PLAINTEXT}}
"""
A_FEW = (incident, hold, incident, reassignment, crash, crash, reassignment, repair, apply)


@pytest.fixture(scope="module")
def brokers() -> Iterator[Trio]:
    with trio() as found:
        yield found


@pytest.fixture
def world(brokers: Trio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A cluster that is as its files say."""
    yield from calm(brokers, tmp_path, monkeypatch)


def calm(brokers: Trio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    desk = Desk(tmp_path, ["--timeout", "60"])
    desk.write("kafka-gitops.yaml", CONFIG.replace("BOOTSTRAP", brokers.bootstrap))
    made = World(brokers, desk, Random(int(os.environ.get("SEED", "1"))))
    monkeypatch.setattr(clock, "now", lambda: made.now)
    made.write()
    assert desk.run("apply", "--yes").code == 0
    made.everywhere(lambda one: RIGHT in one.list_acls() and "acme.pay.t5" in one.list_topics())
    yield made
    seen = made.seen
    told = f"{seen.runs} runs, {seen.found} differences told, {seen.held} held, {seen.again} looks taken again: {seen.events}"
    sys.stdout.write(f"{told}\n")


def judged(world: World) -> None:
    seen = world.seen
    assert (seen.false, seen.missed, seen.blind) == ([], [], [])
    assert seen.found > 0 and seen.held > 0


def test_a_few_hours(world: World) -> None:
    for event in A_FEW:
        assert event(world), event
        world.look()
    judged(world)


@pytest.mark.skipif(not LONG, reason="make long")
def test_thirty_days(world: World) -> None:
    for _ in range(DAYS):
        day(world)
    judged(world)
    assert world.seen.runs >= 24 * DAYS


@pytest.mark.skipif(not LONG, reason="make long")
@pytest.mark.parametrize(("before", "after"), [("3.9.2", "4.3.0"), ("4.1.0", "4.4.0")])
def test_a_rolling_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    """Brokers of two releases, with the defaults of each, until all are of the newer one."""
    with trio(before) as brokers:
        world = next(calm(brokers, tmp_path, monkeypatch))
        for number in (1, 2, 3):
            world.look()
            brokers.stop(number)
            world.look()
            brokers.start(number, after)
            world.look()
        assert (world.seen.runs, world.seen.false, world.seen.missed, world.seen.blind) == (9, [], [], [])
        assert incident(world)
        world.look()
        assert world.seen.found == 1

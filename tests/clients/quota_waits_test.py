"""How long a quota on changes of topics is waited for: as long as it lets something through, and whoever waits wants."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import pytest

from kafka_gitops.clients import writes
from kafka_gitops.clients.link import Waits
from kafka_gitops.clients.writes import THROTTLED, Answers

Told = list[tuple[str, int, str | None]]


class Answered(NamedTuple):
    """What a broker says to a request: a result each, and for how long it wants to hear nothing."""

    results: Told
    throttle_time_ms: int


class Broker:
    """A link to a broker that lets so many of each request through, and throttles the rest."""

    def __init__(self, lets: Iterable[int], waits: Waits) -> None:
        self.lets, self.waits, self.asked = iter(lets), waits, 0

    def written(self, names: Sequence[str], take: Callable[[Any], Any], *, node: int) -> Any:
        self.asked += 1
        most = next(self.lets)
        results: Told = [(name, 0 if at < most else THROTTLED, None) for at, name in enumerate(names)]
        return take(Answered(results, 100_000))


class Clock:
    """A time that goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("time.monotonic", lambda: made.now)
    monkeypatch.setattr("time.sleep", made.sleep)
    return made


def asked(broker: Any, *, patience: float = writes.PATIENCE) -> Answers:
    """The answers for three names."""
    return writes._batch(broker, ["a", "b", "c"], list, lambda answer: answer.results, patience)


def codes(answers: Answers) -> dict[str, str | None]:
    return {name: problem.code if problem is not None else None for name, problem in answers.items()}


def test_as_long_as_something_gets_through(clock: Clock) -> None:
    told: list[tuple[float, int]] = []

    def waits(seconds: float, left: int) -> bool:
        told.append((seconds, left))
        return True

    broker = Broker([1, 1, 1], waits)
    assert codes(asked(broker)) == {"a": None, "b": None, "c": None}
    assert (broker.asked, clock.now) == (3, 200.0)  # longer than the patience
    assert told[:2] == [(100.0, 2), (99.0, 2)] and told[-1] == (1.0, 1)


def test_no_longer_than_the_patience_where_nothing_does(clock: Clock) -> None:
    broker = Broker([1, 0, 0], lambda _seconds, _left: True)
    throttled = "THROTTLING_QUOTA_EXCEEDED"
    assert codes(asked(broker)) == {"a": None, "b": throttled, "c": throttled}
    assert (broker.asked, clock.now) == (2, writes.PATIENCE)


def test_no_longer_than_whoever_is_told_wants(clock: Clock) -> None:
    broker = Broker([2], lambda seconds, _left: seconds > 97)
    assert codes(asked(broker)) == {"a": None, "b": None, "c": "THROTTLING_QUOTA_EXCEEDED"}
    assert clock.now == 3.0


def test_a_plan_waits_for_nothing(clock: Clock) -> None:
    assert codes(asked(Broker([0], lambda _seconds, _left: True), patience=0.0)) == dict.fromkeys(
        "abc", "THROTTLING_QUOTA_EXCEEDED"
    )
    assert clock.now == 0.0

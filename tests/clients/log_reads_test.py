"""A ledger that a broker does not give at once is asked for again, and what is not given is never taken for gone."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kafka_gitops.clients import batch, log_reads
from kafka_gitops.clients import log as module
from kafka_gitops.clients.leading import Leaders, Moved
from kafka_gitops.clients.link import Link, Lost
from kafka_gitops.errors import KafkaGitopsError, MissingRight, Unreachable
from kafka_gitops.ledger.log import Entry

TOPIC = "_kafka_gitops.acme.dev"
DATA = batch.made([Entry("owner", b"{}")], 1_000, b"x" * 8)


class Broker:
    """One that answers a Fetch with these, one after the other."""

    login = SimpleNamespace(principal="User:ci")
    slowed: Callable[[str], None] = print

    def __init__(self, *answers: Any) -> None:
        self.left = list(answers)
        self.asked = list[int]()

    def read(self, request: Any, *, node: int) -> Any:
        self.asked.append(request.max_bytes)
        return self.left.pop(0) if len(self.left) > 1 else self.left[0]

    def grouped(self, topics: Sequence[str]) -> dict[int, list[str]]:
        return {0: list(topics)}


def told(data: bytes = b"", high: int = 1, code: int = 0) -> Any:
    part = SimpleNamespace(error_code=code, records=data, high_watermark=high)
    return SimpleNamespace(
        error_code=0, throttle_time_ms=0, responses=[SimpleNamespace(topic=TOPIC, partitions=[part])]
    )


THROTTLED = SimpleNamespace(error_code=0, throttle_time_ms=1_500, responses=[])


class Clock:
    """Time that only sleep lets pass."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(log_reads, "time", clock)
    return clock


def keys(*answers: Any) -> list[str]:
    return keys_of(Broker(*answers))


def keys_of(broker: Broker) -> list[str]:
    return [one.key for _, one in log_reads.read(cast(Link, broker), cast(Leaders, broker), {TOPIC: (0, 1)})]


def test_an_answer_over_a_quota_is_not_the_end_of_the_log(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    broker = Broker(THROTTLED, THROTTLED, THROTTLED, THROTTLED, told(DATA))
    assert keys_of(broker) == ["owner"]
    assert clock.slept == [1.5] * 4
    assert capsys.readouterr().out == f"a quota of this login slows this run: topic {TOPIC} is read on in 2 s\n" * 4
    assert broker.asked == [1 << 22, 1 << 20, 1 << 18, 1 << 16, 1 << 16]


def test_a_new_leader_that_may_not_tell_all_yet_is_asked_again(clock: Clock) -> None:
    assert keys(told(high=0), told(DATA)) == ["owner"]
    assert clock.slept == [0.2]


def test_what_is_compacted_away_up_to_the_end_is_over(clock: Clock) -> None:
    assert (keys(told()), clock.slept) == ([], [])


def test_who_gets_nothing_for_long_does_not_know(clock: Clock) -> None:
    with pytest.raises(Unreachable) as error:
        keys(THROTTLED)
    assert error.value.message == f"The cluster answers, and gave nothing of topic {TOPIC} for 60 s: a quota."
    assert "consumer_byte_rate of less than 110000" in (error.value.help or "")
    assert clock.slept == [1.5] * 41


def test_a_leader_that_never_knows_the_end_is_waited_for_as_for_an_election(clock: Clock) -> None:
    with pytest.raises(Unreachable) as error:
        keys(told(high=0))
    assert error.value.message == f"The cluster answers, and gave nothing of topic {TOPIC} for 15 s."


def test_after_a_wait_for_a_quota_an_election_has_its_time(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    broker, waited = Broker(*[THROTTLED] * 20, told(code=6), told(DATA)), list[float]()
    monkeypatch.setattr(Broker, "wait", lambda _self, _moved, until: waited.append(until), raising=False)
    assert keys_of(broker) == ["owner"]
    assert waited == [45.0]


def appending(
    monkeypatch: pytest.MonkeyPatch, code: int, then: Exception, seconds: Sequence[float] = (0.0,)
) -> module.KafkaLog:
    """A log whose leader says a code, and whatever is asked after that fails; `seconds`: what a quota asks for."""

    class Once(Leaders):
        def of(self, topic: str) -> int:
            return 0

        def wait(self, moved: Moved, until: float) -> None:
            raise then

    monkeypatch.setattr(module, "Leaders", Once)

    def written(*_asked: Any, node: int) -> Any:
        return [(code, None, -1 if code else 7, -1, left.pop(0))]

    left = seconds if isinstance(seconds, list) else list(seconds)
    link = SimpleNamespace(written=written, login=Broker.login, slowed=print)
    return module.KafkaLog(cast(Link, link), TOPIC)


def test_a_batch_that_a_broker_without_the_lead_may_have_kept_is_not_said_to_be_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = appending(monkeypatch, 6, Unreachable("No broker leads it."))
    with pytest.raises(Lost) as error:
        log.append([Entry("a", b"1")])
    assert error.value.code == "NOT_LEADER_FOR_PARTITION"
    assert error.value.message == "No broker leads it. A record may or may not be there"


@pytest.mark.parametrize(("code", "kind"), [(19, KafkaGitopsError), (29, MissingRight)])
def test_what_is_refused_at_once_is_refused(monkeypatch: pytest.MonkeyPatch, code: int, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        appending(monkeypatch, code, AssertionError()).append([Entry("a", b"1")])


def test_after_an_append_a_quota_is_waited_for_and_nothing_is_sent_into_the_silence(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "time", clock)
    seconds = [0.0, 20.0, 100.0]
    log = appending(monkeypatch, 0, AssertionError(), seconds)
    for _ in range(3):
        log.append([Entry("a", b"1")])
    assert clock.slept == [20.0, 60.0]
    said = f"a quota of this login slows this run: topic {TOPIC} can be written again in"
    assert capsys.readouterr().out.splitlines() == [f"{said} 20 s", f"{said} 100 s"]
    with pytest.raises(KafkaGitopsError) as error:
        log.append([Entry("a", b"1")])
    assert error.value.message == f"The ledger's topic {TOPIC} cannot be written for 40 s more: a quota."
    clock.now += 40
    seconds.append(0.0)
    assert log.append([Entry("a", b"1")])[0].offset == 7

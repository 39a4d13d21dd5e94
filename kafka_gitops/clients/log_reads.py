"""Ledgers read up to an end: broker after broker, as much as each gives, until all of it is there."""

import time
from collections.abc import Iterator, Mapping

from kafka_gitops.clients import batch, log_requests
from kafka_gitops.clients.leading import PATIENCE, Leaders, Moved, moved
from kafka_gitops.clients.link import Link, understood
from kafka_gitops.clients.log_requests import FEW, fetch
from kafka_gitops.clients.refusals import TOPIC_AUTHORIZATION_FAILED, missing_topics, unexpected
from kafka_gitops.errors import Unreachable
from kafka_gitops.ledger.log import Record

QUOTA = 60.0  # seconds to go on for a quota that lets nothing through: brokers count over 10 s
_PAUSE = 0.2  # seconds between two questions where a broker says no time
_TOLD = 1.0  # seconds of waiting that are worth a word
_SMALL = """\
Raise the quotas of this login (consumer_byte_rate, request_percentage), or run this when nobody else uses them up.
A batch of a ledger has up to 1 MB, and under a consumer_byte_rate of less than 110000 such a one never comes."""


def read(link: Link, leaders: Leaders, spans: Mapping[str, tuple[int, int]]) -> Iterator[tuple[str, Record]]:
    """The records of several, each from an offset to before another one. Raises MissingRight, Unreachable."""
    for topic, start, end, data in answers(link, leaders, spans):
        yield from ((topic, one) for one in batch.records(data) if start <= one.offset < end)


def answers(
    link: Link, leaders: Leaders, spans: Mapping[str, tuple[int, int]]
) -> Iterator[tuple[str, int, int, memoryview]]:
    """Topic, first wanted and first unwanted offset, batches; one request for each broker after the other until all
    ends are reached, and only one answer is kept."""
    at = {topic: start for topic, (start, end) in spans.items() if start < end}
    heard = given = time.monotonic()
    most = log_requests.BYTES
    while at:
        try:
            for node, mine in leaders.grouped(at).items():
                for topic, data in _round(link, node, {name: at[name] for name in mine}, at, spans, most):
                    start, end = at.pop(topic), spans[topic][1]
                    after = batch.ends(data)
                    if after is None or after < end:
                        at[topic] = start if after is None else after  # behind those that have not had a turn
                    yield topic, start, end, data
                heard = given = time.monotonic()
        except Moved as moved:
            leaders.wait(moved, heard + PATIENCE)
        except _Throttled as throttled:
            most = max(most // 4, FEW)
            throttled.wait(link, given)
            heard = time.monotonic()


class _Throttled(Exception):
    """A broker gave nothing of what it has for so many seconds."""

    def __init__(self, topic: str, seconds: float) -> None:
        super().__init__(topic)
        self.topic, self.seconds = topic, seconds

    def wait(self, link: Link, since: float) -> None:
        """As long as the broker asks for. Raises Unreachable where it has given nothing for long; `since`: its last."""
        most = QUOTA if self.seconds else PATIENCE
        if time.monotonic() > since + most:
            why, help = (": a quota", _SMALL) if self.seconds else ("", None)
            said = f"The cluster answers, and gave nothing of topic {self.topic} for {most:.0f} s{why}."
            raise Unreachable(said, help=help) from None
        if self.seconds >= _TOLD:
            link.slowed(f"a quota of this login slows this run: topic {self.topic} is read on in {self.seconds:.0f} s")
        time.sleep(min(max(self.seconds, _PAUSE), QUOTA))


def _round(
    link: Link, node: int, mine: Mapping[str, int], at: dict[str, int], spans: Mapping[str, tuple[int, int]], most: int
) -> Iterator[tuple[str, memoryview]]:
    """What one broker has of its topics; where it has nothing more of any, they are taken out of `at`.

    Raises _Throttled where that is not known: over a quota a broker answers without error, and without any topic
    (KafkaApis.handleFetchRequest, FetchContext.getThrottledResponse); a new leader may not know yet how much it may
    tell.
    """
    seconds, found = _fetched(link, node, mine, most)
    if any(batch.ends(data) is not None for _, _, data in found):
        yield from ((topic, data) for topic, _, data in found if data)
        return
    over = [topic for topic, high, _ in found if high >= spans[topic][1]]
    for topic in over:  # compacted away up to the end
        del at[topic]
    if not over:
        raise _Throttled(min(mine), seconds)


@understood
def _fetched(
    link: Link, node: int, mine: Mapping[str, int], most: int
) -> tuple[float, list[tuple[str, int, memoryview]]]:
    """The seconds for which a quota asks, and each topic with the offset up to which it may be told."""
    answer = link.read(fetch(mine, most), node=node)
    if answer.error_code:
        raise unexpected("the ledgers", answer.error_code, None)
    found = []
    for topic in answer.responses:
        for one in topic.partitions:
            readable(link, topic.topic, one.error_code)
            found.append((topic.topic, one.high_watermark, memoryview(one.records or b"")))
    return answer.throttle_time_ms / 1000, found


def readable(link: Link, topic: str, code: int) -> None:
    """Raise Moved, MissingRight, KafkaGitopsError for a code that says so."""
    moved(topic, code)
    if code == TOPIC_AUTHORIZATION_FAILED:
        raise missing_topics(link.login.principal, [topic], "Read", "read")
    if code:
        raise unexpected(f"the records of topic {topic}", code, None)

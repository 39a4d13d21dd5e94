"""Where ledgers are: the leader of each one's only partition, found again where it has moved."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from kafka_gitops.clients.library import error_name
from kafka_gitops.clients.link import ANY, Link
from kafka_gitops.clients.refusals import TOPIC_AUTHORIZATION_FAILED, chunks, missing_topics, unexpected
from kafka_gitops.clients.topics import CHUNK, INVALID_TOPIC, UNKNOWN_TOPIC, asking
from kafka_gitops.clients.wire import readable
from kafka_gitops.errors import Unreachable
from kafka_gitops.ledger.log import NoLedger

PATIENCE = 15.0  # seconds for an election: brokers take 9 s to notice that one of them is dead
_PAUSE = 0.2
_PASSING = (5, 6)  # LEADER_NOT_AVAILABLE, NOT_LEADER_OR_FOLLOWER: the topic is there
MOVED = frozenset(
    (UNKNOWN_TOPIC, *_PASSING, 9, 74, 75, 76, 78, 100)
)  # what a broker says that does not lead (any more)
_Found = TypeVar("_Found")


class Moved(Exception):
    """No broker, or another one, leads a ledger's partition now; `code` is Kafka's name for it."""

    def __init__(self, topic: str, code: str) -> None:
        super().__init__(topic)
        self.topic, self.code = topic, code


class Leaders:
    """The brokers to ask, by topic, looked up when somebody asks and after `forget`."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._known: dict[str, int] = {}
        self.ids: dict[str, str] = {}

    def forget(self) -> None:
        """Ask anew the next time."""
        self._known.clear()

    def of(self, topic: str) -> int:
        """The node to ask about a topic. Raises NoLedger, MissingRight, Moved where there is no leader now."""
        (node,) = self.grouped([topic])
        return node

    def grouped(self, topics: Iterable[str]) -> dict[int, list[str]]:
        """The topics by the node to ask. Raises NoLedger, MissingRight, Moved."""
        wanted = list(topics)
        absent = self._look([name for name in wanted if name not in self._known])
        if absent:
            raise no_ledger(min(absent))
        found: dict[int, list[str]] = {}
        for name in wanted:
            found.setdefault(self._node(name), []).append(name)
        return found

    def _node(self, topic: str) -> int:
        leader = self._known[topic]
        if leader not in self._link.brokers:
            raise Moved(topic, "LEADER_NOT_AVAILABLE")
        return ANY if self._link.is_first(leader) else leader

    def _look(self, topics: list[str]) -> set[str]:
        """Take in where topics are; those that are not there."""
        absent, refused = set(), []
        for chunk in chunks(topics, CHUNK):
            answer = self._link.read(asking(chunk))
            self._link.learn(answer)
            with readable("the broker", "Metadata"):
                for topic in answer.topics:
                    if topic.error_code in (UNKNOWN_TOPIC, INVALID_TOPIC):
                        absent.add(topic.name)
                    elif topic.error_code == TOPIC_AUTHORIZATION_FAILED:
                        refused.append(topic.name)
                    elif topic.error_code not in (0, *_PASSING):
                        raise unexpected(f"topic {topic.name}", topic.error_code, None)
                    else:
                        first = (one.leader_id for one in topic.partitions if one.partition_index == 0)
                        self._known[topic.name] = next(first, -1)
                        self.ids[topic.name] = str(topic.topic_id) if topic.topic_id and topic.topic_id.int else ""
        if refused:
            raise missing_topics(self._link.login.principal, sorted(refused), "Describe", "describe")
        return absent

    def patiently(self, ask: Callable[[], _Found]) -> _Found:
        """What it gives, asked again for a while where the leader has moved. Raises Unreachable, and what it raises."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return ask()
            except Moved as moved:
                self.wait(moved, until)

    def wait(self, moved: Moved, until: float) -> None:
        """A moment for an election. Raises Unreachable after time.monotonic() is `until`."""
        self.forget()
        if time.monotonic() > until:
            raise Unreachable(
                f"The cluster answers, and no broker leads topic {moved.topic} ({moved.code}, {PATIENCE:.0f} s).",
                help="Are enough of its replicas' brokers up? kafka-topics --describe shows its leader and replicas.",
            ) from None
        time.sleep(_PAUSE)


def no_ledger(topic: str) -> NoLedger:
    """The error for a ledger whose topic is not there."""
    return NoLedger(
        f"The ledger's topic {topic} is not on the cluster.",
        help="kafka-gitops ledger init makes it, or prints what a platform team runs. Is `owner` what it was before?",
    )


def moved(topic: str, code: int) -> None:
    """Raise Moved for a code that says so."""
    if code in MOVED:
        raise Moved(topic, error_name(code))


def spans(found: Mapping[str, int], ends: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """First and next offset of those topics of which both are known."""
    return {topic: (found[topic], ends[topic]) for topic in found if topic in ends}

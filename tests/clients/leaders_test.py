"""Which broker is asked: the leader where it can be reached, else whichever is connected; never too many of them."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from kafka_gitops.clients import configs, leaders
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.link import ANY, TWIN, Link
from kafka_gitops.clients.translate import Login, login
from kafka_gitops.errors import Unreachable
from kafka_gitops.kinds.cluster import LiveConfig
from kafka_gitops.model import Topic
from kafka_gitops.sandbox import Sandbox


class Fake(Link):
    """Brokers 1 to 9, of which some can be reached; the first connection is that of broker 1."""

    def __init__(self, reached: tuple[int, ...]) -> None:
        self.login: Login = login({"bootstrap.servers": "b1:1"})
        self.brokers = {node: (f"b{node}", 1) for node in range(1, 10)}
        self.tried: list[int] = []
        self._reached, self._first, self._alone, self._timeout = reached, ("b1", 1), False, 10.0

    def _wire(self, node: int, *, timeout: float | None = None) -> None:  # type: ignore[override]
        self.tried.append(node)
        if node not in self._reached:
            raise Unreachable(f"no {node}")


@pytest.fixture
def names() -> list[str]:
    return [f"n{number}" for number in range(27)]


def led(names: list[str]) -> dict[str, int]:
    return {name: 1 + number % 9 for number, name in enumerate(names)}


def test_leaders_are_asked_the_first_over_its_connection(names: list[str]) -> None:
    link = Fake(tuple(range(1, 10)))
    found = leaders.places(link, names[:4], {"n0": 1, "n1": 2, "n2": 2, "n3": None}, 250)
    assert found == {2: ["n1", "n2"], ANY: ["n0", "n3"]}


def test_at_most_so_many_are_asked(names: list[str]) -> None:
    link = Fake(tuple(range(1, 10)))
    found = leaders.places(link, names, led(names), 250)
    assert len(found) == leaders.MOST
    assert sorted(name for mine in found.values() for name in mine) == sorted(names)
    assert len(leaders.places(link, names, led(names), 1)) == 9  # as many as there are chunks


def test_where_one_cannot_be_reached_no_other_is_tried(names: list[str]) -> None:
    link = Fake((1,))
    assert leaders.places(link, names, led(names), 250) == {ANY: sorted(names, key=led(names).__getitem__)}
    assert len(link.tried) == 1


def test_those_that_lead_are_asked_before_others() -> None:
    assert leaders.some(Fake(()), [7, 3, 99]) == [7, 3, 1, 2, 4, 5, 6, 8]


def test_a_broker_that_is_lost_meanwhile_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    link = Fake((1, 2))

    def exchange(requests: list[str], *, node: int = ANY) -> Iterator[str]:
        if node != ANY:
            raise Unreachable("lost")
        yield from requests

    monkeypatch.setattr(link, "exchange", exchange)
    assert [str(answer) for answer in leaders.exchange(link, ["a", "b"], 2)] == ["a", "b"]
    with pytest.raises(Unreachable):
        monkeypatch.setattr(link, "exchange", lambda _requests, node=ANY: (_ for _ in ()).throw(Unreachable("all")))
        list(leaders.exchange(link, ["a"], ANY))


@pytest.mark.parametrize(
    ("reached", "size", "asked"),
    [
        ((1, TWIN), 27, {ANY: 14, TWIN: 13}),
        ((1, TWIN), 7, {ANY: 7}),
        ((1,), 27, {ANY: 27}),
    ],
)
def test_one_broker_that_is_asked_for_much_is_asked_over_two_connections(
    names: list[str], reached: tuple[int, ...], size: int, asked: dict[int, int]
) -> None:
    link = Fake(reached)
    found = leaders.doubled(link, {ANY: names[:size]}, 2)
    assert {node: len(mine) for node, mine in found.items()} == asked
    assert [name for mine in found.values() for name in mine] == names[:size]


def test_several_brokers_are_asked_over_one_connection_each(names: list[str]) -> None:
    link = Fake((1, TWIN))
    asked = {ANY: names[:20], 2: names[20:]}
    assert (leaders.doubled(link, asked, 2), link.tried) == (asked, [])


class Lanes(Fake):
    """Notes what is sent and what is received, in order; broker 3 is lost after its first answer."""

    def __init__(self) -> None:
        super().__init__((1, 2, 3))
        self.seen: list[str] = []

    def exchange(self, requests: Any, *, node: int = ANY) -> Iterator[Any]:
        self.seen += [f"> {one}" for one in requests]
        return self._given(requests, node)

    def _given(self, requests: Sequence[str], node: int) -> Iterator[Any]:
        for number, one in enumerate(requests):
            if node == 3 and number:
                raise Unreachable("lost")
            self.seen.append(f"< {one}")
            yield one


def test_all_brokers_are_asked_before_an_answer_is_waited_for_and_a_lost_one_ends_alone() -> None:
    link = Lanes()
    found = list(leaders.side_by_side(link, {ANY: ["a1", "a2"], 3: ["c1", "c2"], 2: ["b1"]}))
    assert link.seen == ["> a1", "> a2", "> c1", "> c2", "> b1", "< a1", "< c1", "< b1", "< a2"]
    assert [str(one) for one in found] == ["a1", "c1", "b1", "a2"]


def test_what_a_lost_broker_did_not_say_is_asked_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    link = Lanes()
    monkeypatch.setattr(configs, "CHUNK", 1)
    monkeypatch.setattr(configs, "_request", lambda _kind, names, _keys: names[0])
    monkeypatch.setattr(configs, "decoded", lambda name, _keys: [(name, 0, None, LiveConfig({"by": name}, {}))])
    found = configs.topic_configs(link, ["t1", "t2", "t3"], [], {"t1": 3, "t2": 1, "t3": 3})
    assert list(found) == ["t1", "t2", "t3"]
    assert link.seen[-2:] == ["> t3", "< t3"]


@pytest.mark.kafka
def test_two_connections_read_what_one_does(kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{prefix}{number}" for number in range(9)]
    with open_cluster({"bootstrap.servers": kafka.bootstrap}) as cluster:
        wanted = {name: Topic(1, 1, {"retention.ms": str(number)}) for number, name in enumerate(names)}
        assert set(cluster.create_topics(wanted).values()) == {None}
        one = cluster.topic_configs(names, ["retention.ms", "cleanup.policy"])
        monkeypatch.setattr(configs, "CHUNK", 2)
        two = cluster.topic_configs([*names, f"{prefix}absent"], ["retention.ms", "cleanup.policy"])
        assert TWIN in cluster.link._wires
    assert (two, list(two)) == (one, names)

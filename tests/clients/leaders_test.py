"""Which broker is asked: the leader where it can be reached, else whichever is connected; never too many of them."""

from collections.abc import Iterator

import pytest

from kafka_gitops.clients import leaders
from kafka_gitops.clients.link import ANY, Link
from kafka_gitops.clients.translate import Login, login
from kafka_gitops.errors import Unreachable


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

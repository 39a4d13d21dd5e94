"""The REST client's bounds: of time, of bytes, of requests in flight; where a request goes and how often."""

import socket
from threading import Barrier, Lock
from unittest import mock

import pytest
from forge import Answer, Asked, forge
from wires import dripping, heard, wire

from kafka_gitops.clients import bounded
from kafka_gitops.clients.http import Api, ApiError, NoAnswer, in_flight, open_api
from kafka_gitops.errors import Unreachable

NOWHERE = "http://127.0.0.1:9"


def opened(*urls: str, seconds: float = 15.0) -> Api:
    """An API at these addresses."""
    return open_api(urls[0], headers={"Authorization": "Basic x"}, env={}, others=urls[1:], seconds=seconds)


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"],
    ids=["status", "header", "body", "body without an end"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_that_drips_has_an_end(start: bytes, method: str) -> None:
    with wire(dripping(start)) as at, pytest.raises(NoAnswer, match="timed out") as caught:
        opened(f"http://{at}", seconds=0.3).call(method, "a")
    assert caught.value.sent is (method == "POST")


def test_an_answer_that_is_too_long_is_none() -> None:
    with (
        mock.patch.object(bounded, "MOST", 1000),
        forge(lambda _: Answer(200, "x" * 1000)) as server,
        pytest.raises(ApiError, match="the answer is longer than 1,000 bytes"),
    ):
        opened(server.url).call("GET", "a")


def test_after_an_answer_that_is_too_long_the_next_one_is_its_own() -> None:
    def talk(connection: socket.socket) -> None:
        while b" /long" in heard(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"1" * 2000)
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"short"')

    with mock.patch.object(bounded, "MOST", 1000), wire(talk) as at:
        api = opened(f"http://{at}")
        with pytest.raises(ApiError):
            api.call("POST", "long")
        assert api.call("GET", "a").data == "short"


def test_a_connection_is_used_again() -> None:
    connections = []

    def talk(connection: socket.socket) -> None:
        connections.append(connection)
        while heard(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")

    with wire(talk) as at:
        api = opened(f"http://{at}")
        assert [api.call("GET", "a").data for _ in range(5)] == [1] * 5
    assert len(connections) == 1


def test_a_write_that_nobody_answers_is_sent_once_and_may_have_been_heard() -> None:
    requests = []
    with wire(lambda connection: requests.append(heard(connection))) as at, pytest.raises(NoAnswer) as caught:
        opened(f"http://{at}", NOWHERE).call("PUT", "a")
    assert len(requests) == 1
    assert caught.value.sent
    assert isinstance(caught.value, Unreachable)


def test_a_question_that_nobody_answers_goes_to_the_next_address() -> None:
    def hangs_up(connection: socket.socket) -> None:
        heard(connection)

    with wire(hangs_up) as at, forge(lambda _: Answer(200, 1)) as server:
        api = opened(f"http://{at}", server.url)
        assert api.call("GET", "a").data == 1
        assert api.bases[0] == server.url


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_what_was_never_sent_goes_to_the_next_address(method: str) -> None:
    with forge(lambda _: Answer(200, 1)) as server:
        api = opened(NOWHERE, server.url)
        assert [api.call(method, "a").data for _ in range(3)] == [1, 1, 1]
    assert len(server.asked) == 3


def test_a_silent_address_leaves_time_for_the_next_one() -> None:
    with wire(dripping(b"")) as at, forge(lambda _: Answer(200, 1)) as server:
        assert opened(f"http://{at}", server.url, seconds=2.0).call("GET", "a").data == 1


def test_no_more_than_sixteen_are_asked_at_once() -> None:
    together, now, lock, seen = Barrier(16, timeout=20), [0], Lock(), []

    def answer(asked: Asked) -> Answer:
        with lock:
            now[0] += 1
            seen.append(now[0])
        together.wait()  # which 15 never pass
        with lock:
            now[0] -= 1
        return Answer(200, asked.path)

    with forge(answer) as server:
        api = opened(server.url)
        found = list(in_flight(lambda n: api.call("GET", f"{n}").data, range(48)))
    assert found == [f"/{n}" for n in range(48)]
    assert max(seen) == 16


def test_the_first_failure_ends_what_is_in_flight() -> None:
    def ask(number: int) -> int:
        if number == 3:
            raise ApiError("three")
        return number

    found = in_flight(ask, range(1000))
    with pytest.raises(ApiError, match="three"):
        list(found)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with forge(lambda _: Answer(200, 1)) as elsewhere:
        to = {"Location": f"{elsewhere.url}/a"}
        with forge(lambda _: Answer(status, None, to)) as server, pytest.raises(ApiError, match=f"HTTP {status}"):
            opened(server.url).call("GET", "a")
    assert elsewhere.asked == []

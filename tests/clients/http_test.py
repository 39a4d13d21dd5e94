"""The REST client: retries, pages, proxies, and errors without the token."""

from types import SimpleNamespace
from unittest import mock

import pytest
from forge import Answer, Asked, Forge, forge

from kafka_gitops.clients import http
from kafka_gitops.clients.http import Api, ApiError, open_api

TOKEN = "ghp_canary_of_the_api"


def opened(server: Forge | str, **env: str) -> Api:
    base = server if isinstance(server, str) else server.url
    return open_api(base, headers={"Authorization": f"Bearer {TOKEN}"}, env=env)


def test_a_call_sends_and_gets_json_with_the_headers() -> None:
    with forge(lambda asked: Answer(201, {"got": asked.body})) as server:
        reply = opened(server).call("POST", "a/b?c=1", {"é": 1})
    assert reply.data == {"got": {"é": 1}}
    [asked] = server.asked
    assert (asked.path, asked.query, asked.headers["authorization"]) == ("/a/b", {"c": "1"}, f"Bearer {TOKEN}")


def test_an_empty_answer_is_none() -> None:
    with forge(lambda _: Answer(204)) as server:
        assert opened(server).call("DELETE", "a").data is None


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_hiccup_is_asked_again(status: int) -> None:
    answers = [Answer(status), Answer(status), Answer(200, 1)]
    with forge(lambda _: answers.pop(0)) as server:
        assert opened(server).call("GET", "a").data == 1
    assert len(server.asked) == 3


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_write_is_sent_once(method: str, status: int) -> None:
    with forge(lambda _: Answer(status)) as server, pytest.raises(ApiError, match=f"HTTP {status}"):
        opened(server).call(method, "a")
    assert len(server.asked) == 1


def test_a_write_that_was_not_looked_at_is_sent_again() -> None:
    answers = [Answer(429), Answer(200, 1)]
    with forge(lambda _: answers.pop(0)) as server:
        assert opened(server).call("PUT", "a").data == 1


def test_a_question_in_a_post_is_asked_again() -> None:
    answers = [Answer(503), Answer(200, 1)]
    with forge(lambda _: answers.pop(0)) as server:
        assert opened(server).call("POST", "a", harmless=True).data == 1


@pytest.mark.parametrize(("status", "tries"), [(403, 1), (404, 1), (422, 1), (302, 1), (502, 4)])
def test_a_refusal_says_what_the_server_said(status: int, tries: int) -> None:
    said = {"message": f"no\n right for {TOKEN}"}
    with forge(lambda _: Answer(status, said)) as server, pytest.raises(ApiError) as caught:
        opened(server).call("GET", f"a?token={TOKEN}")
    assert caught.value.message == f"GET 127.0.0.1/a: HTTP {status}: no right for [redacted]"
    assert caught.value.status == status
    assert len(server.asked) == tries


def test_a_refusal_that_is_nested_too_deep_is_a_sentence() -> None:
    answer = SimpleNamespace(status=400, headers={}), b"[" * 200_000
    with mock.patch.object(http, "request", return_value=answer), pytest.raises(ApiError, match=r"HTTP 400: \[\["):
        opened("http://127.0.0.1:9").call("GET", "a")


def test_all_pages_are_read() -> None:
    def answer(asked: Asked) -> Answer:
        page = int(asked.query.get("page", 1))
        host = f"http://{asked.headers['host']}"
        link = f'<{host}/l?page=9>; rel="last", <{host}/l?page={page + 1}>; rel="next"'
        return Answer(200, [page], {"Link": link} if page < 3 else {})

    with forge(answer) as server:
        assert [*opened(server).pages("l")] == [1, 2, 3]


def test_the_token_goes_to_no_other_host() -> None:
    link = {"Link": '<https://evil.example.org/l>; rel="next"'}
    with forge(lambda _: Answer(200, [1], link)) as server, pytest.raises(ApiError, match=r"is not on http://127"):
        [*opened(server).pages("l")]


@pytest.mark.parametrize(("body", "words"), [({"a": 1}, "expected a list"), ("x", "expected a list")])
def test_what_is_no_list_has_no_pages(body: object, words: str) -> None:
    with forge(lambda _: Answer(200, body)) as server, pytest.raises(ApiError, match=words):
        [*opened(server).pages("l")]


def test_nobody_answers() -> None:
    with pytest.raises(ApiError, match=r"GET 127.0.0.1/a: no answer: ") as caught:
        opened("http://127.0.0.1:9").call("GET", "a")
    assert caught.value.status is None


@pytest.mark.parametrize("address", ["", "api.example.org", "file:///etc/passwd", "https://"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ApiError, match="is not the address of an API"):
        opened(address)


@pytest.mark.parametrize(
    ("env", "through"),
    [
        ({}, None),
        ({"https_proxy": "http://p:1"}, "p"),
        ({"HTTPS_PROXY": "p:1"}, "p"),
        ({"HTTP_PROXY": "http://p:1"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.org, .example.org"}, None),
        ({"HTTPS_PROXY": "http://p:1", "no_proxy": "*"}, None),
        ({"HTTPS_PROXY": "http://p:1", "no_proxy": "ple.org"}, "p"),
    ],
)
def test_proxies_are_those_of_the_environment(env: dict[str, str], through: str | None) -> None:
    pool = opened("https://api.example.org", **env).pool
    assert (pool.proxy.host if pool.proxy else None) == through


@pytest.mark.parametrize(
    "proxy",
    ["http://[::1", "http://h:99999", "http://user:secret-word@h:port", "socks9://h:1", "http://a b", "://", "http://"],
)
def test_a_proxy_that_is_no_address_is_a_sentence(proxy: str) -> None:
    with pytest.raises(ApiError) as caught:
        opened("https://api.example.org", HTTPS_PROXY=proxy).call("GET", "a")
    assert "secret-word" not in caught.value.message


@pytest.mark.parametrize("base", ["https://[::1", "https://h:99999", "https://h:port", "ftp://h", "h", ""])
def test_an_api_that_is_no_address_is_a_sentence(base: str) -> None:
    with pytest.raises(ApiError, match="is not the address of an API"):
        opened(base)

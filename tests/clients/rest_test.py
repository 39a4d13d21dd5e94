"""A server of a REST kind: logins, and a sentence for each way in which it does not answer."""

import http.server
import ssl
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from unittest import mock

import certifying
import pytest
from forge import Answer, forge
from wires import heard, wire

from kafka_gitops.clients import rest
from kafka_gitops.clients.http import ApiError
from kafka_gitops.clients.rest import Service, open_service
from kafka_gitops.errors import ConfigError, MissingRight, Unreachable
from kafka_gitops.settings import Rest

AT = "environments.prod.schema_registry"


def service(*urls: str, **given: str) -> Service:
    """The schema registry at these addresses."""
    return open_service("the schema registry", Rest(urls, at=AT, **given), {}, seconds=1.0)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, None),
        ({"username": "ann", "password": "geheim"}, "Basic YW5uOmdlaGVpbQ=="),
        ({"token": "t-123456"}, "Bearer t-123456"),
    ],
)
def test_who_logs_in(given: dict[str, str], sent: str | None) -> None:
    with forge(lambda _: Answer(200, ["a"])) as server:
        assert service(server.url, **given).ask("GET", "subjects") == ["a"]
    assert server.asked[0].headers.get("authorization") == sent


@pytest.mark.parametrize(
    ("status", "given", "said", "help"),
    [
        (401, {}, "The schema registry at URL wants a login (HTTP 401): no", "Set `username`"),
        (401, {"username": "ann"}, "The schema registry at URL refuses the login of ann (HTTP 401): no", "Are `user"),
        (
            401,
            {"token": "t-12345"},
            "The schema registry at URL refuses the login of this token (HTTP 401): no",
            "Are `t",
        ),
        (403, {"username": "ann"}, "The schema registry at URL does not let ann GET /a (HTTP 403): no", "Give that"),
    ],
)
def test_a_missing_right(status: int, given: dict[str, str], said: str, help: str) -> None:
    with forge(lambda _: Answer(status, {"message": "no"})) as server, pytest.raises(MissingRight) as caught:
        service(server.url, **given).ask("GET", "a?b=c")
    assert caught.value.message == said.replace("URL", server.url)
    assert (caught.value.help or "").startswith(help)
    assert caught.value.exit_code == 1


def test_what_a_server_refuses_is_told_in_its_own_words() -> None:
    with forge(lambda _: Answer(422, {"error_code": 42201, "message": "bad"})) as server:
        with pytest.raises(ApiError) as caught:
            service(server.url).ask("POST", "a", {})
        assert caught.value.message == f"The schema registry at {server.url} answers HTTP 422: bad to POST /a"
    assert (caught.value.status, caught.value.code, caught.value.said) == (422, 42201, "bad")


def test_absent_is_what_the_server_itself_says() -> None:
    answer = Answer(404, {"error_code": 40401, "message": "no"})
    with forge(lambda _: answer) as server, pytest.raises(ApiError) as caught:
        service(server.url).ask("GET", "a")
    assert caught.value.code == 40401
    assert len(server.asked) == 1


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_server_that_is_starting_is_waited_for(method: str) -> None:
    answers = [Answer(404, "<html>"), Answer(404), Answer(200, 1)]
    with mock.patch.object(rest, "_PAUSE", 0.0), forge(lambda _: answers.pop(0)) as server:
        assert service(server.url).ask(method, "a") == 1


def test_one_that_never_starts_is_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "STARTING", -1.0)
    answer = Answer(404, "<html>")
    with (
        forge(lambda _: answer) as server,
        pytest.raises(Unreachable, match="answers 404 and no JSON of its own") as caught,
    ):
        service(server.url).ask("GET", "a")
    assert caught.value.help == f"Is the path of `url` under {AT} right?"


def silent(connection: Any) -> None:
    """A server that hears and never answers."""
    heard(connection)
    connection.recv(1)


def hangs_up(connection: Any) -> None:
    """A server that hears and closes."""
    heard(connection)


@pytest.mark.parametrize(
    ("talk", "why"),
    [
        (silent, "no answer within 1 s"),
        (hangs_up, "it closes the connection without an answer"),
        (lambda connection: connection.sendall(b"\x15\x03\x01 what\r\n\r\n"), "what answers does not speak HTTP"),
    ],
    ids=["silent", "closes", "no http"],
)
def test_why_there_is_no_answer(talk: Any, why: str) -> None:
    with wire(talk) as at, pytest.raises(Unreachable) as caught:
        service(f"http://{at}").ask("GET", "a")
    assert caught.value.message.startswith(f"Cannot reach the schema registry at http://{at}: {why}")
    assert caught.value.exit_code == 5


def test_nobody_listens() -> None:
    with pytest.raises(Unreachable) as caught:
        service("http://127.0.0.1:9", "http://nowhere.invalid").ask("GET", "a")
    said, tries = caught.value.message.split(" (")
    assert said == (
        "Cannot reach the schema registry at http://127.0.0.1:9: connection refused; "
        "http://nowhere.invalid: its name does not resolve"
    )
    assert tries.endswith(" attempts).")
    assert caught.value.help == f"Does it run, and is `url` under {AT} right?"


def test_a_write_without_an_answer_may_have_been_heard() -> None:
    with wire(hangs_up) as at, pytest.raises(Unreachable) as caught:
        service(f"http://{at}").ask("DELETE", "a")
    assert caught.value.message.endswith("without an answer. It may have heard the request.")


def test_an_address_that_is_none_names_the_key() -> None:
    with pytest.raises(ConfigError, match=rf"{AT}\.url: 'ftp://x' is not the address"):
        service("ftp://x")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates of every kind."""
    found = tmp_path_factory.mktemp("certificates")
    certifying.write_all(found)
    return found


class _One(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1")
        self.end_headers()
        self.wfile.write(b"1")

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


class _Web(http.server.ThreadingHTTPServer):
    def handle_error(self, *_words: object) -> None:
        """A handshake that fails is what is tried here."""


@pytest.fixture(scope="module")
def encrypted(folder: Path) -> Iterator[str]:
    """An HTTPS server that wants a client certificate."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "server.pem", folder / "server.key")
    tls.load_verify_locations(folder / "ca.pem")
    tls.verify_mode = ssl.CERT_REQUIRED
    server = _Web(("127.0.0.1", 0), _One)
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_both_sides_show_certificates(encrypted: str, folder: Path) -> None:
    own = {"ca": "ca.pem", "certificate": "client.pem", "key": "client.key"}
    given = {name: str(folder / file) for name, file in own.items()}
    assert service(encrypted, **given).ask("GET", "a") == 1
    both = {"ca": str(folder / "ca.pem"), "certificate": str(folder / "client.both")}
    assert service(encrypted, **both).ask("GET", "a") == 1


def test_a_server_that_nobody_vouches_for(encrypted: str, folder: Path) -> None:
    with pytest.raises(Unreachable, match="its certificate is not trusted: ") as caught:
        service(encrypted, ca=str(folder / "other.pem")).ask("GET", "a")
    assert caught.value.help == f"Look at `url`, `ca`, `certificate` and `key` under {AT}."
    assert "attempts" not in caught.value.message


def test_a_server_without_tls() -> None:
    with forge(lambda _: Answer(200, 1)) as server, pytest.raises(Unreachable, match="does not speak TLS: is it http"):
        service(server.url.replace("http", "https")).ask("GET", "a")


def test_a_client_certificate_that_is_missing(encrypted: str, folder: Path) -> None:
    with pytest.raises(Unreachable, match=r"want a client certificate|closes the connection"):
        service(encrypted, ca=str(folder / "ca.pem")).ask("GET", "a")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ca": "none.pem"}, f'{AT}.ca "none.pem" holds no certificate that can be read: no such file'),
        ({"ca": "client.key"}, f'{AT}.ca "client.key" holds no certificate that can be read'),
        ({"key": "client.key"}, f"{AT}.key is set, and no certificate that it belongs to"),
        ({"certificate": "client.pem", "key": "server.key"}, f'the key in {AT}.key "server.key" does not belong to'),
        ({"certificate": "client.pem", "key": "pkcs8.key"}, f'the key in {AT}.key "pkcs8.key" is encrypted'),
        ({"certificate": "client.pem"}, f'{AT}.certificate "client.pem" holds no private key'),
        ({"certificate": "client.p12", "key": "client.key"}, "only PEM is read here"),
    ],
)
def test_certificates_that_cannot_be_used(
    given: dict[str, str], said: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(ConfigError) as caught:
        service("https://localhost:1", **given)
    assert said in caught.value.message

"""What a user reads when a cluster cannot be reached: one sentence, in time, and nothing else on stderr."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.kafka import connect
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.translate import login, servers
from kafka_gitops.errors import ConfigError, KafkaGitopsError, Unreachable
from kafka_gitops.sandbox import Sandbox, running

LOOK = "Is the broker running? Is `bootstrap` of the environment right? kafka-gitops doctor checks each step."


@pytest.fixture(scope="module")
def tls_kafka() -> Iterator[Sandbox]:
    """A broker with all four kinds of listeners."""
    with running(users={"ci": "ci-secret"}, tls=True) as sandbox:
        yield sandbox


@pytest.fixture
def silent_port() -> Iterator[str]:
    """A server that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed_port() -> str:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def web_server() -> Iterator[str]:
    """A web server; silent about what it is asked."""

    class Quiet(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def refusal(client: dict[str, str], *, timeout: float = 10.0) -> KafkaGitopsError:
    """The error that opening a cluster ends in, within the time-out."""
    began = time.monotonic()
    with pytest.raises(KafkaGitopsError) as caught, open_cluster(client, timeout=timeout):
        pass
    assert time.monotonic() - began < timeout + 0.5
    return caught.value


def assert_says(failure: KafkaGitopsError, message: str, help_text: str, code: int = 5) -> None:
    """The error is exactly this."""
    assert (failure.message, failure.help, failure.exit_code) == (message, help_text, code)


def sasl(kafka: Sandbox, **changes: str) -> dict[str, str]:
    """The client of user ci with some keys (`sasl_password`) changed."""
    return kafka.client("ci") | {key.replace("_", "."): value for key, value in changes.items()}


def test_a_name_that_does_not_resolve() -> None:
    assert_says(
        refusal({"bootstrap.servers": "no-such-host.invalid:9092"}),
        'Cannot reach no-such-host.invalid:9092: the name "no-such-host.invalid" does not resolve.',
        "Is the host name right, and is this the right network?",
    )


def test_a_closed_port_is_tried_twice(closed_port: str, capfd: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    failure = refusal({"bootstrap.servers": closed_port})
    assert_says(failure, f"Cannot reach {closed_port}: connection refused (2 attempts, 1 s).", LOOK)
    assert time.monotonic() - began < 3
    assert capfd.readouterr() == ("", "")


def test_a_port_that_says_nothing(silent_port: str) -> None:
    assert_says(
        refusal({"bootstrap.servers": silent_port}, timeout=1),
        f"Cannot reach {silent_port}: it accepts connections and says nothing.",
        "Is the port right? Is the broker overloaded?",
    )


def test_a_port_that_says_nothing_to_tls(silent_port: str) -> None:
    assert_says(
        refusal({"bootstrap.servers": silent_port, "security.protocol": "SSL"}, timeout=1),
        f"Cannot reach {silent_port}: it accepts connections and does not answer to TLS.",
        "Does this port speak SSL?",
    )


def test_a_web_server(web_server: str) -> None:
    assert_says(
        refusal({"bootstrap.servers": web_server}, timeout=1),
        f"Cannot reach {web_server}: it answers in HTTP, so it is a web server and no Kafka listener.",
        "Is the port right?",
    )


@pytest.mark.kafka
@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_a_wrong_password(kafka: Sandbox, mechanism: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert_says(
        refusal(sasl(kafka, sasl_mechanism=mechanism, sasl_password="not-it-at-all")),
        f"Cannot reach {kafka.sasl_bootstrap}: login refused: wrong user or password (User:ci, {mechanism}).",
        "Are sasl.username and sasl.password right, and does the user exist for this mechanism?",
    )
    assert capfd.readouterr() == ("", "")


@pytest.mark.kafka
@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_a_right_password(kafka: Sandbox, mechanism: str) -> None:
    with open_cluster(sasl(kafka, sasl_mechanism=mechanism)) as cluster:
        assert (cluster.id, cluster.principal) == (kafka.cluster_id, "User:ci")


@pytest.mark.kafka
def test_a_mechanism_that_the_broker_does_not_offer(kafka: Sandbox) -> None:
    other = replace(login(sasl(kafka)), mechanism="GSSAPI")
    with pytest.raises(Unreachable) as caught:
        connect(other, timeout=10.0)
    assert_says(
        caught.value,
        f"Cannot reach {kafka.sasl_bootstrap}: it does not know the login mechanism GSSAPI; "
        "it offers PLAIN, SCRAM-SHA-256, SCRAM-SHA-512.",
        "Set sasl.mechanism to one of these.",
    )


@pytest.mark.kafka
def test_a_login_where_none_is_asked_for(kafka: Sandbox) -> None:
    assert_says(
        refusal(sasl(kafka, bootstrap_servers=kafka.bootstrap)),
        f"Cannot reach {kafka.bootstrap}: it asks for no login, and security.protocol is SASL_PLAINTEXT.",
        "Use the port of the SASL listener, or set security.protocol to PLAINTEXT.",
    )


@pytest.mark.kafka
def test_no_login_where_one_is_asked_for(kafka: Sandbox) -> None:
    assert_says(
        refusal({"bootstrap.servers": kafka.sasl_bootstrap}),
        f"Cannot reach {kafka.sasl_bootstrap}: it closes the connection: it expects a login, "
        "and security.protocol is PLAINTEXT.",
        "Set security.protocol to SASL_PLAINTEXT, with sasl.mechanism, sasl.username and sasl.password.",
    )


@pytest.mark.kafka
def test_tls_to_a_plaintext_port(kafka: Sandbox) -> None:
    assert_says(
        refusal({"bootstrap.servers": kafka.bootstrap, "security.protocol": "SSL"}),
        f"Cannot reach {kafka.bootstrap}: the TLS handshake failed: it looks like a PLAINTEXT port, "
        "and security.protocol is SSL.",
        "Use the port of the TLS listener, or set security.protocol to PLAINTEXT.",
    )


@pytest.mark.kafka
def test_plaintext_to_a_tls_port(tls_kafka: Sandbox) -> None:
    assert tls_kafka.ssl_bootstrap and tls_kafka.sasl_ssl_bootstrap
    for server, client in (
        (tls_kafka.ssl_bootstrap, {"bootstrap.servers": tls_kafka.ssl_bootstrap}),
        (tls_kafka.sasl_ssl_bootstrap, sasl(tls_kafka, bootstrap_servers=tls_kafka.sasl_ssl_bootstrap)),
    ):
        protocol = client.get("security.protocol", "PLAINTEXT")
        assert_says(
            refusal(client),
            f"Cannot reach {server}: it closes the connection: it may expect TLS, and security.protocol is {protocol}.",
            "Is the port right? For TLS set security.protocol to SSL or SASL_SSL.",
        )


def tls_client(kafka: Sandbox, **changes: str) -> dict[str, str]:
    """A client of the TLS listener that trusts its certificate."""
    assert kafka.ssl_bootstrap
    client = {"bootstrap.servers": kafka.ssl_bootstrap, "security.protocol": "SSL", "ssl.ca.location": str(kafka.ca)}
    return client | {key.replace("_", "."): value for key, value in changes.items()}


@pytest.mark.kafka
def test_tls_with_a_certificate_from_a_file_from_text_or_unchecked(tls_kafka: Sandbox) -> None:
    assert tls_kafka.ca and tls_kafka.sasl_ssl_bootstrap
    trusting = tls_client(tls_kafka)
    text = {key: value for key, value in trusting.items() if key != "ssl.ca.location"}
    encrypted = {"bootstrap.servers": tls_kafka.sasl_ssl_bootstrap, "security.protocol": "SASL_SSL"}
    for client in (
        trusting,
        text | {"ssl.ca.pem": tls_kafka.ca.read_text()},
        text | {"enable.ssl.certificate.verification": "false"},
        trusting | sasl(tls_kafka) | encrypted,
    ):
        with open_cluster(client) as cluster:
            assert cluster.id == tls_kafka.cluster_id


@pytest.mark.kafka
def test_a_certificate_that_is_not_trusted(tls_kafka: Sandbox) -> None:
    client = tls_client(tls_kafka)
    del client["ssl.ca.location"]
    failure = refusal(client)
    assert failure.message.startswith(f"Cannot reach {tls_kafka.ssl_bootstrap}: its certificate is not trusted: ")
    assert failure.help == "Give the certificate of the authority that signed it: ssl.ca.location=FILE.pem"


@pytest.mark.kafka
def test_a_certificate_for_another_name(tls_kafka: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tls_kafka.ssl_bootstrap
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: real("127.0.0.1", *rest, **more))
    client = tls_client(tls_kafka, bootstrap_servers=tls_kafka.ssl_bootstrap.replace("127.0.0.1", "kafka.example"))
    assert_says(
        refusal(client),
        f'Cannot reach {client["bootstrap.servers"]}: its certificate is not for the name "kafka.example".',
        "Connect by a name that the certificate holds, or set ssl.endpoint.identification.algorithm=none.",
    )
    with open_cluster(client | {"ssl.endpoint.identification.algorithm": "none"}) as cluster:
        assert cluster.id == tls_kafka.cluster_id


@pytest.mark.kafka
def test_one_of_two_servers_is_enough(kafka: Sandbox, closed_port: str, silent_port: str) -> None:
    for dead, most in ((closed_port, 1.0), (silent_port, 3.5), ("no-such-host.invalid:9092", 1.0)):
        began = time.monotonic()
        with open_cluster(sasl(kafka, bootstrap_servers=f"{dead},{kafka.sasl_bootstrap}")) as cluster:
            assert cluster.id == kafka.cluster_id
        assert time.monotonic() - began < most


def test_every_server_that_failed_is_named(closed_port: str) -> None:
    assert refusal({"bootstrap.servers": f"{closed_port},no-such-host.invalid:1"}).message == (
        f"Cannot reach {closed_port}: connection refused; "
        'no-such-host.invalid:1: the name "no-such-host.invalid" does not resolve (2 attempts, 1 s).'
    )


@pytest.mark.kafka
def test_a_broker_that_advertises_a_name_that_does_not_resolve(kafka: Sandbox) -> None:
    link = Link(login(kafka.client()), timeout=10)
    link.brokers[7] = ("kafka-7.invalid", 9092)
    with pytest.raises(Unreachable) as caught:
        list(link.exchange([object()], node=7))
    link.close()
    assert caught.value.message == (
        "The cluster answers, but its broker 7, which calls itself kafka-7.invalid:9092, cannot be reached: "
        'the name "kafka-7.invalid" does not resolve.'
    )
    assert "The address comes from the broker's advertised.listeners." in (caught.value.help or "")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ssl.ca.location": "nowhere.pem"}, 'ssl.ca.location names "nowhere.pem", and there is no such file'),
        ({"security.protocol": "TLS"}, 'security.protocol is "TLS"'),
        ({"security.protocol": "SASL_SSL"}, "sasl.mechanism is not set"),
        ({"security.protocol": "SASL_SSL", "sasl.mechanism": "GSSAPI"}, 'sasl.mechanism is "GSSAPI"'),
        (
            {"security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN", "sasl.username": "a"},
            "sasl.password is not set, and PLAIN needs it",
        ),
        ({"bootstrap.servers": ""}, "No bootstrap.servers is set, so there is no cluster to talk to"),
        ({"bootstrap.servers": "kafka"}, 'bootstrap.servers holds "kafka"'),
        ({"bootstrap.servers": "kafka:99999"}, 'bootstrap.servers holds "kafka:99999"'),
    ],
)
def test_a_config_that_cannot_work(changes: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        login({"bootstrap.servers": "localhost:9092"} | changes)
    assert (caught.value.message, caught.value.exit_code) == (message, 78)


def test_a_certificate_that_is_none(tmp_path: Path, silent_port: str) -> None:
    junk = tmp_path / "junk.pem"
    junk.write_text("junk")
    client = {"bootstrap.servers": silent_port, "security.protocol": "SSL"}
    assert refusal(client | {"ssl.ca.location": str(junk)}).exit_code == 78
    assert refusal(client | {"ssl.ca.pem": "junk"}).message.startswith("ssl.ca.pem holds no certificate")
    failure = refusal(client | {"ssl.certificate.pem": "junk", "ssl.key.pem": "junk"})
    assert failure.message.startswith("The client certificate cannot be used: ")


def test_servers() -> None:
    assert servers("a:1, [::1]:2,SASL_SSL://b:3,") == (("a", 1), ("::1", 2), ("b", 3))


def test_a_login_does_not_show_its_password() -> None:
    client = {"bootstrap.servers": "a:1", "sasl.password": "canary-password", "ssl.key.pem": "canary-key"}
    assert "canary" not in repr(login(client))


def test_the_principal_of_each_kind_of_login() -> None:
    plain = {"bootstrap.servers": "a:1"}
    assert login(plain).principal == "User:ANONYMOUS"
    assert login(plain | {"security.protocol": "SSL"}).principal is None

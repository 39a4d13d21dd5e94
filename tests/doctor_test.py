"""The doctor's verdicts on a real broker, word for word."""

import socket

import pytest

from kafka_gitops.cli.doctor import line
from kafka_gitops.cli.main import main
from kafka_gitops.doctor import Verdict, examine, exit_code
from kafka_gitops.sandbox import Sandbox

NOT_TRIED = ["brokers answer", "may read topics", "may read configs", "may create topics", "may read ACLs"]


def verdicts(client: dict[str, str]) -> dict[str, Verdict]:
    """The verdicts on the only bootstrap server, by step."""
    ((_, found),) = examine(client, timeout=3)
    return {verdict.step: verdict for verdict in found}


@pytest.mark.kafka
def test_all_is_well(kafka: Sandbox) -> None:
    found = verdicts(kafka.client())
    assert found["name resolves"] == Verdict("ok", "name resolves", "127.0.0.1")
    assert found["TLS"].found == "not used"
    assert found["login"].found == "SCRAM-SHA-256 as User:admin"
    assert found["cluster"].found == f"{kafka.cluster_id}, Kafka 4.3, 1 broker"
    assert found["brokers answer"].found == kafka.sasl_bootstrap
    assert found["may create topics"].found == "of any name"
    assert exit_code(list(found.values())) == 0


@pytest.mark.kafka
def test_a_missing_right(kafka: Sandbox) -> None:
    found = verdicts(kafka.client("alice"))
    assert line(found["may read ACLs"]) == (
        "  FAIL  may read ACLs        User:alice lacks DESCRIBE on the cluster\n"
        "                             kafka-acls --add --allow-principal User:alice --operation Describe --cluster"
    )
    assert found["may alter ACLs"].status == "note"
    assert exit_code(list(found.values())) == 1


@pytest.mark.kafka
def test_a_wrong_password_stops_what_needs_the_login(kafka: Sandbox) -> None:
    found = verdicts(kafka.client() | {"sasl.password": "not-it-at-all"})
    assert found["port answers"].status == "ok"
    assert found["login"].found == "login refused: wrong user or password (User:admin, SCRAM-SHA-256)"
    assert {found[step].status for step in ("cluster", *NOT_TRIED)} == {"-"}
    assert exit_code(list(found.values())) == 5


@pytest.mark.kafka
def test_no_authorizer_is_a_note(no_authorizer: Sandbox) -> None:
    found = verdicts(no_authorizer.client())
    assert found["may read ACLs"].found == "no authorizer is configured on the brokers"
    assert exit_code(list(found.values())) == 0


@pytest.mark.kafka
def test_one_dead_server_of_two_is_a_note(kafka: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"127.0.0.1:{server.getsockname()[1]}"
    sections = list(examine(kafka.client() | {"bootstrap.servers": f"{closed},{kafka.sasl_bootstrap}"}, timeout=3))
    assert [title for title, _ in sections] == [closed, kafka.sasl_bootstrap]
    assert sections[0][1][1]._replace(help="") == Verdict("note", "port answers", "connection refused")
    assert [exit_code(found) for _, found in sections] == [0, 0]


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert main(["doctor", "-X", "bootstrap.servers=no-such-host.invalid:1"]) == 5
    out = capsys.readouterr().out.splitlines()
    assert out[:4] == [
        "no-such-host.invalid:1",
        '  FAIL  name resolves        the name "no-such-host.invalid" does not resolve',
        "                             Is the host name right, and is this the right network?",
        "  -     port answers         not tried",
    ]

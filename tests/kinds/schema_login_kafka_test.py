"""A registry with a login, a wrong password, a registry that is down, that does not answer: each has its sentence."""

import socket

import pytest
from registering import WithRegistry, avro, files
from wires import heard, wire

from kafka_gitops.clients import rest
from kafka_gitops.clients.registry import SchemaRegistry, open_registry
from kafka_gitops.errors import KafkaGitopsError, MissingRight, Unreachable
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.sandbox.rest import Server
from kafka_gitops.settings import Rest, Settings

AT = "environments.prod.schema_registry"
WANTED = files("schemas: [{subject: a, file: a.avsc}]", a=avro("x"))


def planned(*urls: str, **login: str) -> Plan:
    """The plan of a file with one subject, against the registry at these addresses."""
    registry = open_registry(Rest(urls, at=AT, **login), {})
    return make(Wish(WANTED), Settings(), WithRegistry(memory=registry))


@pytest.mark.kafka
def test_the_right_password_plans_and_another_address_is_asked_first(registry_with_login: Server) -> None:
    login = registry_with_login.login
    assert login is not None
    given = {"username": login.username, "password": login.password}
    assert len(planned("http://127.0.0.1:9", registry_with_login.url, **given).changes) == 1


@pytest.mark.kafka
@pytest.mark.parametrize(
    ("login", "said"),
    [
        ({"username": "ci", "password": "wrong-password"}, "refuses the login of ci (HTTP 401)"),
        ({}, "wants a login (HTTP 401)"),
        ({"token": "no-such-token"}, "refuses the login of this token (HTTP 401)"),
    ],
    ids=["wrong", "none", "token"],
)
def test_a_login_that_is_not_right(registry_with_login: Server, login: dict[str, str], said: str) -> None:
    with pytest.raises(MissingRight) as caught:
        planned(registry_with_login.url, **login)
    assert caught.value.message == f"The schema registry at {registry_with_login.url} {said}"
    assert (caught.value.help or "").endswith(f"under {AT} right?") or (caught.value.help or "").endswith(f"{AT}.")
    assert caught.value.exit_code == 1


@pytest.mark.kafka
def test_a_path_that_is_not_the_registrys(registry: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "STARTING", 0.0)
    url = registry.url.partition("/apis")[0]
    with pytest.raises(Unreachable, match="answers 404 and no JSON of its own") as caught:
        planned(url)
    assert caught.value.help == f"Is the path of `url` under {AT} right?"


def test_one_that_is_down() -> None:
    with pytest.raises(Unreachable, match=r"Cannot reach the schema registry at http://127\.0\.0\.1:9: connection ref"):
        planned("http://127.0.0.1:9")


def test_one_that_is_slow() -> None:
    def silent(connection: socket.socket) -> None:
        heard(connection)
        connection.recv(1)

    with wire(silent) as at:
        service = rest.open_service("the schema registry", Rest((f"http://{at}",), at=AT), {}, seconds=0.5)
        with pytest.raises(Unreachable, match=rf"schema registry at http://{at}: no answer within 0\.5 s"):
            make(Wish(WANTED), Settings(), WithRegistry(memory=SchemaRegistry(service)))


def test_none_at_all_names_the_place_and_the_key() -> None:
    with pytest.raises(KafkaGitopsError) as caught:
        make(Wish(WANTED), Settings(environment="prod"), WithRegistry())
    assert caught.value.message == "t.yaml:2:12: schema a is declared, and the environment has no `schema_registry`."
    assert caught.value.help == f"Write {AT}: {{url: http://HOST:8081}}"
    assert caught.value.exit_code == 78


def test_none_at_all_for_a_topic_of_julieops_is_a_note() -> None:
    text = "projects: [{name: p, topics: [{name: t, schemas: {value.schema.file: a.avsc}}]}]"
    plan = make(Wish(files(text, a=avro("x"))), Settings(environment="prod"), WithRegistry())
    assert [note for note in plan.notes if "schemas" in note] == [
        "schemas are not planned: t.yaml:2:51 declares one, and the environment has no `schema_registry`; write "
        f"{AT}: {{url: http://HOST:8081}}"
    ]

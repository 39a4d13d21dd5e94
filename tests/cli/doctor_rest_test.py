"""The doctor on a real registry and a real Connect worker: each answers, wants a login, refuses one, or is not there."""

import socket

import pytest

from kafka_gitops.doctor import rest
from kafka_gitops.doctor.verdict import Verdict
from kafka_gitops.sandbox.rest import Server
from kafka_gitops.settings import Rest, Settings


def verdicts(settings: Settings) -> list[list[Verdict]]:
    """The verdicts on each server."""
    return [rest.examine(server, {}, seconds=10)[1] for server in rest.servers(settings)]


@pytest.mark.kafka
def test_a_registry_and_a_worker_answer(registry: Server, worker: Server) -> None:
    settings = Settings(registry=Rest((registry.url,)), connect={"main": Rest((worker.url,))})
    for found in verdicts(settings):
        assert found[0] == Verdict("ok", "server answers")
        assert found[1].status == "ok" and found[1].found.endswith(" visible")
        assert {verdict.status for verdict in found[2:]} <= {"-"}


@pytest.mark.kafka
def test_a_login_is_wanted_and_a_wrong_one_refused(registry_with_login: Server) -> None:
    url = registry_with_login.url
    for given, said in ((Rest((url,)), "wants a login"), (Rest((url,), "ci", "wrong-one"), "refuses the login of ci")):
        ((first, second),) = verdicts(Settings(registry=given))
        assert (first.status, second.status, second.code) == ("ok", "FAIL", 1)
        assert said in second.found and "wrong-one" not in second.found
    ((first, *_),) = verdicts(Settings(registry=Rest((url,), "ci", "ci-secret")))
    assert first.status == "ok"


def test_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"http://127.0.0.1:{server.getsockname()[1]}"
    (found,) = verdicts(Settings(connect={"main": Rest((closed,))}))
    assert [(one.status, one.code) for one in found] == [("FAIL", 5)] and closed in found[0].found

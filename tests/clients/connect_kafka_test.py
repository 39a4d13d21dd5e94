"""What a real Connect worker answers, as this tool understands it."""

import itertools
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from kafka_gitops.clients.connect import Workers
from kafka_gitops.clients.rest import open_service
from kafka_gitops.errors import Unreachable
from kafka_gitops.kinds.connector.live import Asked, Live, Offset
from kafka_gitops.sandbox import Sandbox, connect
from kafka_gitops.sandbox.process import watched
from kafka_gitops.sandbox.rest import Server
from kafka_gitops.sandbox.source import Source
from kafka_gitops.settings import Rest

pytestmark = pytest.mark.kafka
SOURCE = {"connector.class": "FileStreamSource", "tasks.max": "1", "topic": "made.by.connect"}
SINK = {"connector.class": "FileStreamSink", "tasks.max": "1", "topics": "made.by.connect"}
TRANSFORMS = "org.apache.kafka.connect.transforms"
CANARY = "canary-5d1f9e"
_NUMBERS = itertools.count(1)


def workers(*urls: str, patience: float = 30.0) -> Workers:
    service = open_service("the Connect cluster main", Rest(urls, at="environments.dev.connect.main"), {})
    return Workers(service, patience=patience)


@pytest.fixture
def name() -> str:
    return f"client-{os.getpid()}-{next(_NUMBERS)}"


@pytest.fixture
def box(worker: Server, name: str) -> Iterator[Workers]:
    found = workers(worker.url)
    yield found
    for one in found.connectors():
        if one.startswith(name):
            assert found.delete(one) is None


def raw(url: str, method: str, body: object) -> Any:
    headers = {"Content-Type": "application/json"}
    with urlopen(Request(url, json.dumps(body).encode(), headers, method=method), timeout=30) as answer:
        return answer.status


def until(box: Workers, name: str, seen: Callable[[Live], bool]) -> Live:
    end = time.monotonic() + 60
    while True:
        live = box.connectors().get(name)
        if live is not None and seen(live):
            return live
        assert time.monotonic() < end, live
        time.sleep(0.3)


def test_a_connector_is_created_read_turned_and_deleted(box: Workers, name: str) -> None:
    assert box.put(name, {**SOURCE, "file": "/dev/null"}) is None
    live = until(box, name, lambda live: len(live.tasks) == 1 and live.tasks[0].state == "RUNNING")
    assert live.config == {**SOURCE, "file": "/dev/null", "name": name}
    assert (live.target, live.failures, live.expected, live.sink) == ("running", (), 1, False)
    assert box.turn(name, "paused") is None
    assert until(box, name, lambda live: live.state == "PAUSED").target == "paused"
    assert box.turn(name, "stopped") is None
    assert until(box, name, lambda live: live.state == "STOPPED" and not live.tasks).target == "stopped"
    assert box.delete(name) is None
    assert name not in box.connectors()
    assert box.delete(name) is None


def test_one_may_begin_stopped(box: Workers, name: str) -> None:
    assert box.create(name, SINK, "stopped") is None
    assert until(box, name, lambda live: live.state == "STOPPED").tasks == ()


def test_names_with_odd_characters_are_reached(box: Workers, name: str) -> None:
    odd = f"{name} ü?#;+&x"
    assert box.put(odd, {**SOURCE, "file": "/dev/null"}) is None
    until(box, odd, lambda live: live.state == "RUNNING")
    assert box.offsets(odd) == ()
    assert box.delete(odd) is None


@pytest.mark.parametrize("bad", ["{}/x", "{}%x", "{}\\x", "{}/../x"])
def test_names_that_no_path_reaches_are_refused_by_the_worker_too(box: Workers, name: str, bad: str) -> None:
    problem = box.put(bad.format(name), {**SOURCE, "file": "/dev/null"})
    assert problem is not None and problem.code == "HTTP 400"


def test_a_plugin_says_what_it_does_not_take(box: Workers, name: str) -> None:
    wrong = {"connector.class": "FileStreamSource", "tasks.max": "none", "x": "1"}
    (verdict,) = box.validate([Asked("FileStreamSource", name, wrong)])
    assert [key for key, _ in verdict.messages] == ["tasks.max", "topic"]
    assert verdict.messages[0][1] == "Invalid value none for configuration tasks.max: Not a number of type INT"
    assert {"topic", "file", "name", "tasks.max"} <= verdict.known and "x" not in verdict.known
    good = {**SOURCE, "file": "/dev/null"}
    assert box.validate([Asked("FileStreamSource", name, good)])[0].messages == ()


def test_a_500_is_a_message_about_the_config_without_its_secrets(box: Workers, name: str) -> None:
    override = {"producer.override.linger.ms": "abc", "x.password": CANARY}
    for config in ({"x.password": CANARY}, {**SOURCE, **override}):
        (verdict,) = box.validate([Asked("FileStreamSource", name, config)])
        assert len(verdict.messages) >= 1
        assert CANARY not in str(verdict)


def test_no_message_shows_what_a_reference_stands_for(box: Workers, name: str, tmp_path: Path) -> None:
    (tmp_path / "s.properties").write_text(f"number={CANARY}\n")
    config = {**SOURCE, "file": "/dev/null", "tasks.max": f"${{file:{tmp_path}/s.properties:number}}"}
    (verdict,) = box.validate([Asked("FileStreamSource", name, config)])
    assert verdict.messages[0][1] == "Invalid value (secret) for configuration tasks.max: Not a number of type INT"
    assert CANARY not in str(verdict)
    problem = box.put(name, config)
    assert problem is not None and problem.code == "HTTP 400" and CANARY not in str(problem)


@pytest.mark.parametrize(
    "more",
    [
        {"value.converter": "REF"},
        {"header.converter": "x.REF"},
        {"transforms": "REF"},
        {"predicates": "REF"},
        {"transforms": "a", "transforms.a.type": "REF"},
        {"transforms": "a", "transforms.a.type": f"{TRANSFORMS}.Cast$Value", "transforms.a.spec": "REF"},
        {"transforms": "a", "transforms.a.type": f"{TRANSFORMS}.RegexRouter", "transforms.a.regex": "REF("},
        {"key.converter": "org.apache.kafka.connect.json.JsonConverter", "key.converter.schemas.cache.size": "REF"},
    ],
)
def test_no_reference_says_its_value_by_what_is_wrong_with_it(
    box: Workers, name: str, tmp_path: Path, more: dict[str, str]
) -> None:
    (tmp_path / "s.properties").write_text(f"any={CANARY}\n")
    reference = f"${{file:{tmp_path}/s.properties:any}}"
    config = {**SOURCE, "file": "/dev/null", **{key: text.replace("REF", reference) for key, text in more.items()}}
    (verdict,) = box.validate([Asked("FileStreamSource", name, config)])
    assert verdict.messages and CANARY.lower() not in str(verdict).lower()
    problem = box.put(name, config)
    assert problem is not None and CANARY.lower() not in str(problem).lower()


def test_a_null_that_somebody_wrote_is_read_as_one(box: Workers, worker: Server, name: str) -> None:
    assert raw(f"{worker.url}/connectors", "POST", {"name": name, "config": {**SINK, "file": None}}) == 201
    assert until(box, name, lambda live: True).config["file"] == "(null)"


def test_offsets_are_read_and_written_when_stopped(box: Workers, name: str, tmp_path: Path) -> None:
    file = tmp_path / "in.txt"
    file.write_text("a\n")
    assert box.create(name, {**SOURCE, "file": str(file)}, "stopped") is None
    until(box, name, lambda live: live.state == "STOPPED" and not live.tasks)
    assert box.offsets(name) == ()
    wanted = (Offset(json.dumps({"filename": str(file)}), json.dumps({"position": 2})),)
    assert box.set_offsets(name, wanted) is None
    assert box.offsets(name) == wanted
    assert box.turn(name, "running") is None
    until(box, name, lambda live: live.state == "RUNNING")
    problem = box.set_offsets(name, wanted)
    assert problem is not None and "must be in the STOPPED state" in problem.message


def test_restarting_at_once_waits_for_the_window_in_which_workers_say_409(box: Workers, name: str) -> None:
    assert box.put(name, {**SOURCE, "file": "/dev/null"}) is None
    end = time.monotonic() + 30
    while (problem := box.restart(name)) is not None and problem.code == "HTTP 404":  # not read by the worker yet
        assert time.monotonic() < end
    assert problem is None


def test_of_several_workers_one_that_answers_will_do(worker: Server) -> None:
    assert workers("http://127.0.0.1:1", worker.url).kafka


def test_a_worker_that_is_just_starting_has_no_connectors_to_tell(kafka: Sandbox) -> None:
    """It is refused, then 404 without JSON on every path: neither is an empty list."""
    found = connect.program(Source(), log=lambda _line: None)
    with watched() as dog:
        directory = Path(tempfile.mkdtemp(prefix="kafka-gitops-connect-"))
        dog.order("remove", str(directory))
        one = connect.apart("starting")
        first = connect.launch(found, directory, dog, bootstrap=kafka.bootstrap, properties=one)
        with watched() as again:
            connect.ready(first)
            assert workers(first.url).put("there", {**SOURCE, "file": "/dev/null"}) is None
            port = first.url.rpartition(":")[2]
            os.kill(first.process.pid, 15)
            while first.ended() is None:
                time.sleep(0.2)
            listen = {"listeners": first.url, "rest.advertised.port": port}
            other = Path(tempfile.mkdtemp(prefix="kafka-gitops-connect-"))
            again.order("remove", str(other))
            second = connect.launch(found, other, again, bootstrap=kafka.bootstrap, properties={**one, **listen})
            answers: list[Mapping[str, Live]] = []
            end = time.monotonic() + 90
            while not answers:
                assert time.monotonic() < end and second.ended() is None
                with suppress(Unreachable):
                    answers.append(workers(first.url, patience=1).connectors())
            assert "there" in answers[0]

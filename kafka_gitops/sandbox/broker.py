"""The configuration of the sandbox's brokers: KRaft, listeners on 127.0.0.1, users, authorizer."""

import random
import secrets
import socket
import struct
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kafka_gitops.sandbox.releases import Release

HOST = "127.0.0.1"
MECHANISMS = ("SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN")
JVM = ("-Xmx1536m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # ready in 3 s; 15,000 partitions need 500 MB
QUIET = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.apache.logging.log4j.level=WARN")  # jars, KAFKA_HOME

Ports = Mapping[str, int]


def listeners(*, tls: bool) -> tuple[str, ...]:
    """The names of a broker's listeners, which are those of their security protocols."""
    return ("PLAINTEXT", "SASL_PLAINTEXT", "SSL", "SASL_SSL") if tls else ("PLAINTEXT", "SASL_PLAINTEXT")


def free_ports(names: Sequence[str]) -> dict[str, int]:
    """A free TCP port of 127.0.0.1 for each name, all different.

    They lie below the range from which systems number outgoing connections: one of those may take a port in between.
    """
    found: dict[str, int] = {}
    candidates = iter(random.SystemRandom().sample(range(15000, 32768), 2000))
    for name in names:
        found[name] = next(port for port in candidates if _is_free(port))
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as each:
        try:
            each.bind((HOST, port))
        except OSError:
            return False
        return True


def cluster_id() -> str:
    """A new id as Kafka makes them: 16 random bytes in URL-safe base64; never one that starts with a dash."""
    return urlsafe_b64encode(b"\x14" + uuid.uuid4().bytes[1:]).decode().rstrip("=")


def password() -> str:
    """A new random password."""
    return secrets.token_urlsafe(18)


def properties(
    node: int,
    ports: Ports,
    *,
    controller: int,
    brokers: int,
    users: Mapping[str, str],
    data: Path,
    bind: str,
    kafka: Release,
) -> dict[str, str]:
    """The properties of broker `node`; `controller` is the port of ZooKeeper, or of the first broker as controller."""
    names = tuple(ports)
    bound = [f"{name}://{bind}:{ports[name]}" for name in names]
    copies = str(min(brokers, 3))
    return {
        **(_zookeeper if kafka.zookeeper else _quorum)(node, controller, bound, kafka),
        "advertised.listeners": ",".join(f"{name}://{HOST}:{ports[name]}" for name in names),
        "listener.security.protocol.map": ",".join(f"{name}:{name}" for name in names) + ",CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        "log.dirs": str(data),
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": str(min(brokers, 2)),
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": str(min(brokers, 2)),
        "offsets.topic.num.partitions": "5",  # 50 cost a second at the first consumer
        "transaction.state.log.num.partitions": "5",
        "group.initial.rebalance.delay.ms": "0",
        "auto.create.topics.enable": "false",  # topics come from files here
        **_login(names, users),
    }


def _zookeeper(node: int, port: int, bound: Sequence[str], kafka: Release) -> dict[str, str]:
    return {
        "broker.id": str(node),
        "zookeeper.connect": f"{HOST}:{port}",
        "zookeeper.connection.timeout.ms": "30000",
        "listeners": ",".join(bound),
    }


def _quorum(node: int, port: int, bound: Sequence[str], kafka: Release) -> dict[str, str]:
    where = {"voters": f"1@{HOST}:{port}"} if kafka.voters else {"bootstrap.servers": f"{HOST}:{port}"}
    first = node == 1
    return {
        "node.id": str(node),
        "process.roles": "broker,controller" if first else "broker",
        **{f"controller.quorum.{key}": value for key, value in where.items()},
        "controller.listener.names": "CONTROLLER",
        "listeners": ",".join([*bound, f"CONTROLLER://{HOST}:{port}"] if first else bound),
    }


def keeper(port: int, data: Path) -> dict[str, str]:
    """The properties of the ZooKeeper that older brokers need."""
    return {
        "tickTime": "2000",
        "dataDir": str(data),
        "clientPort": str(port),
        "clientPortAddress": HOST,
        "maxClientCnxns": "0",
        "admin.enableServer": "false",
    }


def _login(names: Iterable[str], users: Mapping[str, str]) -> dict[str, str]:
    """SASL for each SASL listener; without a JAAS line for every mechanism the broker stops silently."""
    found = {"sasl.enabled.mechanisms": ",".join(MECHANISMS)}
    plain = " ".join(f'user_{name}="{word}"' for name, word in users.items())
    security = "org.apache.kafka.common.security"
    for listener in (name.lower() for name in names if name.startswith("SASL_")):
        for mechanism in MECHANISMS:
            module = (
                f"plain.PlainLoginModule required {plain}"
                if mechanism == "PLAIN"
                else "scram.ScramLoginModule required"
            )
            found[f"listener.name.{listener}.{mechanism.lower()}.sasl.jaas.config"] = f"{security}.{module};"
    return found


def authorizer(kafka: Release) -> dict[str, str]:
    """ANONYMOUS is who comes by the PLAINTEXT listener: the brokers themselves, and whoever tries the demo."""
    return {
        "authorizer.class.name": "kafka.security.authorizer.AclAuthorizer"
        if kafka.zookeeper
        else "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:admin;User:ANONYMOUS",
    }


def format_arguments(cluster: str, config: str, users: Mapping[str, str], *, first: bool, kafka: Release) -> list[str]:
    """The arguments of kafka.tools.StorageTool; the first node holds the users' SCRAM credentials."""
    found = ["format", "--cluster-id", cluster, "--config", config]
    if not first:
        return found if kafka.voters else [*found, "--no-initial-controllers"]
    if not kafka.voters:
        found.append("--standalone")
    for name, word in users.items():
        for mechanism in MECHANISMS[:2]:
            found += ["--add-scram", f"{mechanism}=[name={name},password={word}]"]
    return found


def listens(port: int) -> bool:
    """Whether something takes connections at this port."""
    try:
        with socket.create_connection((HOST, port), timeout=1):
            return True
    except OSError:
        return False


def count(port: int) -> int:
    """How many brokers the one at `port` knows to be ready (Metadata request, version 1); 0 when it does not answer."""
    request = struct.pack(">hhih", 3, 1, 1, -1) + struct.pack(
        ">i", 0
    )  # key, version, correlation, no client id; no topics
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            with connection.makefile("rb") as answer:
                head = answer.read(12)  # size, correlation, number of brokers
    except OSError:
        return 0
    return int(struct.unpack(">iii", head)[2]) if len(head) == 12 else 0

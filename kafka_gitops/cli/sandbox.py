"""Run a temporary, real Apache Kafka on this machine, until Ctrl-C or for one command."""

import argparse
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kafka_gitops.cli import terminal
from kafka_gitops.cli.request import Request as Common
from kafka_gitops.config import environment
from kafka_gitops.errors import UsageError
from kafka_gitops.sandbox.releases import DEFAULT

if TYPE_CHECKING:
    from kafka_gitops.sandbox import Sandbox
    from kafka_gitops.sandbox.rest import Server
    from kafka_gitops.sandbox.source import Source

EXAMPLE = "kafka-gitops sandbox --brokers 3 -- sh -c 'echo $KAFKA_BOOTSTRAP'"


class Request(Common):
    """What `sandbox` is asked for."""

    brokers: int = 1
    keep: bool = False
    tls: bool = False
    parts: str | None = None
    kafka: str | None = None
    docker: str | None = None
    command: tuple[str, ...] = ()


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of `sandbox`."""
    parser.add_argument("--brokers", metavar="N", type=int, default=1, help="how many brokers, 1 to 9 (default: 1)")
    parser.add_argument("--keep", action="store_true", help="leave it running; says how to stop it")
    parser.add_argument("--tls", action="store_true", help="also TLS listeners, with a certificate of its own")
    parser.add_argument(
        "--with",
        metavar="PARTS",
        dest="parts",
        help="run beside it: registry (a schema registry), connect (a Kafka Connect worker), or both: registry,connect",
    )
    parser.add_argument(
        "--kafka", metavar="VERSION", help=f"this release, 2.8 or newer: 3.9, 4.4.0 (default: {DEFAULT})"
    )
    parser.add_argument(
        "--docker",
        metavar="IMAGE",
        nargs="?",
        const=f"apache/kafka:{DEFAULT}",
        help=f"run this image (default: apache/kafka:{DEFAULT}) instead of jars on a Java from pip",
    )
    parser.add_argument(
        "command",
        metavar="CMD",
        nargs="*",
        help="after --: run this with KAFKA_BOOTSTRAP, KAFKA_SASL_BOOTSTRAP, KAFKA_USERNAME, KAFKA_PASSWORD set, and "
        "SCHEMA_REGISTRY_URL, CONNECT_URL where --with asks for them",
    )


def run(request: Request, config: object = None) -> int:
    """Start it, tell the connection or run the command, end it; the command's exit code is ours."""
    from kafka_gitops.sandbox import running

    if not 1 <= request.brokers <= 9:
        raise UsageError(f"--brokers is {request.brokers}; expected 1 to 9 (each needs about 350 MB of memory)")
    if request.command and not shutil.which(request.command[0]):
        raise UsageError(
            f"There is no command {request.command[0]!r} to run in the sandbox", help=f"example: {EXAMPLE}"
        )
    if request.docker is not None and request.kafka is not None:
        raise UsageError("--kafka and --docker both say which Kafka to run", help="Give one of them.")
    source, parts = source_from_environment(image=request.docker, version=request.kafka), _parts(request.parts)
    log = terminal.say
    with running(
        brokers=request.brokers, source=source, tls=request.tls, parts=parts, keep=request.keep, log=log
    ) as kafka:
        code = run_command(request.command, kafka) if request.command else show(kafka, wait=not request.keep)
    if request.keep:
        terminal.say(f"It goes on with its data in {kafka.data_dir}. To stop it and remove them: kill {kafka.keeper}")
    return code


def _parts(text: str | None) -> frozenset[str]:
    """`registry,connect` as a set. Raises UsageError for anything else."""
    from kafka_gitops.sandbox import PARTS

    if text is None:
        return frozenset()
    named = frozenset(part.strip() for part in text.split(","))
    if not named <= PARTS.keys():
        raise UsageError(f"--with is {text}; expected {', '.join(PARTS)}, or {','.join(PARTS)} for both")
    return named


def source_from_environment(*, image: str | None = None, version: str | None = None) -> "Source":
    """An image or a version where given, else KAFKA_HOME (run by JAVA_HOME's Java where set), else jars on a Java from
    pip."""
    from kafka_gitops.sandbox.source import Source

    variables = environment()
    home, java = None if version else variables.get("KAFKA_HOME"), variables.get("JAVA_HOME")
    return Source(
        kafka_home=Path(home) if home else None,
        image=image,
        java=Path(java, "bin", "java") if home and java else None,
        version=version or DEFAULT,
    )


def connection(kafka: "Sandbox") -> str:
    """What somebody needs to connect, and an environment to paste into kafka-gitops.yaml."""
    ports = [f"{title:9} {part.url} as admin ({said})" for title, said, part in _beside(kafka)]
    tls = [f"TLS:      {kafka.ssl_bootstrap} (CA {kafka.ca}), with SASL {kafka.sasl_ssl_bootstrap}"] if kafka.ca else []
    return "\n".join(
        [
            f"Kafka is ready (cluster {kafka.cluster_id}, data in {kafka.data_dir}).",
            "",
            f"No login: {kafka.bootstrap}",
            f"SASL:     {kafka.sasl_bootstrap} as admin (SCRAM-SHA-256, SCRAM-SHA-512 or PLAIN)",
            *tls,
            *ports,
            "",
            "For a shell:",
            f"  export KAFKA_GITOPS_SANDBOX_PASSWORD={kafka.admin_password}",
            "",
            "For kafka-gitops.yaml:",
            "  environments:",
            "    sandbox:",
            f"      bootstrap: {kafka.sasl_bootstrap}",
            "      client:",
            "        security.protocol: SASL_PLAINTEXT",
            "        sasl.mechanism: SCRAM-SHA-256",
            "        sasl.username: admin",
            "        sasl.password: ${KAFKA_GITOPS_SANDBOX_PASSWORD}",
            *(["      schema_registry:", *_login(kafka.registry, 8)] if kafka.registry else []),
            *(["      connect:", "        main:", *_login(kafka.connect, 10)] if kafka.connect else []),
        ]
    )


def _beside(kafka: "Sandbox") -> list[tuple[str, str, "Server"]]:
    """What runs beside the brokers: its title, what it is, where."""
    from kafka_gitops.sandbox import PARTS

    found = (("Registry:", PARTS["registry"], kafka.registry), ("Connect:", PARTS["connect"], kafka.connect))
    return [(title, said, part) for title, said, part in found if part is not None]


def _login(part: "Server", indent: int) -> list[str]:
    lines = (f"url: {part.url}", "username: admin", "password: ${KAFKA_GITOPS_SANDBOX_PASSWORD}")
    return [" " * indent + line for line in lines]


def show(kafka: "Sandbox", *, wait: bool) -> int:
    """Tell the connection, then sit until Ctrl-C (0); KafkaGitopsError when a broker ends by itself."""
    ended = None
    try:
        terminal.write(connection(kafka))
        terminal.flush()
        if wait:
            terminal.say("\nCtrl-C stops it and removes its data.")
        while wait and not (ended := kafka.ended()):
            time.sleep(0.5)
    except KeyboardInterrupt:
        terminal.say("\nStopping ...")
    if ended:
        raise ended
    return 0


def variables(kafka: "Sandbox") -> dict[str, str]:
    """The environment of a command that connects to it."""
    return {
        **environment(),
        "KAFKA_BOOTSTRAP": kafka.bootstrap,
        "KAFKA_SASL_BOOTSTRAP": kafka.sasl_bootstrap,
        "KAFKA_USERNAME": "admin",
        "KAFKA_PASSWORD": kafka.admin_password,
        "KAFKA_GITOPS_SANDBOX_PASSWORD": kafka.admin_password,
        **({"SCHEMA_REGISTRY_URL": kafka.registry.url} if kafka.registry else {}),
        **({"CONNECT_URL": kafka.connect.url} if kafka.connect else {}),
    }


def run_command(command: Sequence[str], kafka: "Sandbox") -> int:
    """Run the command with the connection in its environment; its exit code, 128 + N for signal N as a shell has it."""
    with subprocess.Popen(command, env=variables(kafka)) as process:
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:  # the terminal sent it to the command too: it decides
                continue
            return code if code >= 0 else 128 - code

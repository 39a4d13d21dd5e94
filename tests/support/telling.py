"""What the tests of a true report share: a client's words, rights that hold, an apply by a proxy, its outcomes."""

import json
import os
import re
import subprocess
import sys
import time

from desk import Desk
from faults import Proxy

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.model import Acl
from kafka_gitops.sandbox import Sandbox

TWO = ("a num.partitions=1 replication.factor=1", "b num.partitions=1 replication.factor=1")


def options(client: dict[str, str], bootstrap: str | None = None) -> list[str]:
    """A client config as words of the command line, at another address where one is given."""
    client = {**client, **({"bootstrap.servers": bootstrap} if bootstrap else {})}
    return [word for key, value in client.items() for word in ("-X", f"{key}={value}")]


def allow(kafka: Sandbox, user: str, prefix: str, *operations: str) -> None:
    """Give a user rights on all topics of a prefix, and wait until they hold."""
    acls = [Acl(f"User:{user}", "*", operation, "ALLOW", "TOPIC", "PREFIXED", prefix) for operation in operations]
    with open_cluster(kafka.client()) as cluster:
        assert set(cluster.create_acls(acls).values()) == {None}
        until = time.monotonic() + 20
        while not {*acls} <= {*cluster.list_acls()}:
            assert time.monotonic() < until
            time.sleep(0.02)


def untimed(text: str, prefix: str) -> str:
    """An output without what differs from run to run."""
    text = re.sub(r" in [\d.]+ s\b", " in 0.0 s", text).replace(prefix, "t.")
    text = re.sub(r"  +(?=unverified|unknown|failed)", "  ", text)
    return re.sub(r"\(cluster [^)]*\)", "(cluster C)", re.sub(r"127\.0\.0\.1:\d+", "HOST:9092", text))


APPLY = ("apply", "t.yaml", "--only", "topics", "--yes", "--report", "json=r.json", "--report", "text=r.txt")


def statuses(desk: Desk) -> list[str]:
    """The status of each change in the JSON report."""
    return [outcome["status"] for outcome in json.loads((desk.home / "r.json").read_text())["outcomes"]]


def through(desk: Desk, between: Proxy, *words: str) -> tuple[int, str, str]:
    """Run `apply` by a proxy; code, stdout from the apply on, stderr."""
    result = desk.run(*APPLY, "--timeout", "3", "-X", f"bootstrap.servers={between.bootstrap}", *words)
    return result.code, result.out[result.out.find("Applying") :], result.err


def start(desk: Desk, *words: str) -> "subprocess.Popen[str]":
    """A run of its own."""
    command = [sys.executable, "-m", "kafka_gitops.cli.main", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=desk.home, stdout=pipe, stderr=pipe, text=True, env={**os.environ, "CI": ""})

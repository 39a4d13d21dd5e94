"""Rows about a ledger: what it adds to an apply that creates topics, each in an empty broker of its own, and to a plan
with nothing to do. What the run itself waits for a broker is in both sides, and so is what a broker does the first time
that it ever takes a record: both have taken one."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import estate
import ledger
from common import Goal, Row, Run, Side, run
from trees import call

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.log import on
from kafka_gitops.ledger.log import Entry
from kafka_gitops.model import Topic
from kafka_gitops.sandbox import Sandbox, running

TOPIC = Topic(1, 1, {"cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime"})
WITHOUT = "without a ledger"


@contextmanager
def _fresh(count: int) -> Iterator[Path]:
    """A repository for an empty broker that has the topic of its ledger."""
    with running() as kafka, TemporaryDirectory() as place:
        estate.write(Path(place), kafka.bootstrap, topics=count, partitions=3, acls=False)
        _config(Path(place))
        _used(kafka)
        _commit(Path(place))
        yield Path(place)


def _commit(folder: Path) -> None:
    (folder / ".gitignore").write_text("kafka-gitops-record.json\n", encoding="utf-8")
    git = ("git", "-c", "user.name=bench", "-c", "user.email=bench@example.com")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "files"]):
        subprocess.run([*git, *words], cwd=folder, check=True)


def _used(kafka: Sandbox) -> None:
    """Have the ledger's topic, and another one that has taken a record."""
    with open_cluster(kafka.client()) as cluster:
        topics = {"_kafka_gitops.bench.bench": TOPIC, "used": TOPIC}
        assert not any(cluster.create_topics(topics).values())
        while None in cluster.describe_topics(list(topics)).values():
            time.sleep(0.01)
        log = on(cluster.link).log("used")
        log.append([Entry("key", b"value")])
        assert len(list(log.read())) == 1


def _config(folder: Path) -> None:
    said = (folder / "kafka-gitops.yaml").read_text(encoding="utf-8")
    for one in ("off", "required"):
        (folder / f"{one}.yaml").write_text(f"owner: bench\n{said}    ledger: {one}\n", encoding="utf-8")


def _words(mode: str, command: str, *more: str) -> list[str]:
    return [command, "topologies", "-e", "bench", "--config", f"{mode}.yaml", *more]


def _apply(count: int, mode: str, look: bool) -> Run:
    with _fresh(count) as folder:
        done = call("", folder, _words(mode, "apply", "--yes"), look=look)
    if f"{count} applied and verified" not in done.said.replace(",", ""):
        sys.exit(f"Not all was applied:\n{done.said[-500:]}")
    return done


@contextmanager
def _applies(_place: Path, *, count: int) -> Iterator[Sequence[Side]]:
    yield [Side("ours", partial(_apply, count, "required")), Side(WITHOUT, partial(_apply, count, "off"))]


@contextmanager
def _plans(_place: Path, *, count: int) -> Iterator[Sequence[Side]]:
    with _fresh(count) as folder:
        call("", folder, _words("required", "apply", "--yes"))

        def plan(mode: str, look: bool) -> Run:
            return call("", folder, _words(mode, "plan"), look=look)

        yield [Side("ours", partial(plan, "required")), Side(WITHOUT, partial(plan, "off"))]


@contextmanager
def _cold(_place: Path) -> Iterator[Sequence[Side]]:
    """A broker that has years of runs of 200 owners."""
    with running() as kafka, TemporaryDirectory() as place:
        for _ in ledger.filled(kafka.bootstrap, ledger.RUNS, ledger.OWNERS, ledger.NAMES):
            pass

        def read(code: str, look: bool) -> Run:
            return run(ledger.words(kafka.bootstrap, code), Path(place), look=look)

        yield [Side(name, partial(read, code)) for name, code in ledger.READS.items()]


ROWS = (
    Row(
        "ledger-cold",
        "a ledger of 22,000 runs beside 199 others, 250,000 ACLs: the end of it",
        [Goal("wall", 2.0), Goal("mb", 100)],
        _cold,
    ),
    Row(
        "ledger-apply-1000",
        "with a ledger: create 1,000 topics of 3 partitions",
        [Goal("wall", 1.05, WITHOUT)],
        partial(_applies, count=1000),
    ),
    Row(
        "ledger-plan-1000",
        "with a ledger: empty plan, 1,000 topics",
        [Goal("wall", 1.05, WITHOUT)],
        partial(_plans, count=1000),
    ),
)

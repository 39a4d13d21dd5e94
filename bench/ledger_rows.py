"""Rows about a ledger: what it adds to an apply that creates topics, each in an empty broker of its own, and to a plan
with nothing to do. What the run itself waits for a broker is in both sides."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import estate
from common import Goal, Row, Run, Side
from trees import call

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.model import Topic
from kafka_gitops.sandbox import Sandbox, running

TOPIC = Topic(1, 1, {"cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime"})
WITHOUT = "without a ledger"


@contextmanager
def _fresh(count: int, mode: str) -> Iterator[Path]:
    """A repository for an empty broker that has the topic of its ledger."""
    with running() as kafka, TemporaryDirectory() as place:
        estate.write(Path(place), kafka.bootstrap, topics=count, partitions=3, acls=False)
        _config(Path(place), kafka, mode)
        yield Path(place)


def _config(folder: Path, kafka: Sandbox, mode: str) -> None:
    with open_cluster(kafka.client()) as cluster:
        assert cluster.create_topics({"_kafka_gitops.bench.bench": TOPIC}) == {"_kafka_gitops.bench.bench": None}
    file = folder / f"{mode}.yaml"
    said = (folder / "kafka-gitops.yaml").read_text(encoding="utf-8")
    file.write_text(f"owner: bench\n{said}    ledger: {mode}\n", encoding="utf-8")


def _words(mode: str, command: str, *more: str) -> list[str]:
    return [command, "topologies", "-e", "bench", "--only", "topics", "--config", f"{mode}.yaml", *more]


def _apply(count: int, mode: str, look: bool) -> Run:
    with _fresh(count, mode) as folder:
        done = call("", folder, _words(mode, "apply", "--yes"), look=look)
    if f"{count} applied and verified" not in done.said.replace(",", ""):
        sys.exit(f"Not all was applied:\n{done.said[-500:]}")
    return done


@contextmanager
def _applies(_place: Path, *, count: int) -> Iterator[Sequence[Side]]:
    yield [Side("ours", partial(_apply, count, "required")), Side(WITHOUT, partial(_apply, count, "off"))]


@contextmanager
def _plans(_place: Path, *, count: int) -> Iterator[Sequence[Side]]:
    with _fresh(count, "required") as folder:
        call("", folder, _words("required", "apply", "--yes"))
        said = (folder / "required.yaml").read_text(encoding="utf-8")
        (folder / "off.yaml").write_text(said.replace("ledger: required", "ledger: off"), encoding="utf-8")

        def plan(mode: str, look: bool) -> Run:
            return call("", folder, _words(mode, "plan"), look=look)

        yield [Side("ours", partial(plan, "required")), Side(WITHOUT, partial(plan, "off"))]


ROWS = (
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

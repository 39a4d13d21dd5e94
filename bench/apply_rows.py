"""Rows about creating topics and ACLs, each in an empty broker of its own, against the bare confluent-kafka calls; both
wait until reads show what was written. They take minutes and are measured only where they are named."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import estate
from common import Goal, Row, Run, Side, run
from plan_rows import BARE
from trees import call

from kafka_gitops.sandbox import running

HERE = Path(__file__).parent


def _ours(count: int, kind: str, look: bool) -> Run:
    words = ["apply", "topologies", "-e", "bench", "--yes", "--only", kind, "--accept", "first-acl"]
    with _fresh(count, kind) as (folder, _):
        done = call("", folder, words, look=look)
    if f"{count} applied and verified" not in done.said.replace(",", ""):
        sys.exit(f"Not all was applied:\n{done.said[-500:]}")
    return done


def _bare(count: int, kind: str, look: bool) -> Run:
    with _fresh(count, kind) as (folder, bootstrap):
        return run([sys.executable, str(HERE / "bare.py"), bootstrap, kind, str(count)], folder, look=look)


@contextmanager
def _fresh(count: int, kind: str) -> Iterator[tuple[Path, str]]:
    acls = kind == "acls"
    with running() as kafka, tempfile.TemporaryDirectory() as place:
        topics = count // estate.PER_TOPIC if acls else count
        estate.write(Path(place), kafka.bootstrap, topics=topics, partitions=3, acls=acls)
        yield Path(place), kafka.bootstrap


@contextmanager
def _sides(_place: Path, *, count: int, kind: str) -> Iterator[Sequence[Side]]:
    yield [Side("ours", partial(_ours, count, kind)), Side(BARE, partial(_bare, count, kind))]


def _row(count: int, kind: str, goal: Goal) -> Row:
    what = {"topics": "topics of 3 partitions", "acls": "ACLs"}[kind]
    return Row(f"create-{kind}-{count}", f"create {count:,} {what}", [goal], partial(_sides, count=count, kind=kind))


FEW, MANY = Goal("wall", 0.6, BARE, over=True), Goal("wall", 1.5, BARE)
ROWS = (
    _row(1000, "topics", FEW),
    _row(1000, "acls", FEW),
    _row(5000, "topics", MANY),
    _row(10_000, "acls", MANY),
)

"""Rows about plans that change nothing or little, on sandboxes: against the bare reads, a peer, and earlier commits.

A peer that is no package here is measured where its binary is named: GAFKALO=/path/to/gafkalo.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import estate
from common import NONE, Goal, Row, Side
from lint_rows import commit
from trees import BEFORE, before, call, other, ours

from kafka_gitops.sandbox import running

HERE = Path(__file__).parent
PLAN = ("plan", "topologies", "-e", "bench")
SNAPSHOT = ("snapshot", "-e", "bench", "-o", "bench.snapshot")
AGAINST = (*PLAN, "--against", "bench.snapshot")
BARE, GAFKALO, ALIVE = "bare calls", "gafkalo", "`plan` on the cluster"
GAFKALO_CONFIG = (
    "connections:\n  kafka:\n    bootstrapBrokers: ['{bootstrap}']\nkafkalo:\n  input_dirs: [gafkalo/*.yaml]\n"
)
ALONE = f"`{BEFORE}`"


@contextmanager
def filled(folder: Path, topics: int, acls: int) -> Iterator[str]:
    """A sandbox with the estate, which our own apply has made."""
    with running() as kafka:
        estate.write(folder, kafka.bootstrap, topics=topics, partitions=1, acls=bool(acls))
        call("", folder, ["apply", "topologies", "-e", "bench", "--yes", "--accept", "first-acl"])
        yield kafka.bootstrap


def checked(folder: Path, words: Sequence[str], said: str, variables: Mapping[str, str] = NONE) -> None:
    """End the program where a command does not say what it must."""
    found = call("", folder, words, variables).said
    if said not in found:
        sys.exit(f"{' '.join(words)} should have said {said!r}:\n{found[:2000]}")


@contextmanager
def _empty(place: Path, topics: int, acls: int) -> Iterator[list[Side]]:
    with filled(place, topics, acls) as bootstrap:
        checked(place, PLAN, "No changes")
        bare = other(BARE, place, sys.executable, str(HERE / "bare.py"), bootstrap, "plan", str(acls))
        yield [ours(place, PLAN), bare, *_gafkalo(place, bootstrap, topics, acls), *before(place, PLAN)]


@contextmanager
def _offline(place: Path, words: Sequence[str]) -> Iterator[list[Side]]:
    """A snapshot, made or planned against, beside the plan on the cluster."""
    with filled(place, 5000, 20_000):
        call("", place, SNAPSHOT)
        checked(place, AGAINST, "No changes")
        yield [ours(place, words), ours(place, PLAN)._replace(name=ALIVE)]


def _gafkalo(place: Path, bootstrap: str, topics: int, acls: int) -> Iterator[Side]:
    """The peer on the same topics, if its binary is here; it has no ACLs."""
    binary = os.environ.get("GAFKALO")
    if not binary or acls:
        return
    entries = [
        {"name": name, "partitions": 1, "replication_factor": 1, "configs": estate.CONFIG}
        for name in estate.names(topics)
    ]
    (place / "gafkalo").mkdir()
    (place / "gafkalo" / "topics.yaml").write_text(json.dumps({"topics": entries}), encoding="utf-8")
    (place / "gafkalo.yaml").write_text(GAFKALO_CONFIG.format(bootstrap=bootstrap), encoding="utf-8")
    yield other(GAFKALO, place, binary, "--config", "gafkalo.yaml", "plan")


def edit(folder: Path, topics: int) -> None:
    """Let another commit change a config in as many files."""
    commit(folder, "init", "-q", "-b", "main")
    for file in sorted((folder / "topologies").iterdir())[:topics]:
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('"86400000"', '"172800000"', 1), encoding="utf-8")
    commit(folder, "checkout", "-q", "-b", "change")


@contextmanager
def _change(place: Path, words: Sequence[str], *, pull: bool) -> Iterator[list[Side]]:
    folder = place / "repository"
    with filled(folder, 10_000, 0):
        (folder / ".gitignore").write_text("kafka-gitops-reports/\n", encoding="utf-8")
        edit(folder, 3)
        variables = pull_request(place, folder) if pull else {}
        checked(folder, words, "3 topics to update", variables)
        yield [ours(folder, words, variables), *before(folder, words, variables)]


def pull_request(place: Path, folder: Path) -> Mapping[str, str]:
    """The environment of a job of GitHub for a pull request from `change` to `main`."""

    def commit_of(revision: str) -> str:
        asked = ["git", "rev-parse", revision]
        return subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()

    repository = {"full_name": "acme/streams"}
    pull = {
        "number": 7,
        "base": {"ref": "main", "sha": commit_of("main")},
        "head": {"sha": commit_of("HEAD"), "repo": repository},
    }
    event = {"pull_request": pull, "repository": {"default_branch": "main"}}
    (place / "event.json").write_text(json.dumps(event), encoding="utf-8")
    job = {"EVENT_PATH": str(place / "event.json"), "REPOSITORY": "acme/streams", "RUN_ID": "5", "SHA": "merge"}
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": "http://127.0.0.1:9",
        **{f"GITHUB_{name}": value for name, value in job.items()},
    }


def _goals(ratio: float, aim: float | None = None) -> list[Goal]:
    return [Goal("wall", ratio, BARE), *([] if aim is None else [Goal("wall", aim, BARE, aim=True)])]


CI = ("ci", "plan", "topologies", "-e", "bench", "--no-comment")
ONLY = (*PLAN, "--base", "HEAD~1", "--only-change")
ROWS = (
    Row("plan-1000", "empty plan, 1,000 topics", _goals(0.6), partial(_empty, topics=1000, acls=0)),
    Row(
        "plan-acls",
        "empty plan, 5,000 topics and 20,000 ACLs",
        _goals(0.45, 0.35),
        partial(_empty, topics=5000, acls=20_000),
    ),
    Row(
        "plan-5000",
        "empty plan, 5,000 topics",
        [*_goals(0.5), Goal("wall", 1.0, GAFKALO), Goal("wall", 0.8, GAFKALO, aim=True)],
        partial(_empty, topics=5000, acls=0),
    ),
    Row(
        "snapshot",
        "`snapshot`, 5,000 topics and 20,000 ACLs",
        [Goal("wall", 1.5, ALIVE)],
        partial(_offline, words=SNAPSHOT),
    ),
    Row(
        "against",
        "`plan --against`, 5,000 topics and 20,000 ACLs",
        [Goal("wall", 1.5, ALIVE)],
        partial(_offline, words=AGAINST),
    ),
    Row(
        "ci",
        "`ci plan` of a pull request, 3 of 10,000 topics changed",
        [Goal("wall", 0.55, ALONE)],
        partial(_change, words=CI, pull=True),
    ),
    Row(
        "only-change",
        "`plan --base --only-change`, 3 of 10,000 topics changed",
        [Goal("wall", 0.5, ALONE)],
        partial(_change, words=ONLY, pull=False),
    ),
)

"""Rows about lint and the commit hook: they need no server."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from common import NONE, Goal, Row, Run, Side
from trees import before, call, other, ours

TOPICS, FILES, SCHEMAS = 10_000, 1_000, 1_000
LOAD = """
import sys, os, yaml
for folder in sys.argv[1:]:
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            yaml.load(file.read(), yaml.CSafeLoader)
"""
PARSE = """
import sys, os, json, yaml, avro.schema
with open("topologies/all.yaml", encoding="utf-8") as file:
    yaml.load(file.read(), yaml.CSafeLoader)
for name in sorted(os.listdir("topologies/schemas")):
    with open(os.path.join("topologies/schemas", name), encoding="utf-8") as file:
        avro.schema.parse(file.read())
"""
TOPIC = """\
  - name: topic-{number}
    config:
      num.partitions: "6"
      replication.factor: "3"
      min.insync.replicas: "2"
      retention.ms: "{retention}"
      cleanup.policy: delete
      compression.type: zstd
"""
ROLES = """\
  consumers:
  - principal: User:consumer-{project}
    group: consumer-{project}-*
  - principal: User:audit
    group: audit
  producers:
  - principal: User:producer-{project}
    transactionId: producer-{project}-*
  streams:
  - principal: User:streams-{project}
    applicationId: streams-{project}-
    topics:
      read: [acme.p{project}.topic-0]
      write: [acme.p{project}.topic-1]
"""
LINT = ("lint", "topologies")
COLD = (*LINT, "--no-cache")
LOADER = "`CSafeLoader`"
HOOK, HOOKED = ("lint", "--hook"), {"PRE_COMMIT": "1"}
AVRO = "`avro.schema.parse`"


def project(number: int, topics: int) -> str:
    """A project with its roles and topics."""
    each = (TOPIC.format(number=n, retention=86_400_000 + n) for n in range(topics))
    return f"- name: p{number}\n{ROLES.format(project=number)}  topics:\n{''.join(each)}"


def make_files(folder: Path) -> None:
    """10,000 topics in 1,000 files."""
    for number in range(FILES):
        text = f"context: acme\nprojects:\n{project(number, TOPICS // FILES)}"
        (folder / f"{number:04}.yaml").write_text(text, encoding="utf-8")


def make_one(folder: Path) -> None:
    """10,000 topics in one file of 95,000 lines."""
    projects = "".join(project(number, TOPICS // FILES) for number in range(FILES))
    (folder / "all.yaml").write_text(f"context: acme\nprojects:\n{projects}", encoding="utf-8")


def make_schemas(folder: Path) -> None:
    """1,000 topics with a schema of 20 fields each."""
    optional = [{"name": f"field_{n}", "type": ["null", "string"], "default": None, "doc": "said"} for n in range(18)]
    inner = {"type": "record", "name": "Address", "fields": [{"name": "street", "type": "string"}]}
    time = {"type": "long", "logicalType": "timestamp-millis"}
    fields = [*optional, {"name": "at", "type": time}, {"name": "to", "type": inner}]
    (folder / "schemas").mkdir()
    subjects = []
    for number in range(SCHEMAS):
        schema = {"type": "record", "name": f"Order{number}", "namespace": "acme.pay", "fields": fields}
        (folder / "schemas" / f"{number:04}.avsc").write_text(json.dumps(schema, indent=2), encoding="utf-8")
        subjects.append(f"- {{subject: acme.p0.topic-{number}-value, file: schemas/{number:04}.avsc}}\n")
    text = f"context: acme\nprojects:\n{project(0, SCHEMAS)}schemas:\n{''.join(subjects)}"
    (folder / "all.yaml").write_text(text, encoding="utf-8")


def make_tiny(folder: Path) -> None:
    """One topic."""
    (folder / "one.yaml").write_text("context: acme\nprojects:\n- name: p\n  topics:\n  - name: t\n", encoding="utf-8")


def make_nothing(_folder: Path) -> None:
    """No topology at all."""


def commit(folder: Path, *first: str) -> None:
    """Run a git command, then commit everything."""
    who = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    for words in (first, ("add", "-A"), ("commit", "-q", "-m", "bench")):
        subprocess.run(["git", *who, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


class Edited:
    """A command that runs each time after one file got another text (and git was told, for a hook)."""

    def __init__(self, place: Path, words: Sequence[str], variables: Mapping[str, str] = NONE) -> None:
        self._place, self._words, self._variables = place, words, variables
        self._number = 0

    def __call__(self, look: bool) -> Run:
        self._number += 1
        text = f"context: acme\nprojects:\n{project(7, TOPICS // FILES - self._number % 2)}# edit {self._number}\n"
        (self._place / "topologies" / "0007.yaml").write_text(text, encoding="utf-8")
        if self._variables:
            subprocess.run(["git", "add", "-A"], cwd=self._place, check=True)
        return call("", self._place, self._words, self._variables, look)


def _load(place: Path) -> Side:
    return other(LOADER, place, sys.executable, "-c", LOAD, "topologies")


def _cold(place: Path) -> list[Side]:
    return [ours(place, COLD), _load(place), *before(place, LINT)]


def _warm(place: Path) -> list[Side]:
    call("", place, LINT)
    return [ours(place, LINT), _load(place), *before(place, LINT)]


def _edited(place: Path) -> list[Side]:
    return [Side("ours", Edited(place, LINT)), _load(place), *before(place, LINT)]


def _hook(place: Path) -> list[Side]:
    commit(place, "init", "-q")
    return [Side("ours", Edited(place, HOOK, HOOKED)), *before(place, HOOK, HOOKED)]


def _start(place: Path) -> list[Side]:
    return [ours(place, COLD), *before(place, LINT)]


def _nothing(place: Path) -> list[Side]:
    subprocess.run(["git", "init", "-q"], cwd=place, check=True)
    bare = other("`import yaml`", place, sys.executable, "-c", "import yaml")
    return [ours(place, HOOK, HOOKED), bare, *before(place, HOOK, HOOKED)]


def _avro(place: Path) -> list[Side]:
    return [ours(place, COLD), other(AVRO, place, sys.executable, "-c", PARSE), *before(place, LINT, once=True)]


@contextmanager
def _of(make: Callable[[Path], None], sides: Callable[[Path], list[Side]], place: Path) -> Iterator[list[Side]]:
    """The sides in a folder whose topology is made so."""
    if make is not make_nothing:
        (place / "topologies").mkdir()
    make(place / "topologies")
    yield sides(place)


MANY = f"{TOPICS:,} topics in {FILES:,} files"
ROWS = (
    Row(
        "lint",
        f"lint, {MANY}, nothing cached",
        [Goal("wall", 0.9, LOADER), Goal("wall", 0.6, LOADER, aim=True)],
        partial(_of, make_files, _cold),
    ),
    Row(
        "one",
        f"lint, {TOPICS:,} topics in one file, nothing cached",
        [Goal("wall", 0.9, LOADER)],
        partial(_of, make_one, _cold),
    ),
    Row("warm", f"lint, {MANY}, again", [Goal("wall", 0.35, LOADER)], partial(_of, make_files, _warm)),
    Row("changed", f"lint, {MANY}, one file changed", [Goal("wall", 0.6, LOADER)], partial(_of, make_files, _edited)),
    Row("start", "lint of one topic, nothing cached", [Goal("cpu", 0.08)], partial(_of, make_tiny, _start)),
    Row("hook", f"`lint --hook`, {MANY}, one file changed", [Goal("wall", 0.35)], partial(_of, make_files, _hook)),
    Row(
        "nothing",
        "`lint --hook` with nothing to do",
        [Goal("wall", 1.6, "`import yaml`")],
        partial(_of, make_nothing, _nothing),
    ),
    Row(
        "avro",
        f"lint, {SCHEMAS:,} Avro schemas of 20 fields",
        [Goal("wall", 3.0, AVRO)],
        partial(_of, make_schemas, _avro),
    ),
)

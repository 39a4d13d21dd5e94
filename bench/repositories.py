"""Generated repositories for bench/same: each is a folder as it is committed, and as somebody changes it then.

`NNN/` holds the first state, `NNN.after/` the files of the second one. The same number gives the same files.
"""

import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from spoiling import FLOW, JSON, spoiled

TESTS = Path(__file__).parent.parent / "tests"
sys.path.append(str(TESTS / "support"))
from generating import PEOPLE, TOPICS, Estate  # noqa: E402

PREFIXES = 6  # so many estates are on the cluster; all repositories speak of them
SETTINGS = (
    "recursive: true\n",
    "contexts: many\n",
    "kafka_version: '2.8'\n",
    "naming: {separator: '-'}\n",
    "naming: {dlq: {generate: true}}\n",
    "acls: {optimized: true}\n",
    "manage: {topics: ['t*'], principals: ['User:*'], groups: ['*'], transactional_ids: ['*'], subjects: ['t*']}\n",
    "protect: {topics: ['*.paid']}\n",
    "undeclared_configs: keep\n",
    "rules: {topic-owner: warning, topic-unused: off, acl-redundant: warning, topic-retention: warning}\n",
    "overrides:\n- {paths: ['topologies/a*'], rules: {topic-owner: warning, topic-retention: off}}\n",
    "prune: [topics, acls, quotas, users, schemas, connectors]\n",
    "limits: {topics: 1, acls: 2, percent: 90}\n",
)
ODD_SETTINGS = (*("",) * 17, "baseline: nowhere.json\n", "unknown: key\n", "plans: nowhere.yaml\n")
OF_FILES = "plans: plans.yaml\nroles: roles.yaml\n"
PLANS = "plans:\n  gold: {alias: g, config: {num.partitions: '6', retention.ms: '1000'}}\n  none: {}\n"
ROLES = """\
roles:
- name: auditor
  acls:
  - {resourceType: Topic, resourceName: "{{topic}}", patternType: PREFIXED, host: "*", operation: READ}
"""
ENVIRONMENTS = """\
environments:
  bench:
    bootstrap: {kafka}
    brokers: 1
    broker_defaults: {{default.replication.factor: "1", min.insync.replicas: "1"}}
    schema_registry: {{url: "{registry}"}}
    connect: {{main: {{url: "{connect}"}}}}
  other: {{bootstrap: "127.0.0.1:1", brokers: 3}}
"""


WORDS = {f"WORD_{name.upper()}": f"{name}-word" for name in PEOPLE}  # the passwords, as environment variables


class Servers(NamedTuple):
    """The addresses of a broker, a registry and a worker, and the directory in which connectors read and write."""

    kafka: str
    registry: str
    connect: str
    scratch: Path


def prefix(number: int) -> str:
    """What the names of an estate begin with."""
    return f"t{number % PREFIXES}."


def estate(home: Path, number: int, servers: Servers) -> Estate:
    """All six kinds, over and over edited."""
    return Estate(home, prefix(number), servers.scratch, number)


def configure(home: Path, servers: Servers, more: str = "") -> None:
    """The config of a repository."""
    home.mkdir(parents=True, exist_ok=True)
    text = f"topology: topologies/\n{more}{ENVIRONMENTS.format(**servers._asdict())}"
    (home / "kafka-gitops.yaml").write_text(text, encoding="utf-8")


def make(root: Path, number: int, servers: Servers) -> None:
    """One repository: an estate, many projects, or what tests have as examples; a good part of them spoiled."""
    random = Random(number)
    home = root / f"{number:03}"
    kind = number % 4
    chosen = {one.split(":")[0]: one for one in random.sample(SETTINGS, random.choice((0, 1, 1, 2, 3)))}.values()
    odd = random.choice(ODD_SETTINGS)
    configure(home, servers, "".join((*chosen, odd, "" if "plans" in odd else OF_FILES)))
    (home / "plans.yaml").write_text(PLANS, encoding="utf-8")
    (home / "roles.yaml").write_text(ROLES, encoding="utf-8")
    (home / "topologies").mkdir()
    if kind == 0:
        made = estate(home, number, servers)
        _twice(home, made.edit, made.edit)
        return
    pairs = _projects(random, number) if kind == 1 else _examples(random)
    before, after = {}, {}
    often = (0,) if random.random() < 0.5 else (0, 0, 0, 1) if kind == 1 else (0, 1, 2, 4)
    for name, (old, new) in pairs.items():
        times = random.choice(often)
        before[name] = spoiled(random, old, times)
        after[name] = before[name] if old == new and random.random() < 0.8 else spoiled(random, new, times)
    _twice(home, partial(_write, home, before), partial(_write, home, after))


def _twice(home: Path, first: Callable[[], None], second: Callable[[], None]) -> None:
    """Carry out the first edit, keep the folder as it is then, and carry out the second one for `NNN.after`."""
    kept = home.with_name("kept")
    first()
    shutil.copytree(home, kept)
    second()
    home.rename(home.with_name(f"{home.name}.after"))
    kept.rename(home)


def _write(home: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(home / "topologies")
    for name, text in files.items():
        path = home / "topologies" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def _examples(random: Random) -> dict[str, tuple[str, str]]:
    """Some texts that tests have; one with `# after` in it is both states."""
    rooms = ("rules/*.yaml", "golden/*/topology.yaml", "data/grammar/*.yaml", "data/micro/*.yaml")
    known = sorted(path for room in rooms for path in TESTS.glob(room))
    found = {}
    for path in random.sample(known, random.choice((1, 1, 2, 4, 9))):
        text = path.read_text(encoding="utf-8")
        before, _, after = text.partition("# after\n")
        folder = random.choice(("", "", "", "sub/", "a b/"))
        ending = random.choice((".yaml", ".yaml", ".yml"))
        found[f"{folder}{path.parent.name}-{path.stem}{ending}"] = (before, after or text)
    return found


def _projects(random: Random, number: int) -> dict[str, tuple[str, str]]:
    """Many projects over many files, in blocks, in flow style and as JSON."""
    found = {}
    for file in range(random.choice((3, 12, 40))):
        text = f"context: {prefix(number)[:-1]}\nprojects:\n"
        text += "".join(
            _project(random, f"p{file}-{one}" if file else "shop") for one in range(random.choice((1, 1, 2)))
        )
        ending = random.choices((".yaml", ".json", ".yml"), (8, 1, 1))[0]
        text = JSON(random, text) if ending == ".json" else text if random.random() < 0.9 else FLOW(random, text)
        changed = text.replace("604800000", "86400000", 1) if random.random() < 0.1 else text
        found[f"{'abc'[file % 3]}{file}{ending}"] = (text, changed)
    return found


def _project(random: Random, name: str) -> str:
    roles = (
        "  consumers:\n  - {principal: User:reader, group: readers-*}\n  - principal: User:audit\n",
        "  producers:\n  - {principal: User:writer, transactionId: w-*, idempotence: true}\n",
        "  streams:\n  - {principal: User:app, applicationId: app, topics: {read: [x], write: [y]}}\n",
        "  connectors:\n  - {principal: User:conn, group: g, topics: {read: [x]}}\n",
        "  auditor:\n  - {principal: User:own, topic: t0.}\n",
        "  acls:\n  - {principals: [User:a], allow: [READ], topics: [t0.shop.placed, 't1.*']}\n",
    )
    topics = "".join(
        _topic(random, one) for one in (*TOPICS, *(f"n{number}" for number in range(random.choice((0, 9)))))
    )
    return f"- name: {name}\n{''.join(random.sample(roles, random.choice((0, 1, 3))))}  topics:\n{topics}"


def _topic(random: Random, name: str) -> str:
    lines = (
        "    plan: gold\n",
        "    keyed: true\n",
        "    protected: true\n",
        "    metadata: {owner: team}\n",
        "    consumers: [{principal: User:one, group: '*'}]\n",
        "    dataType: avro\n",
    )
    configs = (
        '      num.partitions: "2"\n      replication.factor: "1"\n',
        "      retention.ms: 604800000\n",
        "      cleanup.policy: compact\n",
        "      max.message.bytes: '1048576'\n",
        "      min.insync.replicas: 1\n",
        "      segment.ms: 60000 # often\n",
    )
    chosen = random.sample(configs, random.choice((1, 2, 4)))
    more = random.sample(lines, 1) if random.random() < 0.2 else []
    return f"  - name: {name}\n{''.join(more)}    config:\n{''.join(chosen)}"

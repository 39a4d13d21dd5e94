"""A fleet of small repositories on one cluster: what each declares, and what happens to it in the course of a year."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import yaml
from desk import Desk
from hooking import git, head

from kafka_gitops.model import Acl, Key, acl_key
from kafka_gitops.sandbox import Sandbox

CONFIG = """\
owner: {owner}
topology: topologies/
prune: [topics, acls, quotas]
rules: {{topic-owner: off}}
limits: {{topics: 99, acls: 999, quotas: 99, percent: 100}}
manage:
  topics: ["{prefix}*", "fleet.shared.*"]
  groups: ["{prefix}*"]
  transactional_ids: ["{prefix}*"]
  principals: ["User:{prefix}*", "User:fleet.shared*"{client}]
environments:
  prod:
    bootstrap: {bootstrap}
    ledger: required
    brokers: 1
    broker_defaults: {{default.replication.factor: "1", min.insync.replicas: "1"}}
"""
Tree = Mapping[Key, object]
HOUR, DAY = 3_600_000, 86_400_000


@dataclass
class Repo:
    """One repository: `applied` is the commit that was applied last, `declared` what it declares; `client` a user with
    rights that it must always have."""

    number: int
    desk: Desk
    random: Random
    client: str | None
    applied: str = ""
    declared: dict[str, Tree] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        return f"fleet.{self.number:02}."

    @property
    def owner(self) -> str:
        return f"fleet-{self.number:02}"

    @property
    def files(self) -> Path:
        return self.desk.home / "topologies"

    def git(self, *words: str) -> str:
        return git(self.desk.home, *words)

    def head(self) -> str:
        """The last commit; what it declares is read now."""
        now = head(self.desk.home)
        self.declared.setdefault(now, tree(self.files))
        return now

    # What people do

    def branch(self) -> None:
        """Begin a change, perhaps from a commit of some time ago."""
        age = min(
            self.random.choice((0, 0, 1, 2, 4)), int(self.git("rev-list", "--count", "--first-parent", "HEAD")) - 2
        )
        self.git("checkout", "-q", "-B", "work", f"HEAD~{max(age, 0)}")

    def commit(self, says: str) -> bool:
        """Whether there was anything to commit."""
        self.git("add", "-A")
        if not self.git("status", "--porcelain"):
            return False
        self.git("commit", "-qm", says)
        return True

    def merge(self, style: str) -> bool:
        """Bring the branch to main as people do; False where it conflicts, and nobody solves that."""
        self.git("checkout", "-q", "main")
        words = {"merge": ("merge", "-q", "--no-ff", "work"), "squash": ("merge", "-q", "--squash", "work")}
        try:
            self.git(*words.get(style, ("cherry-pick", "work")))
            if style == "squash":
                return self.commit("squashed")
        except subprocess.CalledProcessError:
            self.git("reset", "-q", "--hard")
            self.git("clean", "-qfd")
            return False
        return True

    def revert(self) -> bool:
        """Take back one of the last changes; False where that cannot be."""
        back = self.random.randrange(0, 3)
        if back >= int(self.git("rev-list", "--count", "--first-parent", "HEAD")) - 2:
            return False  # the beginning
        try:
            commit = self.git("rev-parse", f"HEAD~{back}").strip()
            if any(
                "/s-" in path or "released" in path for path in self.git("show", "-m", "--name-only", commit).split()
            ):
                return False
            merged = ("-m", "1") if len(self.git("rev-list", "--parents", "-n1", commit).split()) > 2 else ()
            self.git("revert", "--no-edit", *merged, commit)
        except subprocess.CalledProcessError:
            self.git("reset", "-q", "--hard")
            self.git("clean", "-qfd")
            return False
        return True

    def edit(self) -> None:
        """Write one file, or delete one."""
        chance, name = self.random, self.random.choice("abcdef")
        kind = chance.choice("ttttrrqkb")
        path = self.files / (f"{kind}-{name}.yaml" if kind != "k" else "keep.yaml")
        if kind != "k" and path.exists() and chance.random() < 0.4:
            path.unlink()
        else:
            self.write(path.name, self.content(kind, name))

    def content(self, kind: str, name: str) -> dict[str, Any]:
        """What a file declares, drawn anew."""
        chance = self.random
        if kind == "t":
            return topic(f"{self.prefix}{name}", chance.randrange(1, 30) * DAY)
        if kind == "q":
            return {"quotas": [{"user": self.prefix + name, "producer_byte_rate": chance.randrange(1, 50) * 1048576}]}
        if kind == "k":
            return keep(
                self.prefix, self.client or f"{self.prefix}c", wide=chance.random() < 0.5, days=chance.randrange(1, 9)
            )
        if kind == "b":  # a right that several repositories may give
            shared = {"principals": [f"User:fleet.shared.{name}"], "topics": [f"fleet.shared.{name}"]}
            return {"acls": [{**shared, "allow": ["READ"]}]}
        allow = chance.sample(["READ", "WRITE", "DESCRIBE"], chance.randrange(1, 3))
        some = {"principals": [f"User:{self.prefix}{name}"], "topics": [f"{self.prefix}{chance.choice('abc*')}"]}
        return {"acls": [{**some, "deny" if chance.random() < 0.2 else "allow": sorted(allow)}]}

    def write(self, name: str, content: dict[str, Any]) -> None:
        """Write a topology file."""
        self.files.mkdir(exist_ok=True)
        text = yaml.safe_dump({"context": "fleet", **content}, sort_keys=False)
        (self.files / name).write_text(text, encoding="utf-8")


def topic(name: str, retention: int) -> dict[str, Any]:
    """A file with one topic."""
    config = {"num.partitions": "1", "replication.factor": "1", "retention.ms": str(retention)}
    return {"special_topics": [{"name": name, "config": config}]}


def keep(prefix: str, client: str, *, wide: bool, days: int) -> dict[str, Any]:
    """The topic and the rights of a client that is always connected, narrow or wide: each is enough."""
    who, end = {"principals": [f"User:{client}"]}, "*" if wide else ""
    acls = [
        {**who, "allow": ["DESCRIBE", "READ", "WRITE"], "topics": [f"{prefix}keep{end}"]},
        {**who, "allow": ["DESCRIBE", "READ"], "groups": [f"{prefix}group{end}"]},
        {**who, "allow": ["DESCRIBE", "WRITE"], "transactional_ids": [f"{prefix}tx{end}"]},
    ]
    return {**topic(f"{prefix}keep", days * DAY), "acls": acls}


def made(number: int, home: Path, kafka: Sandbox, seed: int, client: str | None) -> Repo:
    """A repository whose first commit declares nothing and whose second what its client needs."""
    repo = Repo(number, Desk(home), Random(seed * 1000 + number), client)
    words = {
        "owner": repo.owner,
        "prefix": repo.prefix,
        "client": f', "User:{client}"' if client else "",
        "bootstrap": kafka.bootstrap,
    }
    repo.desk.write("kafka-gitops.yaml", CONFIG.format(**words))
    repo.desk.write("topologies/nothing.yaml", "context: fleet\nprojects: []\n")
    repo.desk.write(".gitignore", "*.json\n")
    repo.git("init", "-q", "-b", "main")
    repo.commit("nothing yet")
    repo.applied = repo.head()
    repo.write("keep.yaml", repo.content("k", ""))
    repo.commit("what the client needs")
    return repo


def tree(files: Path) -> dict[Key, object]:
    """What files declare, by key."""
    found: dict[Key, object] = {}
    for path in sorted(files.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for one in content.get("special_topics", ()):
            found[Key("topic", one["name"])] = {"retention.ms": one["config"]["retention.ms"]}
        for one in content.get("quotas", ()):
            found[Key("quota", f"user={one['user']}")] = {"producer_byte_rate": float(one["producer_byte_rate"])}
        found.update((acl_key(acl), True) for one in content.get("acls", ()) for acl in bindings(one))
    return found


def released(files: Path) -> set[Key]:
    """The topics that statements let go of."""
    path = files / "released.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {Key("topic", name) for one in content.get("removed", ()) for name in one["release"]["topics"]}


def bindings(item: Mapping[str, Any]) -> list[Acl]:
    """The bindings of an item of `acls`."""
    lists = {"topics": "TOPIC", "groups": "GROUP", "transactional_ids": "TRANSACTIONAL_ID"}
    return [
        Acl(
            who,
            "*",
            operation,
            permission.upper(),
            kind,
            "PREFIXED" if name.endswith("*") else "LITERAL",
            name.rstrip("*"),
        )
        for listed, kind in lists.items()
        for name in item.get(listed, ())
        for permission in ("allow", "deny")
        for operation in item.get(permission, ())
        for who in item["principals"]
    ]

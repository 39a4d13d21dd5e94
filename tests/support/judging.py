"""A repository and a cluster in memory, where a change asks to be merged without a person."""

import json
from pathlib import Path

import pytest
from acting import repository
from desk import Desk, Result
from hooking import git
from making import topic
from recording import Recording, stand_in

DAY, WEEK = "86400000", "604800000"
MANAGE = 'manage: {topics: ["acme.*"], groups: ["acme.*"], principals: ["User:acme-*"]}\n'
CONFIG = """\
topology: topologies/
roles: roles.yaml
rules: {topic-owner: off, topic-unused: off, topic-replication: off, topic-min-isr: off, topic-retention: off,
  acl-anyone: off, topic-unclean-election: off}  # so that the list stands alone
environments:
  prod: {bootstrap: "127.0.0.1:9", brokers: 1, client: {security.protocol: PLAINTEXT}}
"""
ORDERS = f'- name: acme.orders\n  protected: true\n  config: {{num.partitions: "1", replication.factor: "1", retention.ms: "{DAY}"}}\n'
BASE = f"context: unused\nspecial_topics:\n{ORDERS}"
NEW = '- name: acme.new\n  config: {num.partitions: "1", replication.factor: "1"CONFIG}\n'
GRANT = "acls:\n- principals: [WHO]\n  allow: [READ]\n  topics: [WHAT]\n"
VERDICT = "kafka-gitops-reports/auto-approve.json"


class Site(Desk):
    """A repository whose `main` has a protected topic; a change is made on a branch of it."""

    def commit(self, *files: tuple[str, str]) -> None:
        for name, text in files:
            self.write(name, text)
        git(self.home, "add", "-A")
        git(self.home, "commit", "-qm", "a change", "--allow-empty")

    def judge(self, *files: tuple[str, str], words: tuple[str, ...] = ()) -> Result:
        self.commit(*files)
        return self.run("ci", "plan", "--auto-approve", "--base", "main", "--only-change", *words)

    def begin(self, *files: tuple[str, str]) -> None:
        """Have main say something else before the change begins."""
        git(self.home, "checkout", "-q", "main")
        self.commit(*files)
        git(self.home, "checkout", "-qB", "change")

    def reasons(self) -> list[str]:
        told = json.loads((self.home / VERDICT).read_text())
        assert told["auto_approve"] is not bool(told["reasons"])
        return [str(reason) for reason in told["reasons"]]


@pytest.fixture
def cluster() -> Recording:
    return Recording(topics={"acme.orders": topic(1, 1, retention_ms=DAY)})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: Recording) -> Site:
    stand_in(monkeypatch, cluster)
    made = Site(tmp_path / "streams")
    repository(made.home, MANAGE + CONFIG)
    made.commit(("topologies/a.yaml", BASE), ("roles.yaml", "roles: []\n"), (".gitignore", "kafka-gitops-reports/\n"))
    git(made.home, "checkout", "-qb", "change")
    return made


def new(config: str = "") -> str:
    return BASE + NEW.replace("CONFIG", config)


def granted(who: str = "User:acme-app", what: str = "acme.orders") -> str:
    return BASE + GRANT.replace("WHO", who).replace("WHAT", what)

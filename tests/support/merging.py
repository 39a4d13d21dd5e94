"""A git repository whose commits have authors and times that a test gives."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from desk import Desk

START = 1767225600  # 2026-01-01 00:00 UTC
DAY = 86400
CONFIG = "environments:\n  prod: {bootstrap: 'localhost:9092'}\n"
PAY = """\
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: 6, replication.factor: 3, retention.ms: 604800000}
  consumers:
  - {principal: "User:billing", group: billing}
"""
ORDERS = "acme.pay.orders"
TOPIC = "topologies/pay.yaml"


@dataclass
class Repo:
    """The repository around a desk; each commit is a day after the one before."""

    desk: Desk
    time: int = START

    def __post_init__(self) -> None:
        self.git("init", "-q", "-b", "main", ".")

    def git(self, *words: str, author: str = "Ann") -> str:
        """The output of a git command, run as somebody, at the time of the repository."""
        mail = f"{author.split()[0].lower()}@example.com"
        who = {
            f"GIT_{role}_{what}": text
            for role in ("AUTHOR", "COMMITTER")
            for what, text in (("NAME", author), ("EMAIL", mail))
        }
        when = {f"GIT_{role}_DATE": f"@{self.time} +0000" for role in ("AUTHOR", "COMMITTER")}
        own = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", **who, **when}
        done = subprocess.run(
            ["git", *words], cwd=self.desk.home, env={**os.environ, **own}, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, message: str, author: str = "Ann", **files: str) -> str:
        """Write files, commit all, and give the commit's id."""
        for name, text in files.items():
            self.desk.write(name, text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message, author=author)
        return self._next()

    def merge(self, branch: str, message: str, author: str = "Bob") -> str:
        """Merge a branch by a merge commit."""
        self.git("merge", "-q", "--no-ff", branch, "-m", message, author=author)
        return self._next()

    def _next(self) -> str:
        self.time += DAY
        return self.git("rev-parse", "HEAD")


def repo(home: Path) -> Repo:
    """A new repository with nothing in it."""
    home.mkdir(parents=True, exist_ok=True)
    return Repo(Desk(home))


def acme(home: Path) -> Repo:
    """Begun by Ann, shortened by her, merged by Bob, approved by Cleo; a squash, a page, a removal."""
    made = repo(home)
    made.commit("Begin", **{"kafka-gitops.yaml": CONFIG, TOPIC: PAY})
    made.git("checkout", "-q", "-b", "shorter")
    shorter = PAY.replace("604800000", "259200000")
    made.commit(f"Keep orders for 3 days\n\nKafka-Gitops-Accept: retention-shrink {ORDERS}", **{TOPIC: shorter})
    made.git("checkout", "-q", "main")
    made.merge(
        "shorter", "Merge pull request #12 from acme/shorter\n\nKeep orders for 3 days\n\nApproved-by: Cleo <c@x.y>"
    )
    made.commit("Say hello", **{"README.md": "hello\n"})
    made.commit("Another reader (#13)", "Dan", **{TOPIC: shorter.replace("billing", "audit")})
    removed = f"{PAY.partition('projects:')[0]}removed:\n- {{topic: {ORDERS}, because: '=HYPERLINK(replaced)'}}\n"
    made.commit("Away with it", **{TOPIC: removed})
    return made

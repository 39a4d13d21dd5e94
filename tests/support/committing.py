"""A repository that goes from one generated topology to the next, as its pipeline sees it."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from desk import Desk
from dying import Dying, Ended
from generating import Estate

from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.rest import Server

CONFIG = """\
topology: topologies/
prune: [topics, acls, quotas, users, schemas, connectors]
limits: {{topics: 99, acls: 999, quotas: 99, users: 99, schemas: 99, connectors: 99}}
rules: {{topic-owner: off}}
environments:
  generated:
    bootstrap: {bootstrap}
    brokers: {replicas}
    broker_defaults: {{default.replication.factor: "{replicas}", min.insync.replicas: "1"}}
    schema_registry: {{url: "{registry}"}}
    connect: {{main: {{url: "{connect}"}}}}
"""


LEAST = 50  # messages of an apply that has much to do: its reads are half of them


@dataclass
class Commits:
    """The repository; `messages` is how many an apply in a process of its own sent to servers, the last that was whole."""

    estate: Estate
    desk: Desk
    dying: Dying
    messages: int = LEAST
    changes: int = 0
    last: Ended | None = None

    def edit(self) -> None:
        """One commit with the next topology."""
        self.estate.edit()
        self.commit()

    def commit(self) -> None:
        """Commit all that changed."""
        self.git("add", "-A")
        self.git("-c", "user.name=g", "-c", "user.email=g@example.com", "commit", "-q", "--allow-empty", "-m", "edit")

    def git(self, *words: str) -> None:
        """Run git in the repository."""
        subprocess.run(["git", *words], cwd=self.desk.home, check=True)

    def plan(self) -> list[str]:
        """Plan the last commit against the one before into plan.json; the options that consent to its risks.

        `changes` is then how many it has.
        """
        result = self.desk.run("plan", "--base", "HEAD~1", "-o", "plan.json")
        assert result.code in (0, 4), result  # 4: somebody's consent is missing
        plan = json.loads((self.desk.home / "plan.json").read_text(encoding="utf-8"))
        assert plan["unsupported"] == [], json.dumps(plan["unsupported"], indent=1)
        self.changes = len(plan["changes"])
        risks = {risk["name"] for change in plan["changes"] for risk in change["risks"] if risk["blocks"]}
        return [word for name in sorted(risks) for word in ("--accept", name)]

    def converged(self) -> None:
        """A second plan has nothing to do."""
        result = self.desk.run("plan", "--exit-code")
        assert result.code == 0, result
        assert result.out.startswith("No changes.")

    def apply(self, accepted: list[str], *, dies: int = 0) -> bool:
        """Apply plan.json in a process of its own; whether it was killed, as message `dies` was sent to a server."""
        self.last = ended = self.dying.run(["apply", "plan.json", *accepted], home=self.desk.home, last=dies)
        if ended.code != -signal.SIGKILL:
            assert ended.code == 0, ended
            self.messages = max(ended.sent, LEAST)
        return ended.code < 0


@contextmanager
def repository(
    where: Path,
    prefix: str,
    seed: int,
    kafka: Sandbox,
    registry: Server,
    worker: Server,
    *,
    replicas: int = 1,
    more: str = "",
) -> Iterator[Commits]:
    """A repository below `where` with one commit that declares nothing, and the passwords in the environment; `more`
    are lines of its environment."""
    desk, dying = Desk(where / "repository"), Dying()
    made = Commits(Estate(desk.home, prefix, where, seed, replicas), desk, dying)
    config = CONFIG.format(bootstrap=kafka.bootstrap, registry=registry.url, connect=worker.url, replicas=replicas)
    desk.write("kafka-gitops.yaml", config + more)
    desk.write(".gitignore", "plan.json\n")
    desk.write("topologies/shop.yaml", "context: nothing\n")
    made.git("init", "-q")
    made.commit()
    with pytest.MonkeyPatch.context() as patch:
        for name, word in made.estate.variables().items():
            patch.setenv(name, word)
        try:
            yield made
        finally:
            dying.close()

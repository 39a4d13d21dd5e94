"""A repository on GitHub with its cluster, and runs of our workflows in it."""

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from acting import TOKEN, Ran, Runner, pull_request, repository
from desk import topology
from hooking import write
from hub import Hub
from pipelines import Estate

from kafka_gitops.sandbox import Sandbox

PULL, MERGE, DRIFT = (f"examples/github/{name}.yml" for name in ("pull-request", "merge", "drift"))
CALLED = "tests/github/caller.yml"
FOLDER = "tests/github/folder.yml"  # the same for a directory
LINTED = ["lint.json", "lint.junit.xml", "lint.sarif", "summary.md"]
PLANNED = ["lint.json", "lint.junit.xml", "lint.sarif", "plan.json", "summary.md"]
APPLIED = ["apply.json", "plan.json", "summary.md"]
PRODUCTION = """\
environments:
  production:
    bootstrap: ADDRESS
    brokers: 1
    broker_defaults: {default.replication.factor: "1", min.insync.replicas: "1"}
    client:
      security.protocol: SASL_PLAINTEXT
"""
PASSWORD = """\
      sasl.mechanism: SCRAM-SHA-256
      sasl.username: ${KAFKA_USERNAME}
      sasl.password: ${KAFKA_PASSWORD}
"""
RULES = "prune: [topics]\nlimits: {topics: 1}\nrules: {topic-owner: off}\n"
CONFIG = f"{RULES}{PRODUCTION.replace('ADDRESS', '${KAFKA_BOOTSTRAP}')}{PASSWORD}"


def on_github(home: Path, prefix: str, kafka: Sandbox, config: str = CONFIG) -> Estate:
    """A repository on main whose one topic, `old`, is on the cluster too."""
    repository(home, config.replace("ADDRESS", kafka.sasl_bootstrap).replace("PREFIX", prefix))
    made = Estate(home, prefix, kafka)
    made.commit("old")
    made.make("old")
    return made


def without_broker(repo: Estate) -> str:
    """Point the config to where no broker is; the commit."""
    write(repo.home / "kafka-gitops.yaml", CONFIG.replace("${KAFKA_BOOTSTRAP}", "127.0.0.1:9"))
    return repo.commit("old")


def secrets(repo: Estate, user: str = "admin") -> dict[str, str]:
    """The secret that an environment of the repository has."""
    return {"KAFKA_PASSWORD": repo.kafka.users[user]}


def variables(repo: Estate, user: str = "admin") -> dict[str, str]:
    """The variables that an environment of the repository has."""
    return {"KAFKA_BOOTSTRAP": repo.kafka.sasl_bootstrap, "KAFKA_USERNAME": user}


def pull(runner: Runner, repo: Estate, base: str, github: Hub) -> Ran:
    """The run of a pull request of HEAD."""
    return _run(runner, repo, PULL, "pull_request", pull_request(repo.home, base), github)


def push(
    runner: Runner,
    repo: Estate,
    before: str,
    github: Hub,
    between: str = ":",
    workflow: str = MERGE,
    branch: str = "main",
    given: Mapping[str, str] | None = None,
) -> Ran:
    """The run of a push of HEAD onto `before`; `between` happens while its plan waits to be approved."""
    return _run(runner, repo, workflow, "push", {"before": before}, github, between, branch, given)


def by_hand(runner: Runner, repo: Estate, workflow: str, github: Hub, branch: str = "main", **inputs: str) -> Ran:
    """The run of a workflow that somebody starts, with what is typed in."""
    return _run(runner, repo, workflow, "workflow_dispatch", {"inputs": inputs}, github, branch=branch)


def applying(repo: Estate, *topics: str) -> str:
    """A shell command with which somebody else brings topics to the cluster."""
    incident = repo.home.parent / "incident.yaml"
    write(incident, topology(repo.prefix, *topics))
    words = [sys.executable, "-m", "kafka_gitops.cli.main", "apply", str(incident), "--yes"]
    words += [word for key, value in repo.kafka.client().items() for word in ("-X", f"{key}={value}")]
    return f"cd / && {shlex.join(words)}"


def _run(
    runner: Runner,
    repo: Estate,
    workflow: str,
    event: str,
    payload: dict[str, Any],
    github: Hub,
    between: str = ":",
    branch: str = "main",
    given: Mapping[str, str] | None = None,
) -> Ran:
    """A run with what the environments of the repository have; it shows no secret."""
    has: dict[str, Any] = {"secrets": secrets(repo), "variables": variables(repo)}
    has |= {"between": between, "branch": branch, "given": given}
    ran = runner.run(repo.home, workflow, event, payload, api=github.server.url, **has)
    for text in (ran.log, ran.summary, str(ran.commands)):
        assert TOKEN not in text
        assert repo.kafka.admin_password not in text
    return ran

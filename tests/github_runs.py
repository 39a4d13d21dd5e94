"""A repository on GitHub with its cluster, and runs of our workflows in it."""

import shlex
import sys
from pathlib import Path

from acting import TOKEN, Ran, Runner, pull_request, repository
from desk import topology
from hooking import write
from hub import Hub
from pipelines import Estate

from kafka_gitops.sandbox import Sandbox

PULL, MERGE, DRIFT = (f"examples/github/{name}.yml" for name in ("pull-request", "merge", "drift"))
CALLED = "tests/github/caller.yml"
FOLDER = "tests/github/folder.yml"  # the same for a directory
PLANNED = ["lint.json", "lint.junit.xml", "lint.sarif", "plan.json", "summary.md"]
APPLIED = ["apply.json", "plan.json", "summary.md"]
PRODUCTION = """\
environments:
  production:
    bootstrap: BOOTSTRAP
    brokers: 1
    broker_defaults: {default.replication.factor: "1", min.insync.replicas: "1"}
    client:
      security.protocol: SASL_PLAINTEXT
"""
PASSWORD = """\
      sasl.mechanism: SCRAM-SHA-256
      sasl.username: admin
      sasl.password: ${KAFKA_PASSWORD}
"""
CONFIG = f"prune: [topics]\nlimits: {{topics: 1}}\nrules: {{topic-owner: off}}\n{PRODUCTION}{PASSWORD}"


def on_github(home: Path, prefix: str, kafka: Sandbox, config: str = CONFIG) -> Estate:
    """A repository on main whose one topic, `old`, is on the cluster too."""
    repository(home, config.replace("BOOTSTRAP", kafka.sasl_bootstrap).replace("PREFIX", prefix))
    made = Estate(home, prefix, kafka)
    made.commit("old")
    made.make("old")
    return made


def without_broker(repo: Estate) -> str:
    """Point the config to where no broker is; the commit."""
    write(repo.home / "kafka-gitops.yaml", CONFIG.replace("BOOTSTRAP", "127.0.0.1:9"))
    return repo.commit("old")


def secrets(repo: Estate) -> dict[str, str]:
    """What the environments of the repository have."""
    return {"KAFKA_PASSWORD": repo.kafka.admin_password}


def pull(runner: Runner, repo: Estate, base: str, github: Hub) -> Ran:
    """The run of a pull request of HEAD."""
    payload = pull_request(repo.home, base)
    ran = runner.run(repo.home, PULL, "pull_request", payload, api=github.server.url, secrets=secrets(repo))
    return _secret(repo, ran)


def push(runner: Runner, repo: Estate, before: str, github: Hub, between: str = ":", workflow: str = MERGE) -> Ran:
    """The run of a push of HEAD onto `before`; `between` happens while its plan waits to be approved."""
    api, payload = github.server.url, {"before": before}
    ran = runner.run(repo.home, workflow, "push", payload, api=api, secrets=secrets(repo), between=between)
    return _secret(repo, ran)


def applying(repo: Estate, *topics: str) -> str:
    """A shell command with which somebody else brings topics to the cluster."""
    incident = repo.home.parent / "incident.yaml"
    write(incident, topology(repo.prefix, *topics))
    words = [sys.executable, "-m", "kafka_gitops.cli.main", "apply", str(incident), "--yes"]
    words += [word for key, value in repo.kafka.client().items() for word in ("-X", f"{key}={value}")]
    return f"cd / && {shlex.join(words)}"


def _secret(repo: Estate, ran: Ran) -> Ran:
    """No run shows a secret."""
    for text in (ran.log, ran.summary, str(ran.commands)):
        assert TOKEN not in text
        assert repo.kafka.admin_password not in text
    return ran

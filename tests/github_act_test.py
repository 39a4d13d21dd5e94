"""The workflows for GitHub, run by act with the real action against a real broker and an API that the tests play."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import TOKEN, Ran, Runner, pull_request, repository
from desk import topology
from hooking import git, write
from hub import BOT, Hub, hub
from pipelines import Estate

from kafka_gitops.sandbox import Sandbox

pytestmark = [pytest.mark.kafka, pytest.mark.ci]
PULL, MERGE, DRIFT = (f"examples/github/{name}.yml" for name in ("pull-request", "merge", "drift"))
CALLED = "tests/github/caller.yml"
FOLDER = "tests/github/folder.yml"
CONFIG = """\
prune: [topics]
limits: {topics: 1}
rules: {topic-owner: off}
environments:
  production:
    bootstrap: BOOTSTRAP
    brokers: 1
    broker_defaults: {default.replication.factor: "1", min.insync.replicas: "1"}
    client:
      security.protocol: SASL_PLAINTEXT
      sasl.mechanism: SCRAM-SHA-256
      sasl.username: admin
      sasl.password: ${KAFKA_PASSWORD}
"""


@pytest.fixture
def github() -> Iterator[Hub]:
    """GitHub's API, empty."""
    with hub() as made:
        yield made


@pytest.fixture
def repo(tmp_path: Path, kafka: Sandbox, prefix: str) -> Estate:
    """A repository on main whose one topic, `old`, is on the cluster too."""
    home = tmp_path / "streams"
    repository(home, CONFIG.replace("BOOTSTRAP", kafka.sasl_bootstrap))
    made = Estate(home, prefix, kafka)
    made.commit("old")
    made.make("old")
    return made


def secrets(repo: Estate) -> dict[str, str]:
    return {"KAFKA_PASSWORD": repo.kafka.admin_password}


def pull(runner: Runner, repo: Estate, base: str, github: Hub) -> Ran:
    payload = pull_request(repo.home, base)
    ran = runner.run(repo.home, PULL, "pull_request", payload, api=github.server.url, secrets=secrets(repo))
    assert TOKEN not in ran.log
    assert repo.kafka.admin_password not in ran.log
    return ran


def push(runner: Runner, repo: Estate, before: str, between: str = ":", api: str = "http://127.0.0.1:9") -> Ran:
    return runner.run(repo.home, MERGE, "push", {"before": before}, secrets=secrets(repo), between=between, api=api)


def test_a_clean_pull_request_shows_its_plan_in_one_comment(runner: Runner, repo: Estate, github: Hub) -> None:
    base = repo.head()
    repo.commit("old", "new")
    marked = "<!-- kafka-gitops:plan env=production path=. v1 -->"
    for number in range(4):
        github.say("somebody", f"comment {number}")
    github.say("somebody", f"planted {marked}")
    github.say(BOT, f"an older plan\n\n{marked}")
    ran = pull(runner, repo, base, github)
    assert (ran.code, ran.jobs) == (0, {"plan": "success"}), ran.log
    [body] = github.bodies()
    assert "1 to create, 0 to update, 0 to delete" in body
    assert f"{repo.prefix}new" in body
    assert body.endswith(marked)
    assert github.writes() == [("PATCH", "/repos/acme/streams/issues/comments/105")]
    assert "1 to create" in ran.summary
    assert repo.topics() == ["old"]


def test_a_pull_request_with_findings_fails_with_their_places(runner: Runner, repo: Estate, github: Hub) -> None:
    base = repo.head()
    hostile = 'context: unused\nspecial_topics:\n- name: "x\\n::error::pwned\\n::stop-commands::a ##[error]pwned @acme/all <img src=x>"'
    write(repo.home / "topologies" / "b.yaml", hostile)
    repo.commit("old", "new retention.mss=5")
    ran = pull(runner, repo, base, github)
    assert (ran.code, ran.jobs) == (1, {"plan": "failure"})
    assert [text for _, text in ran.notes if text.startswith("pwned")] == []
    assert ("error", 'no topic config is called "retention.mss"\ndid you mean "retention.ms"?') in ran.notes
    [body] = github.bodies()
    assert "topic-config-unknown" in body
    assert "topic-name-legal" in body
    assert "@acme" not in body
    assert "\n::" not in body
    assert repo.topics() == ["old"]


def test_a_fork_without_secrets_is_linted_by_pip_alone(runner: Runner, repo: Estate, github: Hub) -> None:
    base = repo.head()
    repo.commit("old", "new")
    github.refuse = 403
    payload = pull_request(repo.home, base, fork=True)
    ran = runner.run(repo.home, PULL, "pull_request", payload, api=github.server.url, uv=False)
    assert (ran.code, ran.jobs) == (0, {"plan": "success"}), ran.log
    assert ("notice", "Lint only, no plan: it comes from a fork.") in ran.notes
    assert "The comment was not posted" in ran.log
    assert github.bodies() == []
    assert repo.topics() == ["old"]


def test_what_was_merged_is_planned_approved_and_applied(runner: Runner, repo: Estate, github: Hub) -> None:
    before = repo.head()
    github.merge(repo.commit("old", "new"))
    ran = push(runner, repo, before, api=github.server.url)
    assert (ran.code, ran.jobs) == (0, {"plan": "success", "apply": "success"}), ran.log
    assert repo.topics() == ["new", "old"]
    assert "1 applied, 0 failed, 0 skipped" in ran.summary
    approved, done = (ran.artifact(f"kafka-{name}-production/{name}.json") for name in ("plan", "apply"))
    assert [change["name"] for change in approved["changes"]] == [f"{repo.prefix}new"]
    assert done["summary"]["done"] == 1
    [told] = github.bodies()
    assert told.startswith("### kafka-gitops apply: 1 applied, 0 failed, 0 skipped\n")
    again = push(runner, repo, before)
    assert (again.code, again.jobs) == (0, {"plan": "success"}), again.log  # act tells nothing of a skipped job
    assert "No changes" in again.summary


def test_a_plan_that_is_stale_when_it_is_approved_is_not_applied(runner: Runner, repo: Estate) -> None:
    before = repo.head()
    repo.commit("old max.message.bytes=2000000", "new")
    write(repo.home.parent / "incident.yaml", topology(repo.prefix, "old max.message.bytes=3000000"))
    words = [sys.executable, "-m", "kafka_gitops.cli.main", "apply", str(repo.home.parent / "incident.yaml"), "--yes"]
    words += [word for key, value in repo.kafka.client().items() for word in ("-X", f"{key}={value}")]
    ran = push(runner, repo, before, between=f"cd / && {shlex.join(words)}")
    assert (ran.code, ran.jobs) == (1, {"plan": "success", "apply": "failure"}), ran.log
    [said] = [text for level, text in ran.notes if level == "error"]
    assert f"changes that nobody approved: update topic {repo.prefix}old" in said
    assert ran.artifacts.joinpath("kafka-apply-production", "plan.json").exists()
    assert repo.topics() == ["old"]


def test_a_prune_that_the_brake_refuses_never_gets_to_an_approval(runner: Runner, repo: Estate) -> None:
    repo.commit("old", "a", "b")
    repo.make("a", "b")
    before = repo.head()
    repo.commit("old")
    ran = push(runner, repo, before)
    assert (ran.code, ran.jobs["plan"]) == (1, "failure")
    assert "apply" not in ran.jobs
    assert any("2 topics would be deleted (limit 1, `limits.topics`)" in text for _, text in ran.notes), ran.notes
    assert repo.topics() == ["a", "b", "old"]


def test_a_broker_that_is_down_is_said_in_the_pull_request(runner: Runner, repo: Estate, github: Hub) -> None:
    write(repo.home / "kafka-gitops.yaml", CONFIG.replace("BOOTSTRAP", "127.0.0.1:9"))
    repo.commit("old")
    base = repo.head()
    repo.commit("old", "new")
    ran = pull(runner, repo, base, github)
    assert (ran.code, ran.jobs) == (1, {"plan": "failure"})
    [said] = [text for level, text in ran.notes if level == "error"]
    assert said.startswith("Cannot reach 127.0.0.1:9: connection refused"), said
    [body] = github.bodies()
    assert "kafka-gitops plan stopped: Cannot reach 127.0.0.1:9" in body


def test_drift_opens_one_issue_and_closes_it(runner: Runner, repo: Estate, github: Hub) -> None:
    repo.commit("old", "lost")
    ran = runner.run(repo.home, DRIFT, "workflow_dispatch", {}, api=github.server.url, secrets=secrets(repo))
    assert (ran.code, ran.jobs) == (1, {"drift": "failure"}), ran.log
    [issue] = github.issues
    assert issue["title"] == "Kafka drift: production differs from the files"
    assert f"{repo.prefix}lost" in issue["body"]
    git(repo.home, "revert", "--no-edit", "HEAD")
    ran = runner.run(repo.home, DRIFT, "workflow_dispatch", {}, api=github.server.url, secrets=secrets(repo))
    assert (ran.code, ran.jobs) == (0, {"drift": "success"})
    assert [one["state"] for one in github.issues] == ["closed"]


def test_the_workflow_to_call_plans_and_applies(runner: Runner, repo: Estate) -> None:
    before = repo.head()
    repo.commit("old", "new")
    ran = runner.run(repo.home, CALLED, "push", {"before": before}, secrets=secrets(repo))
    assert ran.code == 0, ran.log
    assert set(ran.jobs.values()) == {"success"}
    assert [change["name"] for change in ran.artifact("kafka-plan-production/plan.json")["changes"]] == [
        f"{repo.prefix}new"
    ]
    assert repo.topics() == ["new", "old"]


def test_a_directory_of_a_bigger_repository_plans_and_applies(runner: Runner, repo: Estate) -> None:
    root, streams = repo.home, Estate(repo.home / "streams", repo.prefix, repo.kafka)
    streams.home.mkdir()
    git(root, "mv", "kafka-gitops.yaml", "topologies", "streams")
    before = streams.commit("old max.message.bytes=2000000")
    streams.commit("old max.message.bytes=2000000", "new retention.ms=86400000")
    ran = runner.run(root, FOLDER, "push", {"before": before}, secrets=secrets(repo))
    assert ran.code == 0, ran.log
    assert set(ran.jobs.values()) == {"success"}
    assert f"/blob/{streams.head()}/streams/topologies/a.yaml#L6)" in ran.summary
    [change] = ran.artifact("kafka-plan-production/plan.json")["changes"]
    assert (change["name"], change["origin"]["path"]) == (f"{repo.prefix}new", "streams/topologies/a.yaml")
    assert ran.artifact("kafka-apply-production/apply.json")["summary"]["done"] == 1
    assert streams.topics() == ["new", "old"]

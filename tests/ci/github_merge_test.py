"""The workflows for what was merged, run by act with the real action against a real broker and an API played here."""

import re
from pathlib import Path
from typing import Any

import hostile
import pytest
from acting import ROOT, Runner
from github_files_test import snippets
from github_runs import (
    APPLIED,
    CALLED,
    DRIFT,
    FOLDER,
    LINTED,
    MERGE,
    PLANNED,
    applying,
    by_hand,
    on_github,
    push,
    without_broker,
)
from hooking import git, head, write
from hub import Hub
from pipelines import Estate

from kafka_gitops.sandbox import Sandbox

pytestmark = [pytest.mark.kafka, pytest.mark.ci]


@pytest.fixture
def repo(tmp_path: Path, kafka: Sandbox, prefix: str) -> Estate:
    """A repository on main whose one topic, `old`, is on the cluster too."""
    return on_github(tmp_path / "streams", prefix, kafka)


def test_what_was_merged_is_planned_approved_and_applied_and_then_equals(
    runner: Runner, repo: Estate, github: Hub
) -> None:
    before = repo.head()
    github.merge(repo.commit("old", "new retention.ms=3600000"))
    ran = push(runner, repo, before, github)
    assert (ran.code, ran.jobs) == (0, {"plan": "success", "apply": "success"}), ran.log
    assert repo.state() == {"new": {"retention.ms": "3600000"}, "old": {}}
    assert "1 applied, 0 failed, 0 skipped" in ran.summary
    assert ran.files() == {"kafka-apply-production": APPLIED, "kafka-plan-production": PLANNED}
    approved, done = (ran.artifact(f"kafka-{name}-production/{name}.json") for name in ("plan", "apply"))
    assert [change["name"] for change in approved["changes"]] == [f"{repo.prefix}new"]
    assert done["summary"]["done"] == 1
    [told] = github.bodies()
    assert told.startswith("### kafka-gitops apply: 1 applied, 0 failed, 0 skipped\n")
    posted = github.writes()
    again = push(runner, repo, before, github)
    assert (again.code, again.jobs) == (0, {"plan": "success"}), again.log  # act tells nothing of a skipped job
    assert again.summary.startswith("**No changes.** This change does nothing to production; ")
    assert (again.outputs["has-changes"], again.notes) == ("false", [])
    assert (again.files(), github.writes()) == ({"kafka-plan-production": PLANNED}, posted)
    assert repo.state() == {"new": {"retention.ms": "3600000"}, "old": {}}


def test_a_plan_that_is_stale_when_it_is_approved_is_not_applied(runner: Runner, repo: Estate, github: Hub) -> None:
    before = repo.head()
    github.merge(repo.commit("old max.message.bytes=2000000", "new"))
    ran = push(runner, repo, before, github, between=applying(repo, "old max.message.bytes=3000000"))
    assert (ran.code, ran.jobs) == (1, {"plan": "success", "apply": "failure"}), ran.log
    [said] = [text for level, text in ran.notes if level == "error"]
    assert f"changes that nobody approved: update topic {repo.prefix}old" in said
    [body] = github.bodies()
    for text in (body, ran.summary):
        assert f"**Not in the approved plan:**\n\n* update `topic {repo.prefix}old`" in text
    assert ran.outputs["exit-code"] == "3"
    assert ran.files() == {"kafka-apply-production": ["plan.json", "summary.md"], "kafka-plan-production": PLANNED}
    assert repo.state() == {"old": {"max.message.bytes": "3000000"}}


def test_a_prune_that_the_brake_refuses_never_gets_to_an_approval(runner: Runner, repo: Estate, github: Hub) -> None:
    repo.commit("old", "a", "b")
    repo.make("a", "b")
    before = repo.head()
    repo.commit("old")
    ran = push(runner, repo, before, github)
    assert (ran.code, ran.jobs) == (1, {"plan": "failure"})
    assert any("2 topics would be deleted (limit 1, `limits.topics`)" in text for _, text in ran.notes), ran.notes
    assert "### Refused: 2 topics would be deleted" in ran.summary
    assert (ran.outputs["exit-code"], ran.outputs["delete-count"], ran.files()) == (
        "4",
        "2",
        {"kafka-plan-production": PLANNED},
    )
    assert github.server.asked == []
    assert repo.state() == {"a": {}, "b": {}, "old": {}}


def test_without_a_broker_nobody_is_asked_to_approve(runner: Runner, repo: Estate, github: Hub) -> None:
    before = without_broker(repo)
    repo.commit("old", "new")
    ran = push(runner, repo, before, github)
    assert (ran.code, ran.jobs) == (1, {"plan": "failure"})
    [said] = [text for level, text in ran.notes if level == "error"]
    assert said.startswith("Cannot reach 127.0.0.1:9: connection refused"), said
    assert "kafka-gitops plan stopped: Cannot reach 127.0.0.1:9" in ran.summary
    assert (ran.outputs["exit-code"], ran.files()) == ("5", {"kafka-plan-production": LINTED})
    assert github.server.asked == []
    assert repo.state() == {"old": {}}


def test_hostile_text_is_applied_as_what_it_is(runner: Runner, repo: Estate, github: Hub) -> None:
    before = repo.head()
    hostile.commit(repo.home, hostile.rights(repo.prefix))
    github.merge(repo.head())
    ran = push(runner, repo, before, github)
    assert (ran.code, ran.jobs) == (0, {"plan": "success", "apply": "success"}), ran.log
    assert {name for name, _ in ran.commands} <= {"notice", "warning", "set-output", "summary"}
    assert [text for _, text in ran.commands if text.startswith("pwned")] == []
    assert "pwned" not in ran.outputs
    hostile.inert_log(ran.log)
    [body] = github.bodies()
    for text in (body, ran.summary):
        hostile.inert_markdown(text)
    assert hostile.touched(runner.folder, repo.home.parent) == []
    assert repo.principals() == hostile.NAMES


def test_drift_opens_one_issue_and_closes_it(runner: Runner, repo: Estate, github: Hub) -> None:
    repo.commit("old", "lost")
    ran = by_hand(runner, repo, DRIFT, github)
    assert (ran.code, ran.jobs, ran.outputs["exit-code"]) == (1, {"drift": "failure"}, "2"), ran.log
    assert ran.files() == {"kafka-drift-production": ["drift.json", "plan.json", "summary.md"]}
    [issue] = github.issues
    assert issue["title"] == "Kafka drift: production differs from the files"
    assert f"{repo.prefix}lost" in issue["body"]
    git(repo.home, "revert", "--no-edit", "HEAD")
    ran = by_hand(runner, repo, DRIFT, github)
    assert (ran.code, ran.jobs) == (0, {"drift": "success"})
    assert [one["state"] for one in github.issues] == ["closed"]
    assert repo.state() == {"old": {}}


def test_the_workflow_to_call_plans_and_applies(runner: Runner, repo: Estate, github: Hub) -> None:
    before = repo.head()
    repo.commit("old", "new")
    ran = push(runner, repo, before, github, workflow=CALLED)
    assert ran.code == 0, ran.log
    assert set(ran.jobs.values()) == {"success"}
    plan = ran.artifact("kafka-plan-production/plan.json")
    assert [change["name"] for change in plan["changes"]] == [f"{repo.prefix}new"]
    assert repo.state() == {"new": {}, "old": {}}


def test_a_directory_of_a_bigger_repository_plans_and_applies(runner: Runner, repo: Estate, github: Hub) -> None:
    root, streams = repo.home, Estate(repo.home / "streams", repo.prefix, repo.kafka)
    streams.home.mkdir()
    git(root, "mv", "kafka-gitops.yaml", "topologies", "streams")
    before = streams.commit("old max.message.bytes=2000000")
    streams.commit("old max.message.bytes=2000000", "new retention.ms=86400000")
    ran = push(runner, repo, before, github, workflow=FOLDER)
    assert ran.code == 0, ran.log
    assert set(ran.jobs.values()) == {"success"}
    assert f"/blob/{streams.head()}/streams/topologies/a.yaml#L6)" in ran.summary
    [change] = ran.artifact("kafka-plan-production/plan.json")["changes"]
    assert (change["name"], change["origin"]["path"]) == (f"{repo.prefix}new", "streams/topologies/a.yaml")
    assert ran.artifact("kafka-apply-production/apply.json")["summary"]["done"] == 1
    assert streams.topics() == ["new", "old"]


def test_a_second_environment_is_called_as_the_page_says(runner: Runner, repo: Estate, github: Hub) -> None:
    config = repo.home / "kafka-gitops.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(f"{text}  staging:{text.partition('  production:')[2]}", encoding="utf-8")
    before = repo.commit("old")
    repo.commit("old", "new")
    [twice] = snippets("jobs:")
    path = repo.home.parent / "twice.yml"
    write(path, f"on: [push]\n{twice.replace('FULL-COMMIT', '0' * 40)}")
    ran = push(runner, repo, before, github, workflow=str(path))
    assert (ran.code, set(ran.jobs.values())) == (0, {"success"}), ran.log
    kept = ran.files()
    assert sorted(kept) == ["kafka-apply-staging", "kafka-plan-production", "kafka-plan-staging"]  # applied already
    assert [len(ran.artifact(f"kafka-plan-{name}/plan.json")["changes"]) for name in ("staging", "production")] == [
        1,
        0,
    ]
    assert repo.state() == {"new": {}, "old": {}}


def pinned(repo: Estate, commit: str) -> str:
    """A workflow that calls ours with the policy of the platform's repository at a commit."""
    text = (ROOT / CALLED).read_text(encoding="utf-8")
    at = "      environment: production\n"
    assert text.count(at) == 1
    given = {"policy-repository": "acme/platform", "policy-ref": commit, "policy": "kafka/streams.yaml"}
    path = repo.home.parent / "pinned.yml"
    write(path, text.replace(at, at + "".join(f"      {key}: {value}\n" for key, value in given.items())))
    return str(path)


def test_a_policy_is_taken_from_the_platforms_repository_at_a_commit(
    runner: Runner, repo: Estate, github: Hub, tmp_path: Path
) -> None:
    platform = tmp_path / "platform"
    platform.mkdir()
    git(platform, "init", "-q")
    commits = []
    for allowed in ("old", "*"):
        write(platform / "kafka" / "streams.yaml", f'manage: {{topics: ["{repo.prefix}{allowed}"]}}\n')
        git(platform, "add", "-A")
        git(platform, "commit", "-qm", allowed)
        commits.append(head(platform))
    write(tmp_path / "gitconfig", f'[url "{platform}"]\n\tinsteadOf = https://github.com/acme/platform\n')
    before = repo.head()
    repo.commit("old", "new")
    told: dict[str, Any] = {"given": {"GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig")}}
    refused = push(runner, repo, before, github, workflow=pinned(repo, commits[0]), **told)
    assert (refused.code, refused.jobs["plan"]) == (1, "failure"), refused.log
    assert re.search(rf"`manage\.topics` of \S+/kafka/streams\.yaml:1 \({re.escape(repo.prefix)}old\)", refused.log)
    named = push(runner, repo, before, github, workflow=pinned(repo, "main"), **told)
    assert (named.code, named.jobs) == (1, {"plan": "failure"}), named.log
    assert "policy-ref must be a full commit" in named.log
    then = push(runner, repo, before, github, workflow=pinned(repo, commits[1]), **told)
    assert (then.code, set(then.jobs.values())) == (0, {"success"}), then.log
    assert repo.topics() == ["new", "old"]


def test_a_run_by_hand_takes_options_quoted_as_in_a_shell(runner: Runner, repo: Estate, github: Hub) -> None:
    base = repo.commit("old", "lost")
    repo.commit("old retention.ms=1000", "lost")
    refused = by_hand(runner, repo, MERGE, github, base=base)
    assert (refused.code, refused.outputs["exit-code"]) == (1, "4"), refused.log
    more = f"--no-only-change --accept 'retention-shrink:{repo.prefix}old'"
    ran = by_hand(runner, repo, MERGE, github, base=base, options=more)
    assert (ran.code, ran.jobs) == (0, {"plan": "success", "apply": "success"}), ran.log
    assert repo.state() == {"lost": {}, "old": {"retention.ms": "1000"}}


def everywhere(repo: Estate) -> Path:
    """A workflow that calls ours at a push of any branch."""
    text = (ROOT / CALLED).read_text(encoding="utf-8")
    assert "    branches: [main]\n" in text
    path = repo.home.parent / "caller.yml"
    write(path, text.replace("    branches: [main]\n", ""))
    return path


def test_what_is_on_another_branch_is_neither_planned_nor_applied(runner: Runner, repo: Estate, github: Hub) -> None:
    before = repo.head()
    git(repo.home, "checkout", "-qb", "work")
    repo.commit("old", "new")
    ran = [by_hand(runner, repo, workflow, github, branch="work") for workflow in (MERGE, DRIFT)]
    ran.append(push(runner, repo, before, github, workflow=str(everywhere(repo)), branch="work"))
    assert [(one.code, one.jobs, one.outputs) for one in ran] == [(0, {}, {})] * 3, ran
    assert repo.state() == {"old": {}}

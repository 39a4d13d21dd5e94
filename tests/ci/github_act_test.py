"""The workflow for pull requests, run by act with the real action against a real broker and an API played here."""

from pathlib import Path

import hostile
import pytest
from acting import Runner, pull_request
from github_runs import LINTED, PLANNED, PULL, on_github, pull, without_broker
from hooking import git
from hub import BOT, Hub
from pipelines import Estate

from kafka_gitops.sandbox import Sandbox

pytestmark = [pytest.mark.kafka, pytest.mark.ci]
KEPT = "kafka-pull-request-production"
MARKED = "<!-- kafka-gitops:plan env=production path=. v1 -->"


@pytest.fixture
def repo(tmp_path: Path, kafka: Sandbox, prefix: str) -> Estate:
    """A repository on main whose one topic, `old`, is on the cluster too."""
    return on_github(tmp_path / "streams", prefix, kafka)


def test_a_clean_pull_request_shows_its_plan_in_one_comment(runner: Runner, repo: Estate, github: Hub) -> None:
    base = repo.head()
    repo.commit("old", "new")
    for number in range(4):
        github.say("somebody", f"comment {number}")
    github.say("somebody", f"planted {MARKED}")
    github.say(BOT, f"an older plan\n\n{MARKED}")
    github.hiccups = 1
    ran = pull(runner, repo, base, github)
    assert (ran.code, ran.jobs) == (0, {"plan": "success"}), ran.log
    [body] = github.bodies()
    assert "1 topic to create, 0 to update, 0 to delete" in body
    assert f"{repo.prefix}new" in body
    assert body.endswith(MARKED)
    assert github.writes() == [("PATCH", "/repos/acme/streams/issues/comments/105")]
    assert "1 topic to create" in ran.summary
    told = [ran.outputs[name] for name in ("exit-code", "has-changes", "create-count", "comment-id")]
    assert told == ["0", "true", "1", "105"]
    assert Path(ran.outputs["plan-file"]).name == "plan.json"
    assert ran.files() == {KEPT: PLANNED}
    assert repo.state() == {"old": {}}


def test_a_pull_request_that_changes_nothing_loses_its_comment(runner: Runner, repo: Estate, github: Hub) -> None:
    base = repo.head()
    (repo.home / "README.md").write_text("Our topics.\n")
    repo.commit("old")
    github.say(BOT, f"an older plan\n\n{MARKED}")
    github.say("somebody", f"planted {MARKED}")
    ran = pull(runner, repo, base, github)
    assert (ran.code, ran.jobs, ran.notes) == (0, {"plan": "success"}, []), ran.log
    assert ran.summary.startswith("**No changes.** Environment production matches the files"), ran.summary
    assert (ran.outputs["exit-code"], ran.outputs["has-changes"]) == ("0", "false")
    assert github.writes() == [("DELETE", "/repos/acme/streams/issues/comments/100")]
    assert len(github.bodies("somebody")) == 1
    assert repo.state() == {"old": {}}


def test_a_pull_request_with_findings_fails_with_their_places(runner: Runner, repo: Estate, github: Hub) -> None:
    base = repo.head()
    repo.commit("old", "new retention.mss=5")
    ran = pull(runner, repo, base, github)
    assert (ran.code, ran.jobs) == (1, {"plan": "failure"})
    assert ("error", 'no topic config is called "retention.mss"\ndid you mean "retention.ms"?') in ran.notes
    [body] = github.bodies()
    for text in (body, ran.summary):
        assert "topic-config-unknown" in text
    assert (ran.outputs["exit-code"], ran.outputs["error-count"], ran.outputs["plan-file"]) == ("1", "1", "")
    assert Path(ran.outputs["sarif-file"]).name == "lint.sarif"
    assert ran.files() == {KEPT: LINTED}
    assert repo.state() == {"old": {}}


def test_a_fork_without_secrets_is_linted_by_pip_alone(runner: Runner, repo: Estate, github: Hub) -> None:
    base = repo.head()
    repo.commit("old", "new")
    github.refuse = 403
    payload = pull_request(repo.home, base, fork=True)
    ran = runner.run(repo.home, PULL, "pull_request", payload, api=github.server.url, uv=False)
    assert (ran.code, ran.jobs) == (0, {"plan": "success"}), ran.log
    assert ran.notes == [("notice", "Lint only, no plan: it comes from a fork.")]
    assert "The comment was not posted" in ran.log
    assert "(permissions: pull-requests: write" in ran.log
    assert github.writes() == [("POST", "/repos/acme/streams/issues/7/comments")]
    assert github.bodies() == []
    assert "Lint only, no plan: it comes from a fork" in ran.summary
    assert (ran.outputs["command"], ran.outputs["exit-code"], ran.outputs["plan-file"]) == ("lint", "0", "")
    assert repo.state() == {"old": {}}


def test_a_broker_that_is_down_is_said_in_the_pull_request(runner: Runner, repo: Estate, github: Hub) -> None:
    base = without_broker(repo)
    repo.commit("old", "new")
    ran = pull(runner, repo, base, github)
    assert (ran.code, ran.jobs) == (1, {"plan": "failure"})
    [said] = [text for level, text in ran.notes if level == "error"]
    assert said.startswith("Cannot reach 127.0.0.1:9: connection refused"), said
    [body] = github.bodies()
    for text in (body, ran.summary):
        assert "kafka-gitops plan stopped: Cannot reach 127.0.0.1:9" in text
    assert (ran.outputs["exit-code"], ran.outputs["plan-file"]) == ("5", "")
    assert repo.state() == {"old": {}}


def test_links_of_a_pull_request_are_not_followed_to_files_of_the_machine(
    runner: Runner, repo: Estate, github: Hub
) -> None:
    base, secret = repo.head(), repo.home.parent / "secret"
    git(repo.home, "checkout", "-q", "-b", "work")  # main stays where it is
    secret.write_text("canary")
    (repo.home / "kafka-gitops-reports").mkdir()
    for name in ("mine.txt", "summary.md"):
        (repo.home / "kafka-gitops-reports" / name).symlink_to(secret)
    repo.commit("old", "new")
    ran = pull(runner, repo, base, github)
    assert (ran.code, ran.files()) == (0, {KEPT: LINTED}), ran.log
    assert secret.read_text() == "canary"


def test_hostile_text_of_a_pull_request_is_obeyed_by_nobody(runner: Runner, repo: Estate, github: Hub) -> None:
    base = repo.head()
    hostile.commit(repo.home, hostile.findings(repo.prefix))
    ran = pull(runner, repo, base, github)
    assert (ran.code, ran.outputs["error-count"]) == (1, str(2 * len(hostile.WORDS))), ran.log
    assert {name for name, _ in ran.commands} == {"error", "set-output", "summary", "warning"}
    assert [text for _, text in ran.commands if text.startswith("pwned")] == []
    assert "pwned" not in ran.outputs
    hostile.inert_log(ran.log)
    [body] = github.bodies()
    for text in (body, ran.summary):
        hostile.inert_markdown(text)
    assert hostile.touched(runner.folder, repo.home.parent) == []
    assert repo.state() == {"old": {}}

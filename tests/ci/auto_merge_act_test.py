"""The workflow that merges without a person, run by act with the real action, a real broker and GitHub played here."""

from pathlib import Path
from typing import Any

import pytest
from acting import APP_TOKEN, Ran, Runner
from github_runs import PASSWORD, PRODUCTION, on_github, push, variables
from hooking import git, write
from hub import Hub, Pull
from pipelines import Estate

from kafka_gitops.sandbox import Sandbox

pytestmark = [pytest.mark.kafka, pytest.mark.ci]
WORKFLOW = "examples/github/auto-merge.yml"
CONFIG = f"""\
topology: topologies/
manage: {{topics: ["PREFIX*"], principals: ["User:PREFIX*"]}}
prune: [topics]
rules: {{topic-owner: off, topic-unused: off, topic-replication: off, topic-min-isr: off}}
{PRODUCTION}{PASSWORD}"""


@pytest.fixture
def repo(tmp_path: Path, kafka: Sandbox, prefix: str) -> Estate:
    """A repository whose topic `old` is on the cluster too, with a branch `change` at which it stands."""
    made = on_github(tmp_path / "streams", prefix, kafka, CONFIG)
    git(made.home, "checkout", "-qb", "change")
    return made


def event(head: str, number: Any = 7, source: str = "acme/streams") -> dict[str, Any]:
    """What GitHub sends when the pull request's own run has ended; of a fork it names no pull request."""
    pulls = [{"number": number}] if source == "acme/streams" else []
    done = {"event": "pull_request", "conclusion": "success", "head_sha": head, "pull_requests": pulls}
    return {"action": "completed", "workflow_run": {**done, "head_repository": {"full_name": source}}}


def judge(runner: Runner, repo: Estate, github: Hub, payload: dict[str, Any] | None = None) -> Ran:
    """Open the pull request of HEAD, and run the workflow on main as GitHub would."""
    head, main = repo.head(), git(repo.home, "rev-parse", "main").strip()
    github.pull = github.pull or Pull(head, main)
    git(repo.home, "checkout", "-q", "main")
    secrets = {"KAFKA_PASSWORD": repo.kafka.admin_password, "KAFKA_MERGE_PRIVATE_KEY": "canary-key"}
    told, api, has = payload or event(head), github.server.url, variables(repo)
    ran = runner.run(repo.home, WORKFLOW, "workflow_run", told, api=api, secrets=secrets, variables=has)
    assert not any(secret in ran.log for secret in (APP_TOKEN, *secrets.values()))
    return ran


def notices(ran: Ran) -> list[str]:
    """What is told to who looks; there is no error among it."""
    assert not [text for level, text in ran.notes if level == "error"], ran.notes
    return [text for level, text in ran.notes if level == "notice"]


def test_a_new_topic_is_merged_and_what_was_merged_is_applied(runner: Runner, repo: Estate, github: Hub) -> None:
    head = repo.commit("old", "new")
    ran = judge(runner, repo, github)
    assert (ran.code, ran.jobs) == (0, {"merge": "success"}), ran.log
    assert github.pull is not None and github.pull.merged is not None
    assert (github.pull.merged["sha"], github.pull.merged["merge_method"]) == (head, "squash")
    assert ("notice", f"#7 was merged at {head}.") in ran.notes
    assert {one.headers["authorization"] for one in github.server.asked} == {f"Bearer {APP_TOKEN}"}
    assert "May be merged without a person" in ran.summary
    assert repo.topics() == ["old"]
    before = repo.head()
    git(repo.home, "merge", "-q", "--squash", head)
    git(repo.home, "commit", "-qm", "squashed")
    pushed = push(runner, repo, before, github)
    assert (pushed.code, pushed.jobs) == (0, {"plan": "success", "apply": "success"}), pushed.log
    assert repo.topics() == ["new", "old"]


SNEAKY = {
    "partitions": ("old num.partitions=2", "", "changes partitions from unset to 2"),
    "another config": ("old max.message.bytes=2000000", "", "changes max.message.bytes from unset to 2000000"),
    "a deletion": ("new", "change-topic-absent", "old is taken away"),
    "an accepted risk": ("old retention.ms=1000", "retention-shrink", "changes retention.ms from unset to 1000"),
}


@pytest.mark.parametrize("name", SNEAKY)
def test_what_is_not_on_the_list_waits_for_a_person_and_alarms_nobody(
    runner: Runner, repo: Estate, github: Hub, name: str
) -> None:
    topic, accepted, why = SNEAKY[name]
    repo.commit(topic, accept=accepted or None)
    ran = judge(runner, repo, github)
    assert (ran.code, ran.jobs, github.server.asked) == (0, {"merge": "success"}, []), ran.log
    [said] = [text for text in notices(ran) if text.startswith("Needs a person: ")]
    assert (why in said, why in ran.summary) == (True, True), said


def test_a_change_that_brings_its_own_rules_and_programs_is_not_planned_and_runs_nothing(
    runner: Runner, repo: Estate, github: Hub
) -> None:
    pwned = repo.home.parent / "pwned"
    for name in ("venv", "pip", "json", "logging", "sitecustomize", "rules"):
        write(repo.home / f"{name}.py", f"open({str(pwned)!r}, 'a').write({name!r})\n")
    write(repo.home / "uv.toml", '[[index]]\nurl = "http://127.0.0.1:9/"\ndefault = true\n')
    write(repo.home / ".gitattributes", "*.yaml filter=evil merge=evil\n")
    config = (repo.home / "kafka-gitops.yaml").read_text()
    write(repo.home / "kafka-gitops.yaml", config.replace(repo.kafka.sasl_bootstrap, "thief.example.org:9092"))
    repo.commit("old", "new")
    ran = judge(runner, repo, github)
    assert (ran.code, pwned.exists(), github.server.asked) == (0, False, []), ran.log
    assert any(said.startswith("Needs a person: no plan was made") for said in notices(ran)), ran.notes


def test_what_main_says_by_now_is_what_counts(runner: Runner, repo: Estate, github: Hub) -> None:
    repo.commit("old", "new")
    git(repo.home, "checkout", "-q", "main")
    config = (repo.home / "kafka-gitops.yaml").read_text()
    write(repo.home / "kafka-gitops.yaml", config.replace(f'["{repo.prefix}*"]', f'["{repo.prefix}old"]'))
    git(repo.home, "commit", "-qam", "not theirs any more")
    git(repo.home, "checkout", "-q", "change")
    ran = judge(runner, repo, github)
    assert (ran.code != 0, github.server.asked) == (True, []), ran.log
    assert f'"{repo.prefix}new" is outside `manage`' in ran.log


def test_what_an_event_says_is_looked_at_before_it_is_used(runner: Runner, repo: Estate, github: Hub) -> None:
    head = repo.commit("old", "new")
    ran = judge(runner, repo, github, event(head, "7; touch pwned"))
    assert (ran.code, github.server.asked) == (0, []), ran.log
    assert notices(ran) == ["Not judged: no open pull request of this repository has this commit."]


def test_a_fork_is_not_judged(runner: Runner, repo: Estate, github: Hub) -> None:
    head = repo.commit("old", "new")
    ran = judge(runner, repo, github, event(head, source="stranger/streams"))
    assert (ran.code, ran.jobs, github.server.asked) == (0, {}, []), ran.log


def test_a_broker_that_is_down_is_a_failure(runner: Runner, repo: Estate, github: Hub) -> None:
    git(repo.home, "checkout", "-q", "main")
    config = (repo.home / "kafka-gitops.yaml").read_text()
    write(repo.home / "kafka-gitops.yaml", config.replace(repo.kafka.sasl_bootstrap, "127.0.0.1:9"))
    git(repo.home, "commit", "-qam", "wrong")
    git(repo.home, "checkout", "-q", "-B", "change")
    repo.commit("old", "new")
    ran = judge(runner, repo, github)
    assert (ran.code, ran.jobs, github.server.asked) == (1, {"merge": "failure"}, []), ran.log
    assert any(level == "error" and said.startswith("Cannot reach 127.0.0.1:9") for level, said in ran.notes), ran.notes

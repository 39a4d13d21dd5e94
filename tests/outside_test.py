"""What lies outside `manage` cannot be had by any words in the files: not by a waiver, a setting, a baseline, a plan."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from making import topic
from recording import Recording, stand_in

from kafka_gitops import plan_file
from kafka_gitops.cli import planning
from kafka_gitops.model import topic_key

POLICY = 'manage:\n  topics: ["acme.*"]\n  groups: ["acme.*"]\n  principals: ["User:acme-*"]\n'
CONFIG = """\
topology: t.yaml
rules: {topic-owner: off, topic-unused: off, topic-min-isr: off}
environments: {prod: {bootstrap: "127.0.0.1:9", brokers: 1, client: {security.protocol: PLAINTEXT}}}
"""
WAIVER = "# kafka-gitops: allow outside-scope: ours\n"
FILE = f"""\
context: unused
special_topics:
{WAIVER}- name: bank.ledger
  config: {{num.partitions: "6", replication.factor: "1"}}
{WAIVER}acls:
{WAIVER}- {{principals: [User:mallory], allow: [ALL], topics: ["*"], groups: ["*"]}}
{WAIVER}removed:
{WAIVER}- {{topic: bank.old, because: x}}
"""


@pytest.fixture
def cluster() -> Recording:
    return Recording(topics={"bank.ledger": topic(3, 1), "bank.old": topic(1, 1)})


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: Recording) -> Desk:
    stand_in(monkeypatch, cluster)
    made = Desk(tmp_path)
    made.write("kafka-gitops.yaml", CONFIG)
    made.write("policy.yaml", POLICY)
    made.write("t.yaml", FILE)
    return made


@pytest.fixture(autouse=True)
def untouched(cluster: Recording) -> Iterator[None]:
    """Whatever was tried, nothing of others was changed."""
    topics = dict(cluster.topics)
    yield
    assert (cluster.topics, cluster.acls) == (topics, set())


@pytest.mark.parametrize("words", [["ci", "apply"], ["apply"]])
def test_a_waiver_does_not_help(desk: Desk, words: list[str]) -> None:
    result = desk.run(*words, "--yes", "--policy", "policy.yaml")
    assert result.code == 1, result
    assert result.err.count("outside-scope]") + result.err.count("outside-scope ") >= 3, result


def test_a_waiver_is_told_that_it_does_not_help(desk: Desk) -> None:
    found = desk.run("lint", "--policy", "policy.yaml", "--format", "concise").out
    assert found.count("waiver-malformed outside-scope cannot be waived: a plan refuses the same") == 5, found


@pytest.mark.parametrize(
    ("rules", "place"),
    [
        ("rules: {outside-scope: off}", "kafka-gitops.yaml:4:9"),
        ("rules: {outside-scope: {severity: warning}}", "kafka-gitops.yaml:4:9"),
        ("overrides: [{paths: [t.yaml], rules: {outside-scope: off}}]", "kafka-gitops.yaml:4:39"),
    ],
)
def test_a_setting_cannot_turn_it_down(desk: Desk, rules: str, place: str) -> None:
    desk.write(
        "kafka-gitops.yaml",
        CONFIG.replace("rules: {topic-owner: off, topic-unused: off, topic-min-isr: off}\n", "") + f"\n{rules}\n",
    )
    result = desk.run("apply", "--yes", "--policy", "policy.yaml")
    severity = "warning" if "warning" in rules else "off"
    assert result.code == 78, result
    assert f"{place}: The rule outside-scope is always error, not {severity}: a plan refuses the same." in result.err
    assert "Delete this setting, and mend what the rule finds." in result.err


def test_a_policy_that_turns_it_down_changes_nothing(desk: Desk) -> None:
    desk.write("policy.yaml", POLICY + "rules: {outside-scope: off}\n")
    assert desk.run("apply", "--yes", "--policy", "policy.yaml").code == 1


def test_no_baseline_knows_it(desk: Desk) -> None:
    desk.run("lint", "--policy", "policy.yaml", "--write-baseline=b.json")
    assert "outside-scope" not in (desk.home / "b.json").read_text(encoding="utf-8")
    desk.write("kafka-gitops.yaml", CONFIG + "baseline: b.json\n")
    assert desk.run("apply", "--yes", "--policy", "policy.yaml").code == 1


def test_the_planner_holds_without_lint(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_stop_on_errors", lambda *_: None)
    result = desk.run("apply", "--yes", "--policy", "policy.yaml")
    assert result.code == 4, result
    assert "  x topic bank.ledger  it is outside `manage.topics` (acme.*, policy.yaml:2:12) (t.yaml:4)" in result.out
    said = (
        "topic bank.ledger, topic bank.old may not be touched: it is outside `manage.topics` (acme.*, policy.yaml:2:12)"
    )
    assert said in result.err
    assert "may not be touched: it is outside `manage.principals` (User:acme-*, policy.yaml:4:16)" in result.err
    assert "--accept" not in result.err


def test_a_plan_saved_without_the_policy_is_refused_under_it(desk: Desk) -> None:
    desk.ok("plan", "-o", "plan.json")
    saved = plan_file.loads((desk.home / "plan.json").read_text(encoding="utf-8"), "plan.json")
    assert {change.key for change in saved.changes} >= {topic_key("bank.ledger"), topic_key("bank.old")}
    result = desk.run("apply", "plan.json", "--yes", "--policy", "policy.yaml")
    assert result.code == 4, result
    said = (
        "topic bank.ledger, topic bank.old may not be touched: it is outside `manage.topics` (acme.*, policy.yaml:2:12)"
    )
    assert said in result.err
    assert "acl User:mallory may ALL group *" in result.err

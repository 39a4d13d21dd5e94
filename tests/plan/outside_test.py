"""What lies outside `manage` cannot be had by any words in the files: not by a waiver, a setting, a baseline, a plan."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from making import topic
from recording import Recording, stand_in

from kafka_gitops.cli import planning
from kafka_gitops.model import topic_key
from kafka_gitops.plan import file as plan_file

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
    assert "Delete this setting, and fix what the rule finds." in result.err


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
    assert "  x topic bank.ledger  it is not in `manage.topics` of policy.yaml:2 (acme.*) (t.yaml:4)" in result.out
    said = (
        "topic bank.ledger, topic bank.old may not be touched: it is not in `manage.topics` of policy.yaml:2 (acme.*)"
    )
    assert said in result.err
    assert (
        "may not be touched: `User:mallory` is not in `manage.principals` of policy.yaml:4 (User:acme-*)" in result.err
    )
    assert "--accept" not in result.err


def test_a_plan_saved_without_the_policy_is_refused_under_it(desk: Desk) -> None:
    desk.ok("plan", "-o", "plan.json")
    saved = plan_file.loads((desk.home / "plan.json").read_text(encoding="utf-8"), "plan.json")
    assert {change.key for change in saved.changes} >= {topic_key("bank.ledger"), topic_key("bank.old")}
    result = desk.run("apply", "plan.json", "--yes", "--policy", "policy.yaml")
    assert result.code == 4, result
    said = (
        "topic bank.ledger, topic bank.old may not be touched: it is not in `manage.topics` of policy.yaml:2 (acme.*)"
    )
    assert said in result.err
    assert "acl User:mallory may ALL group *" in result.err


ADMIN = """\
context: acme
projects:
- name: pay
  batch: [{principal: "User:acme-app"}]
  connectors:
  - {principal: "User:acme-app", status_topic: acme.s, offset_topic: acme.o, configs_topic: acme.c, group: acme.g}
platform:
  control_center: {instances: [{principal: "User:acme-app", appId: acme.cc}]}
  ksql: {instances: [{principal: "User:acme-app", ksqlDbId: acme}]}
acls:
# kafka-gitops: allow acl-operation-broad: batch job
- {principals: ["User:acme-app"], allow: [ALTER, CREATE, ALTER_CONFIGS, CLUSTER_ACTION, ALL], cluster: true}
- {principals: ["User:acme-app"], allow: [CREATE_TOKENS, DESCRIBE_TOKENS], users: ["User:admin"]}
- {principals: ["User:acme-app"], allow: [DESCRIBE], delegation_tokens: ["*"]}
- {principals: ["User:acme-app"], deny: [DESCRIBE], cluster: true}
- {principals: ["User:acme-app"], allow: [IDEMPOTENT_WRITE], cluster: true}
"""
ROLES = """\
roles:
- name: batch
  acls: [{resourceType: cluster, resourceName: kafka-cluster, patternType: LITERAL, host: "*", operation: alter}]
"""
WITH_ROLES = CONFIG + "roles: roles.yaml\n"
OUTSIDE = {  # place: the binding, how many more of its entry, what is missing, in which list, and what to do
    "t.yaml:4:23": ("may ALTER cluster", 0, "ALTER on the cluster", "cluster", ": `manage.cluster: [ALTER]`"),
    "t.yaml:6:17": ("may CREATE cluster", 0, "CREATE on the cluster", "cluster", ": `manage.cluster: [CREATE]`"),
    "t.yaml:8:44": (
        *("may DESCRIBE cluster", 1, "DESCRIBE on the cluster", "cluster"),
        ": `manage.cluster: [DESCRIBE, DESCRIBE_CONFIGS]`",
    ),
    "t.yaml:9:34": (
        *("may DESCRIBE_CONFIGS cluster", 0, "DESCRIBE_CONFIGS on the cluster", "cluster"),
        ": `manage.cluster: [DESCRIBE_CONFIGS]`",
    ),
    "t.yaml:12:104": (
        *("may ALTER cluster", 4, "ALTER on the cluster", "cluster"),
        ": `manage.cluster: [ALL, ALTER, ALTER_CONFIGS, ...]`",
    ),
    "t.yaml:13:84": (
        *("may CREATE_TOKENS user User:admin", 1, "`User:admin`", "principals"),
        'add "User:admin" to `manage.principals` in ',
    ),
    "t.yaml:14:74": (
        *("may DESCRIBE delegation token *", 0, "it", "delegation_tokens"),
        ': `manage.delegation_tokens: ["*"]`',
    ),
    "t.yaml:15:62": (
        "must not DESCRIBE cluster",
        0,
        "DESCRIBE on the cluster",
        "cluster",
        ": `manage.cluster: [DESCRIBE]`",
    ),
}


@pytest.fixture
def everything(desk: Desk) -> Desk:
    desk.write("t.yaml", ADMIN)
    desk.write("roles.yaml", ROLES)
    desk.write("kafka-gitops.yaml", WITH_ROLES)
    return desk


@pytest.mark.parametrize("whose", ["policy.yaml", "kafka-gitops.yaml"])
def test_rights_on_the_cluster_on_users_and_on_tokens_are_outside_until_a_list_names_them(
    everything: Desk, whose: str
) -> None:
    """In a platform's policy and in the repository's own file alike, whatever role gives the right."""
    if whose == "kafka-gitops.yaml":
        everything.write(whose, POLICY + WITH_ROLES)
    options = ["--policy", whose] if whose == "policy.yaml" else []
    found = json.loads(everything.run("lint", "--format", "json", *options).out)["diagnostics"]
    told = {
        f"{one['path']}:{one['line']}:{one['column']}": (one["message"], one["help"])
        for one in found
        if one["rule"] == "outside-scope" and "it is not in `manage.topics`" not in one["message"]
        if "it is not in `manage.groups`" not in one["message"]
    }
    assert sorted(told) == sorted(OUTSIDE)
    for place, (binding, more, missing, key, way) in OUTSIDE.items():
        others = f" (and {more} more of this entry)" if more else ""
        at, holds = (4, "User:acme-*") if key == "principals" else (2, "not stated")
        fence = f"{missing} is not in `manage.{key}` of {whose}:{at} ({holds})"
        assert told[place][0] == f'"User:acme-app {binding}" is outside `manage`{others}: {fence}'
        assert way in told[place][1]
        assert whose in told[place][1]
    assert "set `acls: {connector_topic_create: false}`, or allow it" in told["t.yaml:6:17"][1]


def test_the_planner_holds_the_cluster_without_lint(everything: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_stop_on_errors", lambda *_: None)
    result = everything.run("apply", "--yes", "--policy", "policy.yaml")
    assert result.code == 4, result
    for name in ("ALTER", "CREATE", "ALTER_CONFIGS", "CLUSTER_ACTION", "ALL", "DESCRIBE", "DESCRIBE_CONFIGS"):
        said = f"may not be touched: {name} on the cluster is not in `manage.cluster` of policy.yaml:2 (not stated)"
        assert said in result.err, result.err
    assert "`User:admin` is not in `manage.principals` of policy.yaml:4 (User:acme-*)" in result.err
    assert "it is not in `manage.delegation_tokens` of policy.yaml:2 (not stated)" in result.err
    assert "  + acl   User:acme-app may IDEMPOTENT_WRITE cluster " in result.out


def test_a_saved_plan_with_rights_on_the_cluster_is_refused_under_a_policy(everything: Desk) -> None:
    everything.run("plan", "-o", "plan.json")
    result = everything.run("apply", "plan.json", "--yes", "--policy", "policy.yaml", "--accept", "cluster-admin")
    assert result.code == 4, result
    assert "may not be touched: ALTER on the cluster is not in `manage.cluster` of policy.yaml:2" in result.err


def test_what_the_lists_name_is_inside_and_an_administrator_still_needs_an_acceptance(everything: Desk) -> None:
    lists = '  cluster: [create, Alter]\n  delegation_tokens: ["t*"]\n'
    everything.write("policy.yaml", POLICY + lists)
    everything.write(
        "t.yaml",
        """\
context: acme
projects: []
acls:
- {principals: ["User:acme-app"], allow: [ALTER, CREATE], cluster: true}
- {principals: ["User:acme-app"], allow: [CREATE_TOKENS], users: ["User:acme-app"]}
- {principals: ["User:acme-app"], allow: [DESCRIBE], delegation_tokens: ["t1"]}
""",
    )
    result = everything.run("plan", "--policy", "policy.yaml")
    assert result.code == 4, result
    assert "risk cluster-admin on 3 resources is not accepted" in result.err
    assert everything.run("plan", "--policy", "policy.yaml", "--accept", "cluster-admin").code == 0


def test_an_operation_that_is_none_is_an_error_of_the_config(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", "manage: {cluster: [CREAT, '*']}\n" + CONFIG)
    result = desk.run("lint")
    assert result.code == 78
    assert 'kafka-gitops.yaml:1:20: found text, "CREAT", expected one of ALL, ALTER, ALTER_CONFIGS,' in result.err
    assert 'did you mean "CREATE"?' in result.err


def test_a_right_on_a_user_is_not_told_to_bound_everybody_by_the_way(everything: Desk) -> None:
    everything.write("policy.yaml", 'manage: {topics: ["*"], cluster: [ALL], delegation_tokens: ["*"]}\n')
    found = json.loads(everything.run("lint", "--policy", "policy.yaml", "--format", "json").out)["diagnostics"]
    (one,) = [one for one in found if one["rule"] == "outside-scope"]
    assert one["message"].endswith("`User:admin` is not in `manage.principals` of policy.yaml:1 (not stated)")
    assert one["help"] == (
        'take it out of these files, or state `manage.principals` in policy.yaml with "User:admin" and everybody who '
        "gets rights"
    )

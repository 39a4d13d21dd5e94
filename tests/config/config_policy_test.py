"""A platform's policy: the result is at most as wide as the repository's settings and the policy."""

from pathlib import Path

import pytest
from configuring import effective, home, refusal
from making import scope

from kafka_gitops.diagnostics import Severity
from kafka_gitops.settings import THROTTLES, Limits, PathRules, RuleSetting

__all__ = ["home"]
pytestmark = pytest.mark.usefixtures("home")

OURS = """\
manage: {topics: ["a.*"]}
limits: {topics: 20, acls: 5}
prune: [acls, topics]
protect: {topics: [a.x]}
rules: {r1: off, r2: error, r3: {max: 5}}
overrides: [{paths: [legacy/**], rules: {r1: off, r3: {max: 9}, other: off}}]
environments: {prod: {cluster_id: one}, dev: {}}
"""
POLICY = """\
manage: {topics: ["*"], principals: ["User:a-*"]}
limits: {topics: 3, acls: 50}
prune: [acls]
protect: {topics: [b.x]}
undeclared_configs: keep
ignore_configs: ["*.y"]
rules: {r1: warning, r2: info, r3: {severity: error, max: 1}, r4: error}
environments: {prod: {cluster_id: one, limits: {percent: 10}}}
"""


def policy(text: str) -> str:
    """The path of a policy with this text."""
    Path("policy.yaml").write_text(text, encoding="utf-8")
    return "policy.yaml"


def test_everything_narrows() -> None:
    found = effective(OURS, environment="prod", policy=policy(POLICY)).settings
    assert found.scopes == (scope(topics=("a.*",)), scope(topics=("*",), principals=("User:a-*",)))
    assert found.limits == Limits({"topics": 3, "acls": 5}, percent=10, percent_from=20)
    assert found.prune == {"acls"}
    assert found.protect == {"topics": ("a.x", "b.x")}
    assert found.keep_undeclared_configs
    assert (found.ignore_configs, found.ignore_undeclared) == (("*.y",), THROTTLES)
    assert found.rules == {
        "r1": RuleSetting(Severity.warning, floor=Severity.warning),
        "r2": RuleSetting(Severity.error, floor=Severity.info),
        "r3": RuleSetting(None, {"max": 1}, floor=Severity.error),
        "r4": RuleSetting(None, floor=Severity.error),
    }


def test_the_command_line_prunes_inside_the_policy_only() -> None:
    given = {"environment": "prod", "policy": policy(POLICY), "undeclared_configs": "remove"}
    found = effective(OURS, prune="topics,acls", **given).settings
    assert found.prune == {"acls"}
    assert found.keep_undeclared_configs
    assert effective(OURS, environment="prod", prune="topics").settings.prune == {"topics"}


def test_an_override_cannot_silence_what_the_policy_demands() -> None:
    found = effective(OURS, environment="prod", policy=policy(POLICY)).settings
    assert found.overrides == (
        PathRules(
            ("legacy/**",),
            {
                "r1": RuleSetting(Severity.warning, floor=Severity.warning),
                "r3": RuleSetting(None, {"max": 1}, floor=Severity.error),
                "other": RuleSetting(Severity.off),
            },
        ),
    )


def test_another_environment_of_the_policy_does_not_count() -> None:
    found = effective(OURS, environment="dev", policy=policy(POLICY)).settings
    assert (found.limits.percent, found.cluster_id) == (30, None)


def test_an_empty_policy_changes_nothing() -> None:
    assert effective(OURS, environment="prod", policy=policy("")) == effective(OURS, environment="prod")


def test_a_policy_that_says_remove_does_not_widen() -> None:
    text = "undeclared_configs: keep\n"
    assert effective(text, policy=policy("undeclared_configs: remove\n")).settings.keep_undeclared_configs


def test_the_cluster_must_agree() -> None:
    said = refusal(OURS, environment="prod", policy=policy("cluster_id: two\n"))
    assert said == (
        "[78] policy.yaml:1:13: the policy allows cluster two, but environment prod is cluster one at "
        "kafka-gitops.yaml:7:35\nUse the policy of this cluster, or correct cluster_id."
    )
    assert effective(OURS, environment="dev", policy=policy("cluster_id: two\n")).settings.cluster_id == "two"


def test_the_variable_names_a_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_GITOPS_POLICY", policy("prune: []\n"))
    assert effective("prune: [acls]\n").settings.prune == frozenset()


def test_a_policy_that_is_not_there_stops_the_run() -> None:
    assert refusal(policy="no.yaml") == "[78] no.yaml: the policy cannot be read: no such file or directory"


def test_what_cannot_narrow_is_an_error() -> None:
    known = "cluster_id, environments, ignore_configs, ledger, limits, manage, max_hold, protect, prune, rules, "
    known += "undeclared_configs"
    text = "topology: x\noverrides: []\nenvironments: {prod: {client: {}}}\n"
    assert refusal(policy=policy(text)).splitlines() == [
        '[78] policy.yaml:1:1: a policy has no key "topology"; a policy can only narrow, and this key would replace; '
        f"known keys: {known}",
        'policy.yaml:2:1: a policy has no key "overrides"; a policy can only narrow, and this key would replace; '
        f"known keys: {known}",
        'policy.yaml:3:23: a policy has no key "client"; a policy can only narrow, and this key would replace; '
        f"known keys: {known.replace('environments, ', '')}",
    ]


def test_each_value_has_the_origin_that_it_is_from() -> None:
    found = effective(OURS, environment="prod", policy=policy(POLICY)).origins
    told = {name: place for name, place in found.items() if name.partition(".")[0] not in ("overrides", "environments")}
    assert told == {
        "manage.topics": "kafka-gitops.yaml:1:19",
        "limits.topics": "policy.yaml:2:18",
        "limits.acls": "kafka-gitops.yaml:2:28",
        "limits.percent": "policy.yaml:8:58",
        "prune": "kafka-gitops.yaml:3:9, policy.yaml:3:9",
        "protect.topics": "kafka-gitops.yaml:4:20, policy.yaml:4:20",
        "undeclared_configs": "policy.yaml:5:21",
        "ignore_configs": "policy.yaml:6:18",
        "rules.r1": "policy.yaml:7:13",
        "rules.r1.severity": "policy.yaml:7:13",
        "rules.r2": "kafka-gitops.yaml:5:22",
        "rules.r3": "policy.yaml:7:47",
        "rules.r3.severity": "policy.yaml:7:47",
        "rules.r3.max": "policy.yaml:7:59",
        "rules.r4": "policy.yaml:7:67",
        "rules.r4.severity": "policy.yaml:7:67",
        "cluster_id": "kafka-gitops.yaml:7:35",
    }


def test_a_scope_of_the_policy_alone_has_its_origin() -> None:
    found = effective("limits: {topics: 2}\n", policy=policy(POLICY)).origins
    assert found["manage.topics"] == "policy.yaml:1:19"
    assert found["limits.topics"] == "kafka-gitops.yaml:1:18"

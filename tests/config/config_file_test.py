"""kafka-gitops.yaml: where it is found, what may stand in it, how its levels merge."""

from pathlib import Path

import pytest
from configuring import effective, home, options, refusal
from making import scope

from kafka_gitops.cli import setup
from kafka_gitops.cli.pipeline.trusted import MERGED as FILES_OF_HERE
from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import UsageError
from kafka_gitops.settings import Limits, PathRules, RuleSetting, Settings

__all__ = ["home"]
pytestmark = pytest.mark.usefixtures("home")

TWO = "environments: {dev: {bootstrap: 'dev:9092'}, prod: {bootstrap: 'prod:9092'}}\n"


def test_without_a_file_everything_is_a_default() -> None:
    assert effective().settings == Settings()
    assert effective().origins == {}


def test_an_empty_file_is_fine() -> None:
    assert effective("# nothing yet\n").settings == Settings()


def test_it_is_found_above_up_to_the_repository_and_paths_are_seen_from_here(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "kafka-gitops.yml").write_text("topology: [a/, b.yaml]\nroles: r.yaml\n")
    (home / "deep/er").mkdir(parents=True)
    monkeypatch.chdir(home / "deep/er")
    found = effective()
    assert found.settings.topology == ("../../a/", "../../b.yaml")
    assert found.settings.language.roles == "../../r.yaml"
    assert found.origins["topology"] == "../../kafka-gitops.yml:1:12"
    (home / "deep/.git").mkdir()
    assert effective().settings == Settings()


def test_an_option_wins_over_a_variable(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "one.yaml").write_text("kafka_version: 3.9\n")
    (home / "two.yaml").write_text("kafka_version: 4.10\n")
    monkeypatch.setenv("KAFKA_GITOPS_CONFIG", "one.yaml")
    assert effective().settings.kafka_version == "3.9"
    assert effective(config="two.yaml").settings.kafka_version == "4.10"


def test_a_named_file_must_be_there() -> None:
    assert refusal(config="no.yaml") == "[78] no.yaml: the config file cannot be read: no such file or directory"


def test_one_environment_is_the_default() -> None:
    assert effective("environments: {only: {brokers: 3}}\n").settings.environment == "only"


def test_several_must_be_chosen_from() -> None:
    assert refusal(TWO) == "[64] Which environment? There are dev, prod.\nName one: -e ENV"
    assert effective(TWO, environment="dev").client["bootstrap.servers"].value == "dev:9092"


def test_a_variable_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_GITOPS_ENV", "prod")
    assert effective(TWO).settings.environment == "prod"
    assert effective(TWO, environment="dev").settings.environment == "dev"


def test_an_environment_that_is_not_there() -> None:
    said = '[64] There is no environment "prd". Did you mean "prod"?\nkafka-gitops.yaml has dev, prod.'
    assert refusal(TWO, environment="prd") == said
    Path("kafka-gitops.yaml").unlink()
    assert refusal(environment="prod") == (
        '[78] There is no kafka-gitops.yaml that could have an environment "prod".\n'
        "Look here and above, up to the repository's root; --config FILE names one elsewhere."
    )


def test_every_environment_for_lint_without_its_secrets() -> None:
    Path("kafka-gitops.yaml").write_text(
        "environments: {a: {topology: a/, client: {sasl.password: '${NOT_SET}'}}, b: {topology: b/}}\n"
    )
    found = setup.Configured(options(), FILES_OF_HERE).every()
    assert [(one.environment, one.topology, one.client) for one in found] == [("a", ("a/",), {}), ("b", ("b/",), {})]
    assert [one.environment for one in setup.Configured(options(environment="b"), FILES_OF_HERE).every()] == ["b"]


def test_a_cluster_must_be_named_to_connect() -> None:
    with pytest.raises(UsageError):
        setup.Configured(options(client=["no-equals"]), FILES_OF_HERE).settings()
    Path("kafka-gitops.yaml").write_text("environments: {dev: {brokers: 1}}\n")
    with pytest.raises(Exception, match=r"^No cluster is named for environment dev\.$"):
        setup.Configured(options(), FILES_OF_HERE).settings()
    assert setup.Configured(options(client=["bootstrap.servers=h:1"]), FILES_OF_HERE).settings().client == {
        "bootstrap.servers": "h:1"
    }


MERGED = """\
topology: top/
recursive: true
rules:
  a: {max: 1, severity: error}
  b: off
  c: warning
limits: {topics: 1, percent: 5}
manage: {topics: [a, b], groups: [g]}
prune: [acls]
overrides: [{paths: ["x/**"], rules: {a: off}}]
environments:
  prod:
    recursive: "no"
    rules: {a: {max: 2d, list: [x, 2]}, b: error}
    limits: {topics: 2}
    manage: {topics: [c]}
    protect: {topics: [p]}
    prune: [topics]
    undeclared_configs: keep
    ignore_configs: ["*.x"]
    broker_defaults: {default.replication.factor: 3}
"""


def test_maps_merge_by_key_and_lists_replace() -> None:
    found = effective(MERGED).settings
    assert found.topology == ("top/",)
    assert not found.recursive
    assert found.rules == {
        "a": RuleSetting(Severity.error, {"max": "2d", "list": ["x", 2]}),
        "b": RuleSetting(Severity.error),
        "c": RuleSetting(Severity.warning),
    }
    assert found.limits == Limits({"topics": 2}, percent=5, percent_from=20)
    assert found.scopes == (scope(topics=("c",), groups=("g",)),)
    assert found.overrides == (PathRules(("x/**",), {"a": RuleSetting(Severity.off)}),)
    assert (found.protect, found.prune, found.keep_undeclared_configs) == (
        {"topics": ("p",)},
        frozenset({"topics"}),
        True,
    )
    assert (found.ignore_configs, found.broker_defaults) == (("*.x",), {"default.replication.factor": "3"})
    assert found.ignore_undeclared == ()  # a list that somebody wrote replaces our own


def test_a_rule_knows_its_place() -> None:
    found = effective(MERGED).settings
    assert found.rules["c"].place == "kafka-gitops.yaml:6:3"
    assert found.rules["a"].place == "kafka-gitops.yaml:14:13"
    assert found.overrides[0].rules["a"].place == "kafka-gitops.yaml:10:39"


def test_notes_are_said_when_the_settings_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    Path("kafka-gitops.yaml").write_text("environments: {a: {bootstrap: 'h:1', client: {acks: all}}}\n")
    setup.Configured(options(), FILES_OF_HERE).settings()
    assert capsys.readouterr() == ("", "note: client keys without effect here: acks\n")


def test_the_origin_is_the_level_that_won() -> None:
    origins = effective(MERGED).origins
    assert origins["limits.topics"] == "kafka-gitops.yaml:15:22"
    assert origins["limits.percent"] == "kafka-gitops.yaml:7:30"
    assert origins["rules.a.severity"] == "kafka-gitops.yaml:4:25"
    assert "limits.acls" not in origins


WRONG = """\
topologie: x
recursive: maybe
limits: {topics: -1, acl: 2}
prune: [topic]
environments:
  prod: {bootstrap: [a], client: {a: {}}, brokers: 0}
"""


def test_everything_wrong_is_said_at_once() -> None:
    known = (
        "acls, baseline, ci, contexts, environments, ignore_configs, kafka_version, ledger, limits, manage, max_hold, naming, "
        "overrides, owner, plans, protect, prune, recursive, roles, rules, schemas, topology, undeclared_configs, values"
    )
    assert refusal(WRONG).splitlines() == [
        f'[78] kafka-gitops.yaml:1:1: kafka-gitops.yaml has no key "topologie"; did you mean "topology"?; known keys: '
        f"{known}",
        'kafka-gitops.yaml:2:12: found text, "maybe", expected true or false',
        'kafka-gitops.yaml:3:18: found a number, "-1", expected a whole number of at least 0',
        'kafka-gitops.yaml:3:22: limits has no key "acl"; did you mean "acls"?; known keys: '
        "acls, auto_approve, auto_approve_per_day, connectors, percent, percent_from, quotas, schemas, topics, users",
        'kafka-gitops.yaml:4:9: found text, "topic", expected one of acls, connectors, quotas, schemas, topics, users; did you mean "topics"?',
        'kafka-gitops.yaml:6:22: found a list, expected text; write "a"',
        "kafka-gitops.yaml:6:38: found a mapping, expected text",
        'kafka-gitops.yaml:6:52: found a number, "0", expected a whole number of at least 1',
    ]


def test_yaml_that_cannot_be_read_has_its_place() -> None:
    assert refusal("topology: [a\n") == "[78] kafka-gitops.yaml:1:11: this bracket is never closed; close it"
    assert "is in this mapping twice, first in line 1" in refusal("topology: a\ntopology: b\n")


@pytest.mark.parametrize(
    ("naming", "said"),
    [
        ("{topic: '{{topic}}'}", ":1:17: naming.topic is set and naming.project is default; set both or none"),
        ("{project: '{{project}}'}", ":1:19: naming.project is set and naming.topic is default; set both or none"),
        (
            "{topic: '{{topic}}', project: '{{project}}.'}",
            ':1:17: naming.topic "{{topic}}" does not begin with naming.project "{{project}}."; it must, so that a '
            "project's prefix covers its topics",
        ),
    ],
)
def test_name_formats_go_in_pairs(naming: str, said: str) -> None:
    assert refusal(f"naming: {naming}\n") == f"[78] kafka-gitops.yaml{said}"


def test_a_bare_name_has_an_empty_project() -> None:
    found = effective("naming: {topic: name, project: ''}\n").settings.language.naming
    assert (found.topic, found.project) == ("name", "")

"""Options of rules: durations, patterns, mappings; rules that are off until configured; wrong ones are errors."""

import pytest
from linting import lint_text, read

from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import ConfigError
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Topology
from kafka_gitops.rules import Options
from kafka_gitops.rules.options import milliseconds
from kafka_gitops.settings import PathRules, RuleSetting, Settings

TOPICS = """context: acme
projects:
- name: pay
  topics:
  - name: Orders
    config: {retention.ms: "172800000"}
"""


def said(**rules: RuleSetting) -> list[tuple[str, Severity, str]]:
    """The findings about TOPICS; a rule's name is written with underscores."""
    settings = Settings(rules={name.replace("_", "-"): rule for name, rule in rules.items()})
    return [(one.rule, one.severity, one.message) for one in lint.run(read(TOPICS), settings)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30d", 2_592_000_000),
        ("12h", 43_200_000),
        ("90m", 5_400_000),
        ("45s", 45_000),
        ("2w", 1_209_600_000),
        ("500ms", 500),
        ("500", 500),
        (500, 500),
        (0, 0),
        (" 7 d ", 604_800_000),
        ("", None),
        ("d", None),
        ("-1", None),
        (-1, None),
        ("1.5d", None),
        ("30 days", None),
        ("30D", None),
        ("\u0663d", None),
        (True, None),
        (None, None),
        ([30], None),
    ],
)
def test_a_duration(text: object, expected: int | None) -> None:
    assert milliseconds(text) == expected


@pytest.mark.parametrize("most", ["1d", "24h", 86_400_000])
def test_a_duration_can_be_written_in_several_ways(most: object) -> None:
    message = "records are kept 172800000 (2 days), more than 1 day, without a reason"
    found = said(topic_retention=RuleSetting(options={"max": most}))
    assert found == [("topic-retention", Severity.warning, message)]
    assert said(topic_retention=RuleSetting(options={"max": "2d"})) == []


def test_a_rule_that_is_off_is_on_once_it_has_options() -> None:
    assert said() == []
    pattern = {"pattern": "[a-z.]+"}
    message = 'the topic name "acme.pay.Orders" does not match [a-z.]+'
    on = ("topic-name-pattern", Severity.warning, message)
    assert said(topic_name_pattern=RuleSetting(options=pattern)) == [on]
    assert said(topic_name_pattern=RuleSetting(Severity.off, pattern)) == []
    (found,) = said(topic_name_pattern=RuleSetting(Severity.error, pattern))
    assert found[1] is Severity.error


def test_a_rule_can_be_configured_for_some_paths_only() -> None:
    for path, count in (("t.yaml", 1), ("teams/**", 0)):
        rules = {"topic-name-pattern": RuleSetting(options={"pattern": "[a-z.]+"})}
        settings = Settings(overrides=(PathRules((path,), rules),))
        assert len(lint.run(read(TOPICS), settings)) == count


@pytest.mark.parametrize(
    ("rule", "option", "value", "expected"),
    [
        ("topic-retention", "max", "30 days", 'a duration such as "30d" or "12h", or milliseconds'),
        ("topic-retention", "max", True, 'a duration such as "30d" or "12h", or milliseconds'),
        ("topic-retention", "reasons", "why", "a list of texts"),
        ("topic-retention-incoherent", "min", -1, 'a duration such as "30d" or "12h", or milliseconds'),
        ("topic-name-pattern", "pattern", "[a-z", "a regular expression"),
        ("topic-name-pattern", "pattern", "", "a regular expression"),
        ("topic-name-pattern", "short", "yes", "true or false"),
        ("topic-outside-prefix", "prefixes", ["acme."], "a mapping of paths to lists of texts"),
        ("topic-outside-prefix", "prefixes", {"**": 1}, "a mapping of paths to lists of texts"),
        ("topic-owner", "keys", [1], "a list of texts"),
        ("topic-compression", "allow", "zstd", "a list of texts"),
        ("topic-internal", "allow", 1, "a list of texts"),
    ],
)
def test_a_wrong_value_is_a_config_error(rule: str, option: str, value: object, expected: str) -> None:
    with pytest.raises(ConfigError) as raised:
        lint.run(Topology(), Settings(rules={rule: RuleSetting(options={option: value})}))
    assert raised.value.message == f"The option {option} of the rule {rule} is {value!r}, expected {expected}."


@pytest.mark.parametrize(("rule", "option"), [("topic-name-pattern", "pattern"), ("topic-outside-prefix", "prefixes")])
def test_a_rule_with_nothing_to_go_by_says_so(rule: str, option: str) -> None:
    with pytest.raises(ConfigError) as raised:
        lint.run(Topology(), Settings(rules={rule: RuleSetting(Severity.error)}))
    assert raised.value.message == f"The rule {rule} needs the option {option}."
    assert raised.value.help and raised.value.help.startswith(f"For example {rule}: {{severity: error, {option}: ")
    assert lint.run(Topology(), Settings(rules={rule: RuleSetting(Severity.off)})) == []


@pytest.mark.parametrize(
    ("defaults", "expected"),
    [
        ({}, None),
        ({"log.retention.hours": "2"}, "7200000"),
        ({"log.retention.hours": "2", "log.retention.minutes": "1"}, "60000"),
        ({"log.retention.minutes": "1", "log.retention.ms": "5"}, "5"),
        ({"retention.ms": "7"}, "7"),
        ({"log.retention.hours": "-1"}, "-1"),
        ({"log.retention.hours": "x"}, None),
    ],
)
def test_what_the_brokers_give(defaults: dict[str, str], expected: str | None) -> None:
    assert Options(broker_defaults=defaults).default("retention.ms") == expected


def test_a_missing_team_says_which_is_meant() -> None:
    text = TOPICS + "    metadata: {owner: pays}\n"
    (found,) = lint_text("# options: {teams: [pay, ship]}\n" + text, "topic-owner")
    assert (found.message, found.help) == ('there is no team "pays"', 'did you mean "pay"?')

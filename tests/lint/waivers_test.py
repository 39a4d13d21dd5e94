"""Waivers: what is a comment, which lines it is about, its last day, and what a policy does not let pass."""

from datetime import date

import pytest
from linting import TODAY, read

from kafka_gitops.config.merge import rules
from kafka_gitops.diagnostics import Severity
from kafka_gitops.lint import run as lint
from kafka_gitops.settings import PathRules, RuleSetting, Settings
from kafka_gitops.text.comments import comments
from kafka_gitops.text.source import parse

HEAD = "context: acme\nprojects:\n- name: pay\n  topics:\n"
LONG = '  - name: orders\n    config: {{retention.ms: "-1"}}  # kafka-gitops: {}\n'


def found(text: str, *, today: date | None = TODAY, settings: Settings | None = None) -> list[str]:
    """The findings of topics of a project, without their help."""
    topology = read(HEAD + text)
    return [
        f"{one.span.line}: {one.severity} {one.rule} {one.message}"
        for one in lint.run(topology, settings or Settings(), today=today)
    ]


def about(text: str) -> list[tuple[str, int, list[int]]]:
    """The comments of a text: what they say, their line, the lines that they are about."""
    return [(one.text, one.span.line, list(one.lines)) for one in comments(parse("t.yaml", text))]


def test_a_waiver_on_the_line() -> None:
    assert found(LONG.format("allow topic-retention until 2027-01-01: audit log, see OPS-12")) == []


def test_a_waiver_before_the_entry_is_about_all_of_it_and_nothing_else() -> None:
    waiver = "  # kafka-gitops: allow topic-retention, topic-partitions: audit log\n  # more words\n\n"
    entry = '  - name: a\n    config:\n      num.partitions: "60"\n      retention.ms: "-1"\n'
    assert found(waiver + entry + entry.replace("name: a", "name: b")) == [
        "14: warning topic-partitions 60 partitions; more than 50 are seldom needed",
        "15: warning topic-retention records are kept for ever (-1), more than 30 days, without a reason",
    ]


@pytest.mark.parametrize(
    ("today", "rules"),
    [
        (date(2026, 12, 31), []),
        (date(2027, 1, 1), []),
        (date(2027, 1, 2), ["topic-retention", "waiver-expired"]),
        (None, []),
    ],
)
def test_the_last_day_counts(today: date | None, rules: list[str]) -> None:
    text = LONG.format("allow topic-retention until 2027-01-01: audit log")
    assert [line.split(" ")[2] for line in found(text, today=today)] == rules


def test_each_message() -> None:
    texts = ("allow topic-retention", "allow topic-retentoin: x", "deny x", "allow topic-partitions: x")
    assert [found(LONG.format(text))[-1] for text in texts] == [
        "6: error waiver-without-reason a waiver without a reason does not count",
        '6: error waiver-unknown-rule there is no rule "topic-retentoin"',
        '6: warning waiver-malformed "deny x" is not a waiver',
        "6: warning waiver-unused topic-partitions finds nothing here: the waiver is not needed",
    ]
    assert found(LONG.format("allow topic-retention until 2020-01-01: x"))[-1] == (
        "6: warning waiver-expired the waiver of topic-retention ended on 2020-01-01"
    )


@pytest.mark.parametrize(
    "text",
    [
        'a: "x # kafka-gitops: allow r: x"\n',
        "a: 'x\n  # kafka-gitops: allow r: x'\n",
        "a: |\n  # kafka-gitops: allow r: x\nb: 1\n",
        "a: >-\n  x\n  # kafka-gitops: allow r: x\n",
        "a: x# kafka-gitops: allow r: x\n",
        '"# kafka-gitops: allow r: x": 1\n',
        "a: kafka-gitops: # not a comment for us\n",
        '{"a": "# kafka-gitops: allow r: x"}\n',
    ],
)
def test_what_only_looks_like_a_comment(text: str) -> None:
    assert about(text) == []


def test_which_lines_a_comment_is_about() -> None:
    text = (
        "# kafka-gitops: one\n"
        "a: 1\n"
        "b:\n"
        "- x  # kafka-gitops: two\n"
        "# kafka-gitops: three\n"
        "\n"
        "# other words\n"
        "- y:\n"
        "    z: |\n"
        "      text\n"
        "      text\n"
        "\n"
        "#   kafka-gitops:  four   # and more\n"
        "c: 2\n"
        "# kafka-gitops: five\n"
    )
    assert about(text) == [
        ("one", 1, [2]),
        ("two", 4, [4]),
        ("three", 5, [8, 9, 10, 11, 12]),
        ("four", 13, [14]),
        ("five", 15, []),
    ]


def test_carriage_returns_and_wide_characters_do_not_move_lines() -> None:
    text = 'a: "\U0001f600\u00e4"  # kafka-gitops: one\r\n# kafka-gitops: two\r\nb: {c: 1}\r\n'
    assert about(text) == [("one", 1, [1]), ("two", 2, [3])]


def test_a_comment_above_the_file_does_not_waive_the_file() -> None:
    waiver = "# kafka-gitops: allow topic-retention: everything\n"
    topology = read(waiver + HEAD + '  - name: t\n    config: {retention.ms: "-1"}\n')
    found = [one.rule for one in lint.run(topology, Settings(), today=TODAY)]
    assert found == ["waiver-unused", "topic-retention"]


def test_what_a_policy_demands_cannot_be_waived() -> None:
    settings = Settings(rules={"topic-retention": RuleSetting(floor=Severity.error)})
    assert found(LONG.format("allow topic-retention: x"), settings=settings) == [
        "6: error topic-retention records are kept for ever (-1), more than 30 days, without a reason",
        "6: warning waiver-malformed the platform's policy demands topic-retention: it cannot be waived here",
    ]


def test_a_floor_never_lowers_and_no_override_goes_below() -> None:
    floor = RuleSetting(Severity.off, floor=Severity.warning)
    override = PathRules(("**",), {"topic-name-legal": RuleSetting(Severity.off)})
    text = "  - name: new orders\n"
    lowered = Settings(rules={"topic-name-legal": RuleSetting(floor=Severity.warning)})
    assert [line.split(" ")[1] for line in found(text, settings=lowered)] == ["error"]
    off = Settings(rules={"topic-name-legal": floor}, overrides=(override,))
    assert [line.split(" ")[1] for line in found(text, settings=off)] == ["warning"]


def test_rules_about_waivers_obey_their_settings() -> None:
    off = Settings(rules={"waiver-unused": RuleSetting(Severity.off)})
    text = "  - name: t  # kafka-gitops: allow topic-retention: x\n"
    assert found(text, settings=off) == []


def test_the_list_of_plugins_is_no_rule() -> None:
    root = parse("k.yaml", "rules: {plugins: [a.py], topic-owner: error}\n").root
    assert root is not None
    assert list(rules(root.get("rules"))) == ["topic-owner"]

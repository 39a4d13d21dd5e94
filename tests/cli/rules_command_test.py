"""`rules` and `explain`; which settings judge a PATH; places of what is wrong in `rules:`."""

import json
from pathlib import Path

import pytest
from desk import Desk

from kafka_gitops.kinds import dangers
from kafka_gitops.rules import RULES, changes
from kafka_gitops.settings import FIXED


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty repository."""
    (tmp_path / ".git").mkdir()
    return Desk(tmp_path)


def test_every_rule_has_its_line(desk: Desk) -> None:
    *lines, blank, told = desk.ok("rules").splitlines()
    assert [line.split()[0] for line in lines] == sorted(RULES)
    assert (
        lines[0]
        == "access-test                   error    An expectation of who can do what that the bindings do not meet."
    )
    assert blank == ""
    assert told == (
        "kafka-gitops explain RULE prints its page. change-* need lint --base REV; off: until it is configured."
    )


def test_as_json(desk: Desk) -> None:
    rows = {row["rule"]: row for row in json.loads(desk.ok("rules", "--format", "json"))["rules"]}
    assert rows.keys() == RULES.keys()
    assert rows["topic-partitions"] == {
        "rule": "topic-partitions",
        "severity": "warning",
        "finds": "A topic with very many partitions, or with another number than yours.",
        "options": {"max": 50, "min": 1, "exactly": 0},
        "base": False,
    }
    assert {name for name, row in rows.items() if row["base"]} == {rule.NAME for rule in changes()}


def test_a_page_ends_with_the_ways_to_change_a_rule(desk: Desk) -> None:
    lines = desk.ok("explain", "topic-retention").splitlines()
    assert lines[:3] == [
        *(
            "topic-retention (warning)",
            "",
            "A topic that keeps its records very long, for ever, or hardly at all, without a reason.",
        ),
    ]
    assert lines[-2:] == [
        "Settings: rules: {topic-retention: off} in kafka-gitops.yaml (or info, warning, error).",
        "One exception: # kafka-gitops: allow topic-retention until YYYY-MM-DD: reason",
    ]
    assert desk.ok("explain", "change-name").splitlines()[-1] == (
        "One exception: lint --accept change-name:NAME, or the commit trailer Kafka-Gitops-Accept: change-name NAME"
    )
    assert desk.ok("explain", "waiver-unused").splitlines()[-1].startswith("Settings: ")


@pytest.mark.parametrize("name", FIXED)
def test_what_nothing_silences_offers_nothing(desk: Desk, name: str) -> None:
    text = desk.ok("explain", name)
    assert text.splitlines()[-1] == "No setting, waiver or baseline silences this rule."
    assert "Settings: " not in text and "One exception: " not in text


@pytest.mark.parametrize("name", dangers())
def test_a_risk_of_plans_has_its_page(desk: Desk, name: str) -> None:
    text = desk.ok("explain", name)
    assert f"{name} (a risk of a plan; it " in text and dangers()[name].says[1:] in text
    assert (f"--accept {name}" in text) == dangers()[name].blocks


def test_a_page_of_a_risk(desk: Desk) -> None:
    assert desk.ok("explain", "retention-shrink") == (
        "retention-shrink (a risk of a plan; it blocks until it is accepted)\n\n"
        "Less time or bytes are kept than now, also by a reset.\n\n"
        "Accept it: --accept retention-shrink or --accept retention-shrink:RESOURCE;\n"
        "in a pipeline by the last line of a commit's message: Kafka-Gitops-Accept: retention-shrink RESOURCE\n\n"
        "Rules of lint with that word: change-retention-shrink\n"
    )


@pytest.mark.parametrize(
    ("word", "among"),
    [
        ("partitions", {"topic-partitions", "julieops-partition-number", "partitions-grow"}),
        ("num.partitions", {"topic-partitions"}),
        ("replication factor", {"topic-replication", "julieops-replication-factor"}),
        ("RF", {"topic-replication", "julieops-replication-factor"}),
        ("replicas", {"topic-replication"}),
        ("isr", {"topic-min-isr", "julieops-min-isr", "min-isr-shrink"}),
        ("min.insync.replicas", {"topic-min-isr", "julieops-min-isr"}),
        ("retention", {"topic-retention", "retention-shrink"}),
        ("retention max", {"topic-retention"}),
        ("retention.ms", {"topic-retention"}),
        ("exactly", {"topic-partitions", "topic-replication", "topic-min-isr"}),
        ("lockout", {"self-lockout"}),
        ("placeholder", {"placeholder"}),
        ("variables", {"placeholder"}),
        ("certificate", {"acl-principal-dn"}),
        ("utf-16", {"file-encoding"}),
    ],
)
def test_the_words_that_people_search_for_find_the_rules(desk: Desk, word: str, among: set[str]) -> None:
    found = {line.split()[0] for line in desk.ok("explain", word).splitlines() if line and line[0].islower()}
    assert among <= found, found


def test_rules_about_a_word(desk: Desk) -> None:
    lines = desk.ok("rules", "isr").splitlines()
    assert [line.split()[0] for line in lines[:-2]] == ["julieops-min-isr", "topic-min-isr", "topic-min-isr-unwritable"]
    assert desk.run("rules", "xyz").err == 'error: No rule is about "xyz".\n  kafka-gitops rules lists all.\n'


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("self-lokout", 'error: There is no rule "self-lokout". Did you mean "self-lockout"?\n'),
        ("topic-retentoin", 'error: There is no rule "topic-retentoin". Did you mean "topic-retention"?\n'),
        ("xyz", 'error: There is no rule "xyz".\n'),
    ],
)
def test_no_such_rule(desk: Desk, name: str, said: str) -> None:
    found = desk.run("explain", name)
    assert (found.code, found.out) == (64, "")
    assert found.err == f"{said}  kafka-gitops rules lists them.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules:\n  topic-partition: off\n", "2:3: There is no rule"),
        ("rules: {topic-partitions: {maxx: 1}}\n", "1:9: The rule topic-partitions has no option"),
        ("rules: {topic-partitions: {max: many}}\n", "1:9: The option max of the rule topic-partitions is 'many'"),
        ("rules: {topic-name-pattern: error}\n", "1:9: The rule topic-name-pattern needs the option"),
        ("overrides:\n- paths: [a]\n  rules: {topic-x: off}\n", "3:11: There is no rule"),
    ],
)
def test_what_is_wrong_in_the_config_has_its_place(desk: Desk, text: str, said: str) -> None:
    desk.write("kafka-gitops.yaml", text)
    desk.write("topology.yaml", "context: acme\nprojects: []\n")
    found = desk.run("lint")
    assert found.code == 78
    assert found.err.startswith(f"error: kafka-gitops.yaml:{said}")


CONFIG = """\
rules: {topic-partitions: {max: 10}}
environments:
  dev: {topology: dev/, rules: {topic-partitions: {max: 100}}}
  prod: {topology: [prod/, shared.yaml], rules: {topic-partitions: {max: 20}}}
  stage: {topology: shared.yaml, rules: {topic-partitions: {max: 30}}}
"""
TOPIC = "context: acme\nprojects:\n- name: {0}\n  topics:\n  - name: t\n    config: {{num.partitions: '60'}}\n"


def test_a_path_is_judged_by_the_environments_that_have_it(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", CONFIG)
    for name in ("dev/a.yaml", "prod/b.yaml", "shared.yaml", "other.yaml"):
        desk.write(name, TOPIC.format(Path(name).stem))

    def found(*paths: str) -> list[str]:
        lines = desk.run("lint", "--format", "concise", *paths).out.splitlines()
        return [
            line.replace(" are seldom needed", "").replace("warning topic-partitions 60 partitions; ", "")
            for line in lines
        ]

    assert found("dev/a.yaml") == []
    assert found("prod/b.yaml") == ["prod/b.yaml:6:30: more than 20"]
    assert found("./prod/b.yaml", "dev/a.yaml") == ["./prod/b.yaml:6:30: more than 20"]
    assert found("shared.yaml") == ["shared.yaml:6:30: more than 20", "shared.yaml:6:30: more than 30"]
    assert found("other.yaml") == ["other.yaml:6:30: more than 10"]
    assert found("dev/a.yaml", "other.yaml", "-e", "dev") == []


def test_a_waiver_is_unused_only_where_no_environment_needs_it(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", CONFIG.replace("max: 30", "max: 90"))
    waiver = "  # kafka-gitops: allow topic-partitions: OPS-1\n"
    desk.write("shared.yaml", TOPIC.format("p").replace("}\n", "}" + waiver))
    assert desk.run("lint", "--format", "concise", "shared.yaml").out == ""
    unused = desk.run("lint", "--format", "concise", "-e", "stage", "shared.yaml").out
    assert (
        unused
        == "shared.yaml:6:37: warning waiver-unused topic-partitions finds nothing here: the waiver is not needed\n"
    )

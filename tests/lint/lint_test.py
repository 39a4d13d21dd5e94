"""Severities, options and overrides; order and duplicates; what is said once; quiet on what the reference takes."""

from pathlib import Path

import pytest
from linting import read
from reading import language

from kafka_gitops.descriptor import build
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.errors import ConfigError
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Topology
from kafka_gitops.report import concise
from kafka_gitops.report.findings import Findings
from kafka_gitops.settings import PathRules, RuleSetting, Settings
from kafka_gitops.text.source import parse

GOLDEN = sorted((Path(__file__).parents[1] / "golden").iterdir())
TEXT = """\
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "60", replication.factor: "1"}
  - name: new orders
"""


def lines(topology: Topology, **settings: object) -> list[str]:
    """The findings, concise."""
    return concise.render(Findings(lint.run(topology, Settings(**settings)))).splitlines()  # type: ignore[arg-type]


def off(*names: str) -> dict[str, RuleSetting]:
    """These rules turned off."""
    return {name: RuleSetting(Severity.off) for name in names}


def two_files() -> Topology:
    """The same kind of topic in a file each."""
    text = "context: acme\nprojects:\n- name: {0}\n  topics:\n  - name: t\n    config: {{num.partitions: '60'}}\n"
    paths = ("topologies/pay.yaml", "topologies/legacy/old.yaml")
    return build.topology(
        {path: parse(path, text.format(f"p{n}")) for n, path in enumerate(paths)}, Settings().language
    )


def test_findings_are_sorted_by_place() -> None:
    assert lines(read(TEXT)) == [
        "t.yaml:6:30: warning topic-partitions 60 partitions; more than 50 are seldom needed",
        "t.yaml:6:56: warning topic-replication replication factor 1, expected 3 or more: one broken broker takes it away",
        't.yaml:7:11: error topic-name-legal no topic can be called "acme.pay.new orders": a blank is not allowed',
    ]


def test_a_rule_can_be_turned_off_and_raised() -> None:
    rules = {"topic-partitions": RuleSetting(Severity.error), **off("topic-replication", "topic-name-legal")}
    assert lines(read(TEXT), rules=rules) == [
        "t.yaml:6:30: error topic-partitions 60 partitions; more than 50 are seldom needed"
    ]


def test_what_is_found_while_reading_obeys_too() -> None:
    topology = read("context: acme\ncontext: acme\nprojects: []\n")
    assert [one.rule for one in lint.run(topology, Settings())] == ["duplicate-key"]
    assert lint.run(topology, Settings(rules=off("duplicate-key"))) == []


def test_options_count() -> None:
    rules = {"topic-partitions": RuleSetting(options={"max": 100}), **off("topic-replication", "topic-name-legal")}
    assert lines(read(TEXT), rules=rules) == []


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (("topologies/legacy/**",), ["topologies/pay.yaml"]),
        (("**/old.yaml",), ["topologies/pay.yaml"]),
        (("topologies/legacy/",), ["topologies/pay.yaml"]),
        (("./topologies/legacy/*.yaml",), ["topologies/pay.yaml"]),
        (("topologies/*.yaml",), ["topologies/legacy/old.yaml"]),
        (("topologies/*",), ["topologies/legacy/old.yaml"]),
        (("legacy/**", "pay.yaml"), ["topologies/legacy/old.yaml", "topologies/pay.yaml"]),
        (("**",), []),
    ],
)
def test_overrides_match_paths_by_globs(paths: tuple[str, ...], found: list[str]) -> None:
    settings = Settings(overrides=(PathRules(paths, off("topic-partitions")),))
    assert [one.span.path for one in lint.run(two_files(), settings)] == found


def test_options_can_differ_by_path_and_the_last_override_wins() -> None:
    more = {"topic-partitions": RuleSetting(options={"max": 100})}
    fewer = {"topic-partitions": RuleSetting(Severity.error, {"max": 10})}
    settings = Settings(overrides=(PathRules(("**",), more), PathRules(("topologies/legacy/**",), fewer)))
    (found,) = lint.run(two_files(), settings)
    assert (found.span.path, found.severity) == ("topologies/legacy/old.yaml", Severity.error)
    assert found.message == "60 partitions; more than 10 are seldom needed"


def test_an_override_can_turn_a_rule_on() -> None:
    on = PathRules(("topologies/pay.yaml",), {"topic-partitions": RuleSetting(Severity.info)})
    (found,) = lint.run(two_files(), Settings(rules=off("topic-partitions"), overrides=(on,)))
    assert (found.span.path, found.severity) == ("topologies/pay.yaml", Severity.info)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"topic-partition": RuleSetting()}, 'There is no rule "topic-partition". Did you mean "topic-partitions"?'),
        (
            {"topic-partitions": RuleSetting(options={"maxx": 1})},
            'The rule topic-partitions has no option "maxx". Did you mean "max"?',
        ),
        (
            {"topic-partitions": RuleSetting(options={"max": "many"})},
            "The option max of the rule topic-partitions is 'many', expected a whole number.",
        ),
        (
            {"topic-partitions": RuleSetting(options={"max": True})},
            "The option max of the rule topic-partitions is True, expected a whole number.",
        ),
        (
            {"acl-principal-format": RuleSetting(options={"types": "User"})},
            "The option types of the rule acl-principal-format is 'User', expected a list of texts.",
        ),
        ({"topic-duplicate": RuleSetting(options={"x": 1})}, 'The rule topic-duplicate has no option "x".'),
    ],
)
def test_wrong_settings_are_config_errors(rules: dict[str, RuleSetting], message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        lint.run(Topology(), Settings(rules=rules))
    assert raised.value.message == message
    assert raised.value.help
    with pytest.raises(ConfigError):
        lint.run(Topology(), Settings(overrides=(PathRules(("**",), rules),)))


def test_the_same_finding_twice_is_shown_once() -> None:
    one = Diagnostic(Span("t.yaml", 1, 1, 1, 2), "yaml-syntax", Severity.error, "x")
    assert lint.run(Topology(problems=(one, one)), Settings()) == [one]


def test_what_the_broker_decides_is_said_once() -> None:
    topology = read(TEXT)
    said = (
        "not checked, because the broker decides: default.replication.factor (1 topic), min.insync.replicas (2 topics);"
        " set `broker_defaults` to check"
    )
    assert list(lint.notes(topology, Settings())) == [said]
    defaults = {"default.replication.factor": "3", "min.insync.replicas": "2"}
    assert list(lint.notes(topology, Settings(broker_defaults=defaults))) == []
    assert list(lint.notes(topology, Settings(brokers=1))) == []
    assert list(lint.notes(Topology(), Settings())) == []


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.name)
def test_what_the_reference_takes_has_no_error(folder: Path) -> None:
    settings = Settings(language=language((folder / "config.properties").read_text()))
    topology = read((folder / "topology.yaml").read_text(encoding="utf-8"), language=settings.language)
    assert [one for one in lint.run(topology, settings) if one.severity is Severity.error] == []


def test_a_place_is_the_line_that_has_the_value() -> None:
    plans = parse("plans.yaml", 'plans: {gold: {config: {num.partitions: "90"}}}\n')
    text = "context: c\nprojects:\n- name: p\n  topics:\n  - name: t\n    plan: gold\n"
    topology = build.topology({"t.yaml": parse("t.yaml", text)}, Settings().language, plans=plans)
    assert [str(one.span) for one in lint.run(topology, Settings())] == ["t.yaml:6:11"]

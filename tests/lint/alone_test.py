"""Rules that judge each file by itself find in many files what they find in each: files drawn from all rules' fixtures."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import yaml
from making import scope

from kafka_gitops.descriptor import build
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.errors import ConfigError
from kafka_gitops.lint import run as lint
from kafka_gitops.lint.levels import Levels
from kafka_gitops.model import Topology
from kafka_gitops.rules import Rule, checks
from kafka_gitops.settings import Language, PathRules, RuleSetting, Settings
from kafka_gitops.text.source import parse

FIXTURES = {path.stem: path.read_text() for path in sorted((Path(__file__).parents[1] / "rules").glob("*.yaml"))}
TOGETHER = 8
APART = {"topic-duplicate", "acl-redundant", "placeholder", "acl-resource-name"}  # what other files decide, seen below
NAMED = "context: a\nprojects: []\nacls:\n- {principals: ['User:a'], allow: [READ], topics: ['a${B}', 'a b']}\n"
TOPICS = "context: a\nprojects: []\nspecial_topics:\n- name: a${B}\n- name: a b\n"


def options(rule: Rule) -> dict[str, object]:
    """Those of the first fixture of a rule that has any."""
    for name, text in FIXTURES.items():
        head = next((line for line in text.splitlines() if line.startswith("# options: ")), None)
        if head is not None and name.partition("~")[0] == rule.NAME:
            found: dict[str, object] = yaml.safe_load(head[2:])["options"]
            return found
    return {}


EVERY = {rule.NAME: RuleSetting(max(rule.SEVERITY, Severity.warning), options(rule)) for rule in checks()}
LENIENT = PathRules(("*1.yaml",), {name: RuleSetting(None, one.options) for name, one in EVERY.items() if one.options})
SETTINGS = {
    "plain": Settings(language=Language(many_contexts=True)),
    "all on": Settings(language=Language(many_contexts=True), rules=EVERY, kafka_version="9.9"),
    "old": Settings(
        language=Language(many_contexts=True, optimized_acls=True),
        rules=EVERY,
        overrides=(PathRules(("*0.yaml",), {"topic-retention": RuleSetting(None, {"max": "1h"})}), LENIENT),
        kafka_version="3.5",
        brokers=2,
        broker_defaults={"min.insync.replicas": "2", "unclean.leader.election.enable": "true"},
        scopes=(scope(topics=("acme.*",), principals=("User:a*",)),),
        ignore_configs=("retention.*",),
    ),
}


def drawn() -> Iterator[dict[str, str]]:
    """Every fixture once, some in each draw, and beside each it again, perhaps with other topics or principals."""
    names = Random(13).sample(list(FIXTURES), len(FIXTURES))
    for start in range(0, len(names), TOGETHER):
        texts = [FIXTURES[name] for name in names[start : start + TOGETHER]]
        texts += [Random(len(text)).choice((text, *halves(text))) for text in texts]
        yield {f"t{number}.yaml": text for number, text in enumerate((*texts, NAMED, TOPICS))}


def halves(text: str) -> Iterator[str]:
    """A text with other names in the place of its topics', and one with other principals."""
    yield text.replace("- name:", "- name: other-")
    yield text.replace("User:", "User:other-")


def read(texts: dict[str, str], settings: Settings) -> Topology:
    return build.topology({path: parse(path, text) for path, text in texts.items()}, settings.language)


def found_by(rule: Rule, topology: Topology, settings: Settings) -> set[Diagnostic]:
    """What a rule says of all files together, before anything is silenced."""
    return set(lint._findings(rule, topology, settings, Levels(settings)))


def test_all_files_together_say_what_each_says() -> None:
    seen: set[str] = set()
    for settings in SETTINGS.values():
        for texts in drawn():
            whole, each = read(texts, settings), [read({path: text}, settings) for path, text in texts.items()]
            for rule in checks():
                together = found_by(rule, whole, settings)
                apart = {one for single in each for one in found_by(rule, single, settings)}
                if rule.ALONE:
                    assert together == apart, rule.NAME
                    assert {one.span.path for one in together} <= texts.keys()
                if together if rule.ALONE else together != apart:
                    seen.add(rule.NAME)
    assert {rule.NAME for rule in checks() if rule.ALONE} <= seen  # each had something to say
    assert seen >= APART


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_run_that_is_given_what_each_file_says_finds_the_same(settings: Settings) -> None:
    for texts in list(drawn())[:10]:
        whole = read(texts, settings)
        given = {path: lint.alone(read({path: text}, settings), settings)[path] for path, text in texts.items()}
        assert lint.alone(whole, settings) == given
        assert lint.run(whole, settings, found_alone=given) == lint.run(whole, settings)
        without = ("topic-config-value", "acl-deny")
        assert lint.run(whole, settings, found_alone=given, without=without) == lint.run(
            whole, settings, without=without
        )


def test_a_run_looks_no_more_for_what_it_is_given() -> None:
    texts, settings = {"t.yaml": FIXTURES["topic-name-legal"]}, SETTINGS["plain"]
    assert {one.rule for one in lint.run(read(texts, settings), settings, found_alone={"t.yaml": ()})} == set()


def test_how_much_a_rule_may_say_is_for_all_files_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint, "MOST_NOTES", 3)
    settings = SETTINGS["old"]
    for texts in list(drawn())[:5]:
        whole = read(texts, settings)
        given = {path: lint.alone(read({path: text}, settings), settings)[path] for path, text in texts.items()}
        assert lint.run(whole, settings, found_alone=given) == lint.run(whole, settings)


def test_settings_that_cannot_be_are_told_by_the_run() -> None:
    settings = SETTINGS["plain"]._replace(rules={"topic-partitions": RuleSetting(None, {"max": "many"}, "c.yaml:3:1")})
    whole = read({"t.yaml": FIXTURES["topic-partitions"]}, settings)
    assert lint.alone(whole, settings) == {}
    with pytest.raises(ConfigError, match="expected a whole number"):
        lint.run(whole, settings, found_alone={})

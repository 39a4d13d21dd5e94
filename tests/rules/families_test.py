"""A family of rules is loaded where the files have something for it, and no finding is lost by that."""

from pathlib import Path

import pytest
from linting import read

from kafka_gitops.diagnostics import Severity
from kafka_gitops.lint import run as lint
from kafka_gitops.lint.levels import Levels
from kafka_gitops.rules import FAMILIES, RULES, changes, checks, every, orders, to_ask
from kafka_gitops.settings import Settings

FOLDERS = {path.parent.name for path in (Path(lint.__file__).parents[1] / "rules").glob("*/__init__.py")}
FIXTURES = {path.stem: path.read_text() for path in sorted(Path(__file__).parent.glob("*.yaml"))}


def test_every_folder_is_a_family() -> None:
    assert {*FAMILIES} == FOLDERS


def test_every_rule_is_found_by_its_name() -> None:
    rules = (*every("READING"), *checks(), *changes(), *orders(), *every("WAIVERS"), *every("HOLDS"))
    assert [RULES[rule.NAME] for rule in rules] == [*rules]
    assert [*RULES] == [rule.NAME for rule in rules]
    assert "topic-nothing" not in RULES and "nothing" not in RULES


@pytest.mark.parametrize("name", FIXTURES)
def test_who_is_not_asked_would_have_said_nothing(name: str) -> None:
    topology, settings = read(FIXTURES[name]), Settings()
    asked = [*to_ask(topology, ())]
    for rule in checks():
        if rule not in asked and rule.SEVERITY is not Severity.off:
            assert [*lint._findings(rule, topology, settings, Levels(settings))] == []


def test_a_rule_that_settings_name_is_asked() -> None:
    for rule in checks():
        assert (
            rule in to_ask(read("context: a\nprojects: []\n"), (rule.NAME,)) or rule.NAME.split("-")[0] not in FAMILIES
        )


def test_what_is_asked_of_an_empty_file() -> None:
    asked = {rule.NAME.split("-")[0] for rule in to_ask(read("context: a\nprojects: []\n"), ())}
    assert not asked & FAMILIES.keys()

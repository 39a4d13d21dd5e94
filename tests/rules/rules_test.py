"""Every rule finds what its page and its fixtures say, on those lines and nowhere else."""

import re
from pathlib import Path

import pytest
from linting import lint_text
from rule_pages import MANY_FILES, example, page

from kafka_gitops.rules import RULES, changes, checks, every, orders

FIXTURES = sorted((Path(__file__).parents[1] / "rules").glob("*.yaml"))
_EXPECT = re.compile(r"# expect: ([a-z-]+)((?:, [a-z-]+)*)")


@pytest.mark.parametrize("name", sorted(RULES.keys() - MANY_FILES))
def test_the_bad_example_of_the_page_is_found(name: str) -> None:
    assert name in {found.rule for found in lint_text(example(name, "Bad"), name)}


@pytest.mark.parametrize("name", sorted(RULES.keys() - MANY_FILES))
def test_the_good_example_of_the_page_is_not(name: str) -> None:
    assert name not in {found.rule for found in lint_text(example(name, "Good"), name)}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_is_found_where_it_says_and_nowhere_else(path: Path) -> None:
    text = path.read_text()
    rule = path.stem.partition("~")[0]
    expected = [
        (number, rule)
        for number, line in enumerate(text.splitlines(), 1)
        for found in _EXPECT.finditer(line)
        if rule in (found[1], *found[2].split(", "))
    ]
    found = [(one.span.line, one.rule) for one in lint_text(text, rule) if one.rule == rule]
    assert found == expected


def test_every_rule_that_looks_has_a_fixture() -> None:
    covered = {path.stem.partition("~")[0] for path in FIXTURES}
    assert {
        rule.NAME for rule in (*checks(), *changes(), *orders(), *every("WAIVERS"), *every("HOLDS"))
    } - covered == set()
    assert covered <= RULES.keys()


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_page_names_the_options_and_their_defaults(name: str) -> None:
    options = RULES[name].OPTIONS
    assert ("\nOptions: " in page(name)) == bool(options)
    assert all(f"`{option}`" in page(name) for option in options)


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_page_begins_with_a_sentence(name: str) -> None:
    first, blank, why = page(name).split("\n", 2)
    assert first.endswith(".") and blank == "" and why.strip()

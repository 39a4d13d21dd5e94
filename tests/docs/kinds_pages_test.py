"""The pages of the kinds: what they show is a topology that lint takes and that comes to something."""

import json
import re
from pathlib import Path

import pytest
from desk import Desk

from kafka_gitops.kinds import KINDS

DOCS = Path(__file__).parents[2] / "docs"


def examples(name: str) -> list[str]:
    """The topologies of a kind's page."""
    return re.findall(r"```yaml\n(context:.*?)```", KINDS[name].__doc__ or "", re.DOTALL)


@pytest.mark.parametrize("name", KINDS)
def test_the_examples_of_a_page_are_read_without_an_error(name: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert examples(name), "a page shows what it is about"
    declared = []
    for text in examples(name):
        desk.write("t.yaml", text)
        for path, content in re.findall(
            r"(?m)^`([\w./-]+)`:\n\n```\w+\n(.*?)```", KINDS[name].__doc__ or "", re.DOTALL
        ):
            desk.write(path, content)
        desk.ok("lint", "t.yaml", "--fail-on", "error")
        declared += json.loads(desk.ok("render", "t.yaml", "--format", "json"))[KINDS[name].PLURAL]
    assert declared, f"no example declares a {name}"


@pytest.mark.parametrize("name", KINDS)
def test_a_page_is_printed_by_its_singular_and_its_plural(name: str, tmp_path: Path) -> None:
    page = (DOCS / "kinds" / f"{name}.md").read_text(encoding="utf-8")
    for word in (name, KINDS[name].PLURAL):
        assert Desk(tmp_path).ok("explain", word).strip() in page


def test_every_kind_is_linked_from_the_pages_on_the_format_and_on_plans() -> None:
    index = (DOCS / "kinds" / "README.md").read_text(encoding="utf-8")
    assert [name for name in KINDS if f"({name}.md)" not in index] == []
    for page in ("format.md", "plans.md"):
        assert "(kinds/README.md)" in (DOCS / page).read_text(encoding="utf-8")

"""docs/environments.md: its files work together, and its output is what they give."""

from pathlib import Path

from desk import Desk
from docs_examples_test import blocks

PAGE = "docs/environments.md"


def test_the_example_is_what_the_page_says(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    desk = Desk(tmp_path)
    config, topology = blocks(PAGE, "yaml")
    [console] = blocks(PAGE, "console")
    command, _, said = console.partition("\n")
    desk.write("kafka-gitops.yaml", config)
    desk.write("topologies/pay.yaml", topology)
    assert "3 topics" in desk.ok("lint")
    assert desk.ok(*command.removeprefix("$ kafka-gitops ").split()) == said

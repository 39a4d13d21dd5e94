"""The examples of README.md and docs/start.md that a reader puts side by side: they have to work together."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from desk import Desk

ROOT = Path(__file__).parents[2]


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of a page in a language."""
    return re.findall(
        rf"^```{language}\n(.*?)^```$", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty repository."""
    (tmp_path / ".git").mkdir()
    return Desk(tmp_path)


def test_the_config_of_the_readme_allows_its_topology(desk: Desk) -> None:
    config, topology = blocks("README.md", "yaml")
    desk.write("kafka-gitops.yaml", config)
    desk.write("topologies/payments.yaml", topology)
    assert desk.ok("lint", "--fail-on", "warning").startswith("No problems in 1 file, 1 topic.")


def test_the_start_has_as_many_brokers_as_its_topic_has_replicas(desk: Desk) -> None:
    [first, *_] = blocks("docs/start.md", "console")
    said = re.search(r"<<'EOF'\n(.*?)^EOF$", first, re.DOTALL | re.MULTILINE)
    assert said is not None
    desk.write("topologies/payments.yaml", said[1])
    assert desk.ok("render") == first.partition("kafka-gitops render\n")[2]
    factor = re.search(r'replication.factor: "(\d+)"', said[1])
    brokers = set(
        re.findall(r"kafka-gitops sandbox(?: --brokers (\d+))?", (ROOT / "docs/start.md").read_text(encoding="utf-8"))
    )
    assert factor is not None and brokers == {factor[1]}


def test_the_config_of_the_page_on_github_allows_what_init_writes(desk: Desk) -> None:
    page = (ROOT / "docs/github.md").read_text(encoding="utf-8")
    config = re.search(r"^   ```yaml\n(   topology: .*?)^   ```$", page, re.DOTALL | re.MULTILINE)
    assert config is not None
    desk.write("kafka-gitops.yaml", dedent(config[1]))
    desk.run("init", "--ci", "github")
    assert desk.ok("lint").startswith("No problems in 1 file, 1 topic.")

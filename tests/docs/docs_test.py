"""The documentation agrees with the program: generated pages, links, examples."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kafka_gitops.cli import main as cli
from kafka_gitops.text.source import parse

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")])
HAND_MADE = [
    ROOT / "README.md",
    *(ROOT / "docs" / f"{name}.md" for name in ("start", "format", "config", "plans", "lint")),
]


def test_the_generated_pages_are_what_the_program_says() -> None:
    command = [sys.executable, str(ROOT / "tools" / "docs.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"(?m)^#+ (.*)$", target.read_text(encoding="utf-8"))
            assert anchor in {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", HAND_MADE, ids=lambda page: page.name)
def test_yaml_examples_are_yaml(page: Path) -> None:
    for block in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        yaml.safe_load(block)
        assert parse("example.yaml", block).problems == ()


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_the_example_of_each_command_is_a_command_line_that_parses(name: str) -> None:
    parser = cli.parser_of(name)
    example = parser.epilog or ""
    words = shlex.split(example.removeprefix("example: ").split(" > ")[0])
    assert words[:2] == ["kafka-gitops", name]
    parser.parse_args(words[2:])


def test_the_readme_names_every_page_of_docs() -> None:
    named = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [path.name for path in (ROOT / "docs").glob("*.md")]
    assert [page for page in pages if f"docs/{page}" not in named] == []

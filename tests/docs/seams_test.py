"""The goldens and pages hold no seam; every run of a `Desk` is looked at for them too."""

from pathlib import Path

import pytest
from seams import SEAMS, seams

ROOT = Path(__file__).parents[2]
READ = sorted(
    path
    for pattern in (
        "*.md",
        "docs/*.md",
        "docs/pictures/*",
        "docs/rules/*.md",
        "tests/data/**/*.md",
        "tests/data/**/*.txt",
    )
    for path in ROOT.glob(pattern)
)


@pytest.mark.parametrize("path", READ, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_golden_or_page_has_no_seam(path: Path) -> None:
    assert list(seams(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("No changes. the cluster matches the files.", "a sentence in lower case"),
        ("error: Kafka refused it.. Try again", "two full stops"),
        ("x topic a  cannot be done: no room.: ask", "marks side by side"),
        ("Applying 1 topics", "one of many"),
        ("is a an operation", "a word twice"),
        ("by the the rule", "a word twice"),
        ("granted by ()", "empty brackets"),
        ("error: two  blanks", "two blanks in a sentence"),
    ],
)
def test_each_kind_of_seam_is_found(line: str, name: str) -> None:
    assert name in SEAMS
    assert list(seams(line)) == [f"{name}: {line}"]


@pytest.mark.parametrize(
    "line", ["a, b, ...", "1 topic, 11 topics", "expected e.g. a list", "v1.1 files", '{"a": "b.. c"}']
)
def test_what_is_none(line: str) -> None:
    assert list(seams(line)) == []

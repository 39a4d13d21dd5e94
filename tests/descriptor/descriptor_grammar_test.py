"""The rest of the grammar, and our additions to it: input beside expected output."""

from pathlib import Path

import pytest
from goldens import as_json, expected
from reading import described, language, understood

FOLDER = Path(__file__).parents[1] / "data" / "grammar"
CASES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def beside(case: str, suffix: str) -> str | None:
    """The text of a case's file with a suffix, None where it has none."""
    path = FOLDER / f"{case}{suffix}"
    return path.read_text(encoding="utf-8") if path.exists() else None


@pytest.mark.parametrize("case", CASES)
def test_grammar(case: str) -> None:
    settings = language(beside(case, ".properties") or "")
    found = understood(
        beside(case, ".yaml") or "", settings=settings, roles=beside(case, ".roles"), plans=beside(case, ".plans")
    )
    made = as_json(described(found))
    assert made == expected(FOLDER / f"{case}.json", made)

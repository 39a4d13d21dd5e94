"""docs/history.md: each question is asked as the page asks it, and the answer is the page's."""

import os
import re
import shlex
from pathlib import Path

import pytest
from goldens import UPDATE
from ledgers import of_acme
from merging import acme

from kafka_gitops.cli import ledger_past
from kafka_gitops.ledger import state

PAGE = Path(__file__).parents[2] / "docs" / "history.md"
_BLOCK = re.compile(r"(?ms)^```console\n\$ kafka-gitops (.*?)\n(.*?)^```$")


def test_each_question_has_the_answer_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = acme(tmp_path / "acme")
    kept = of_acme(made)

    def answered(found: re.Match[str]) -> str:
        return f"```console\n$ kafka-gitops {found[1]}\n{made.desk.ok(*shlex.split(found[1]))}```"

    page = PAGE.read_text(encoding="utf-8")
    git, heading, ledger = page.partition("## With a ledger\n")
    before = _BLOCK.sub(answered, git)
    monkeypatch.setattr(ledger_past, "read", lambda *_: ledger_past.told(state.read(kept.log)))
    text = before + heading + _BLOCK.sub(answered, ledger)
    if UPDATE in os.environ:
        PAGE.write_text(text, encoding="utf-8")
    assert text in (page, PAGE.read_text(encoding="utf-8"))
    assert len(_BLOCK.findall(page)) >= 12

"""docs/history.md: each question is asked as the page asks it, and the answer is the page's."""

import os
import re
import shlex
from pathlib import Path

from goldens import UPDATE
from merging import acme

PAGE = Path(__file__).parents[2] / "docs" / "history.md"
_BLOCK = re.compile(r"(?ms)^```console\n\$ kafka-gitops (.*?)\n(.*?)^```$")


def test_each_question_has_the_answer_of_the_page(tmp_path: Path) -> None:
    desk = acme(tmp_path / "acme").desk

    def answered(found: re.Match[str]) -> str:
        return f"```console\n$ kafka-gitops {found[1]}\n{desk.ok(*shlex.split(found[1]))}```"

    page = PAGE.read_text(encoding="utf-8")
    made = _BLOCK.sub(answered, page)
    if UPDATE in os.environ:
        PAGE.write_text(made, encoding="utf-8")
    assert made in (page, PAGE.read_text(encoding="utf-8"))
    assert len(_BLOCK.findall(page)) >= 7

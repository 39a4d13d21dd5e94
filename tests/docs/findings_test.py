"""The scripts of findings/: each is listed, says what it saw of which versions, and runs nothing of ours."""

import os
import re
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "findings"
SCRIPTS = sorted(path for path in FOLDER.glob("*.sh") if path.name != "lib.sh")


def test_the_page_lists_them_all() -> None:
    listed = re.findall(r"^\| \[(.*?)\]\((.*?)\) \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [(path.name, path.name) for path in SCRIPTS]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_what_it_saw_and_stands_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head = text.partition("\n. ")[0]
    assert re.search(r"^# .*\b[0-9]+\.[0-9]+\.[0-9]+\b", head, re.MULTILINE), "the versions"
    assert text.count('. "$(dirname "$0")/lib.sh"') == 1
    assert "kafka_gitops" not in text and "kafka-gitops" not in text
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", str(path)], check=True)

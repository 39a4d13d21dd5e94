"""How a process of ours ends: with its own exit code, all of its output told, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kafka_gitops.cli import ending
from kafka_gitops.cli.main import main

OURS = [sys.executable, "-m", "kafka_gitops.cli.main"]
BAD = "context: a\nprojects:\n- name: p\n  topics:\n  - nam: t\n"


def test_a_lint_that_ends_at_once_has_told_all(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(BAD * 1 + "".join(f"  - nam: t{number}\n" for number in range(900)))
    whole = subprocess.run([*OURS, "lint", "t.yaml", "--no-cache"], cwd=tmp_path, capture_output=True, text=True)
    assert whole.returncode == 1
    assert "901 problems (901 errors)" in whole.stdout.splitlines()[-1]
    assert whole.stderr == ""


def test_what_goes_on_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.yaml").write_text(BAD)
    assert main(["lint", "t.yaml", "--no-cache"]) == 1
    assert ending._held == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("count", [1, 20_000])
def test_a_full_disk_under_stdout_is_an_error_of_one_line(count: int, tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(BAD + "".join(f"  - nam: t{number}\n" for number in range(count)))
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*OURS, "lint", "t.yaml", "--no-cache"], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True
        )
    said = "error: stdout cannot be written: No space left on device\n  make room, or write elsewhere\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_a_working_directory_that_is_gone_is_told(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"cd {gone} && rmdir {gone} && exec {sys.executable} -m kafka_gitops.cli.main lint {tmp_path}"
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, check=False)
    said = "error: The working directory is not there any more.\n  Go to one that is: cd /\n"
    assert (done.returncode, done.stdout, done.stderr) == (64, "", said)

"""A long step names its phases, and its clock goes on while the cluster is waited for."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from kafka_gitops.cli import progress, terminal

STEP = """\
import time
from kafka_gitops.cli import progress, terminal
terminal.setup()
with progress.progress(1000) as told:
    told.phase("applying", 1000)
    told.advance(1000)
    told.phase("waiting until it is visible", 1000)
    told.advance(818)
    time.sleep(3.5)
"""


def on_a_terminal(program: str, columns: int = 80, *words: str, cwd: Path | None = None) -> str:
    """What Python writes to a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    variables = {key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR", "COLUMNS")}
    run = [sys.executable, "-c", program, *words]
    with subprocess.Popen(run, stdin=theirs, stdout=theirs, stderr=theirs, env=variables, cwd=cwd) as done:
        os.close(theirs)
        told = bytearray()
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux: the other side has gone
                break
            if not part:
                break
            told += part
        os.close(ours)
    assert done.returncode == 0, told.decode()
    return told.decode()


def test_the_clock_of_a_phase_goes_on_and_no_rate_is_told() -> None:
    told = on_a_terminal(STEP)
    assert "applying: 1000 of 1000" in told
    clocks = [line.rsplit("|", 1)[1].strip() for line in told.split("\r") if "visible: 818 of 1000" in line]
    assert clocks[-1] in ("00:02", "00:03", "00:04") and "/s" not in told


def test_elsewhere_a_line_names_the_phase(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "SECONDS_PER_LINE", 0.0)
    terminal.setup()
    with progress.progress(3000) as told:
        told.phase("applying", 3000)
        told.advance(1500)
        told.phase("waiting until it is visible", 1500)
        told.advance(0)
    assert capsys.readouterr().err == "applying: 1,500 of 3,000\nwaiting until it is visible: 0 of 1,500\n"


@pytest.mark.parametrize(("total", "quiet"), [(1, False), (1000, True)])
def test_a_single_change_and_minus_q_are_silent(total: int, quiet: bool, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.setup(quiet=quiet)
    with progress.progress(total) as told:
        told.phase("applying", total)
        told.advance(total)
    terminal.setup()
    assert capsys.readouterr().err == ""


def test_who_lints_where_nothing_is_learns_it(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    told = on_a_terminal("from kafka_gitops.cli.main import main\nassert main(['lint']) == 0", cwd=tmp_path)
    assert told == (
        "Nothing to check: there is neither topologies nor topology.yaml here, nor a kafka-gitops.yaml here or above. "
        "To begin with one: kafka-gitops init\r\n"
    )

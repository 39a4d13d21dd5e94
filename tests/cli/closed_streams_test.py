"""A stream that was closed before the start, as by cron or `>&-`, is no error: what is said there is read by nobody."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(os.name == "nt", reason="a shell closes the stream")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_changes_no_exit_code(closed: str, tmp_path: Path) -> None:
    Path(tmp_path, "topology.yaml").write_text("context: acme\nprojects:\n- name: p\n  topics:\n  - name: new orders\n")
    command = [sys.executable, "-m", "kafka_gitops.cli.main", "lint", "--no-cache", "--report", "json=found.json"]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, Path(tmp_path, "found.json").is_file()) == (1, True)
    assert "Traceback" not in done.stderr
    assert ("new orders" in done.stdout) is (">&-" not in closed.replace("2>&-", ""))

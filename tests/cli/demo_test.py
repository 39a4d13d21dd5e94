"""`demo` goes through the whole job on real servers; it ends with an error where a step is not as it tells."""

import subprocess
import sys

import pytest


@pytest.mark.kafka
def test_every_step_is_as_told() -> None:
    command = [sys.executable, "-m", "kafka_gitops.cli.main", "demo"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run
    titles = [line for line in run.stderr.splitlines() if line.startswith("== ")]
    assert [title.partition(". ")[0] for title in titles[1:-1]] == [f"== {number}" for number in range(1, 9)]
    assert "acme.shipping.sent-value" in run.stdout
    assert "shipping-archive" in run.stdout

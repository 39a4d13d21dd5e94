"""The suite says the same wherever it runs: on a laptop, in a CI job, in a commit hook, with colours wished."""

import os
import subprocess
import sys

from conftest import CALLER

from kafka_gitops.cache import store

CI_JOB = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_TOKEN": "token", "KAFKA_GITOPS_ENV": "prod"}
WISHES = {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "PRE_COMMIT": "1"}


def test_nothing_of_the_caller_is_left() -> None:
    assert [name for name in filter(CALLER.match, os.environ) if name != store.VARIABLE] == []  # the suite's own


def test_a_ci_job_with_colours_changes_nothing() -> None:
    tests = [f"{__file__}::test_nothing_of_the_caller_is_left", "tests/ci/github_files_test.py"]
    command = [sys.executable, "-m", "pytest", "--color=no", "-k", "caller_is_left or auditor", *tests]
    done = subprocess.run(command, env={**os.environ, **CI_JOB, **WISHES}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1].startswith("4 passed")) == (0, True), done.stdout

"""The fetch in GitLab's pipelines: what says where to connect comes from the tip of the target."""

import os
import subprocess
import textwrap
from pathlib import Path

import pytest
from acting import repository
from hooking import git
from pipelines import ROOT


@pytest.mark.parametrize("file", [".gitlab-ci.example.yml", "templates/kafka-gitops.yml"])
def test_a_merge_request_fetches_the_tip_of_its_target_and_nothing_else_does(file: str, tmp_path: Path) -> None:
    """What says where to connect is read from there; a clone that is used again would have an old one."""
    text = (ROOT / file).read_text(encoding="utf-8")
    script = textwrap.dedent(text[text.index("      if [ ") : text.index("      fi\n") + len("      fi\n")])
    remote, clone = tmp_path / "remote", tmp_path / "clone"
    repository(remote, "rules: {}\n")
    git(remote, "commit", "-qm", "one", "--allow-empty")
    git(tmp_path, "clone", "-q", str(remote), str(clone))
    git(remote, "commit", "-qm", "two", "--allow-empty")
    request = {"CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "PATH": os.environ["PATH"]}
    for more, fetched in (
        ({}, False),
        ({"CI_MERGE_REQUEST_PROJECT_ID": "2"}, False),
        ({"CI_MERGE_REQUEST_PROJECT_ID": "1"}, True),
    ):
        subprocess.run(["sh", "-eu", "-c", script], cwd=clone, env={**request, **more}, check=True)
        assert (git(clone, "rev-parse", "refs/remotes/origin/main") == git(remote, "rev-parse", "main")) is fetched

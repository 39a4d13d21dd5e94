"""Steps of the workflow that merges without a person, each by itself: before the verdict, and after it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from acting import APP_TOKEN, ROOT, repository
from hooking import git, head, write
from hub import Hub, Pull

HEAD, OTHER = "a" * 40, "b" * 40
PYTHON = Path(sys.executable).resolve().parent
WORKFLOW = ROOT / "examples" / "github" / "auto-merge.yml"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A checkout whose `origin/main` is what the pull request was judged against."""
    repository(tmp_path / "streams", "environments: {}\n")
    git(tmp_path / "streams", "update-ref", "refs/remotes/origin/main", "HEAD")
    return tmp_path / "streams"


UNFIT = "notice", "Not merged: #7 is closed, a draft, or not from this repository to main."
MEANWHILE: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "pushed": ({"pushed": OTHER}, ("notice", "Not merged: #7 lacks a check or a review, or has a newer commit (409).")),
    "pushed before": (
        {"head": OTHER},
        ("notice", f"Not merged: #7 has a newer commit than {HEAD}, which gets its own verdict."),
    ),
    "a check is missing": (
        {"refuse": 405},
        ("notice", "Not merged: #7 lacks a check or a review, or has a newer commit (405)."),
    ),
    "no right": ({"refuse": 403}, ("error", "Not merged: GitHub answered 403 to PUT pulls/7/merge.")),
    "main moved": (
        {"main": OTHER},
        ("error", "Not merged: main got commits after #7 was judged. Run this job again."),
    ),
    "a draft": ({"draft": True}, UNFIT),
    "closed": ({"state": "closed"}, UNFIT),
    "to elsewhere": ({"target": "release"}, UNFIT),
    "a fork": ({"source": "stranger/streams"}, UNFIT),
}


@pytest.mark.parametrize("name", MEANWHILE)
def test_what_is_not_as_it_was_judged_is_not_merged(home: Path, github: Hub, name: str) -> None:
    moved, (level, why) = MEANWHILE[name]
    github.pull = replace(Pull(HEAD, head(home)), **moved)
    ran = merging(home, github)
    assert (ran.returncode, github.pull.merged, ran.stderr) == (int(level == "error"), None, "")
    assert ran.stdout == f"::{level} title=Kafka auto-merge::{why}\n"


def test_what_is_as_it_was_judged_is_merged_without_the_words_of_its_author(home: Path, github: Hub) -> None:
    github.pull = Pull(HEAD, head(home))
    ran = merging(home, github)
    assert ran.stdout == f"::notice title=Kafka auto-merge::#7 was merged at {HEAD}.\n", ran
    words = "Merged without a person: kafka-gitops found all of it on its list.\n\nKafka-Gitops-Merged: alone"
    assert github.pull.merged == {"sha": HEAD, "merge_method": "squash", "commit_message": words}


EVENTS = {
    "a command": ("7; touch pwned", HEAD, "no open pull request of this repository has this commit."),
    "another command": ("$(touch pwned)", HEAD, "no open pull request of this repository has this commit."),
    "a path": ("../../other/repository/pulls/7", HEAD, "no open pull request of this repository has this commit."),
    "two lines": ("7\nnumber=8", HEAD, "no open pull request of this repository has this commit."),
    "nothing": ("", HEAD, "no open pull request of this repository has this commit."),
    "an option": ("7", "--exec=touch pwned", "the event names no commit."),
    "a branch": ("7", "main", "the event names no commit."),
    "a commit of nowhere": ("7", HEAD, f"no branch of this repository has the commit {HEAD} any more."),
}


@pytest.mark.parametrize("name", EVENTS)
def test_what_an_event_says_is_looked_at(home: Path, name: str) -> None:
    number, commit, why = EVENTS[name]
    ran = taking(home, number, commit)
    assert (ran.returncode, ran.stdout) == (0, f"::notice title=Kafka auto-merge::Not judged: {why}\n"), ran
    assert (home.parent / "output").read_text() == ""
    assert not (home / "pwned").exists()


def test_a_conflict_is_left_to_a_person(home: Path) -> None:
    commit = branch(home, "theirs")
    write(home / "topic.yaml", "ours\n")
    git(home, "add", "-A")
    git(home, "commit", "-qm", "ours")
    ran = taking(home, "7", commit)
    assert (ran.returncode, (home.parent / "output").read_text()) == (0, ""), ran
    assert ran.stdout.endswith("::notice title=Kafka auto-merge::Not judged: #7 conflicts with main.\n")


def test_what_is_judged_is_main_with_the_commit_merged_in(home: Path) -> None:
    commit = branch(home, "theirs")
    git(home, "commit", "-qm", "main goes on", "--allow-empty")
    main = head(home)
    assert taking(home, "7", commit).returncode == 0
    assert (home.parent / "output").read_text() == "number=7\n"
    assert git(home, "rev-parse", "HEAD^1", "HEAD^2").split() == [main, commit]
    assert (home / "topic.yaml").read_text() == "theirs\n"


def branch(home: Path, text: str) -> str:
    """A commit on a branch that main left; main is checked out again."""
    git(home, "checkout", "-qb", "change")
    write(home / "topic.yaml", f"{text}\n")
    git(home, "add", "-A")
    git(home, "commit", "-qm", text)
    git(home, "checkout", "-q", "main")
    return git(home, "rev-parse", "change").strip()


def taking(home: Path, number: str, commit: str) -> "subprocess.CompletedProcess[str]":
    """Run the workflow's second step alone, as the runner does."""
    step = yaml.safe_load(WORKFLOW.read_text())["jobs"]["merge"]["steps"][1]
    write(home.parent / "output", "")
    given = {"NUMBER": number, "HEAD": commit, "GIT_LFS_SKIP_SMUDGE": "1"}
    assert set(step["env"]) == set(given)
    given |= {"GITHUB_OUTPUT": str(home.parent / "output"), "PATH": "/usr/bin:/bin", "HOME": str(home.parent)}
    words = ["bash", "-e", "-c", step["run"]]
    return subprocess.run(words, cwd=home, env=given, capture_output=True, text=True, check=False)


def merging(home: Path, github: Hub) -> "subprocess.CompletedProcess[str]":
    """Run the workflow's last step alone, in a checkout that has modules of the names that it imports."""
    step = yaml.safe_load(WORKFLOW.read_text())["jobs"]["merge"]["steps"][-1]
    given = {"TOKEN": APP_TOKEN, "NUMBER": "7", "HEAD": HEAD, "PATH": f"{PYTHON}:/usr/bin:/bin"}
    assert set(step["env"]) == {"TOKEN", "NUMBER", "HEAD"}
    given |= {"GITHUB_API_URL": github.server.url, "GITHUB_REPOSITORY": "acme/streams"}
    for name in ("json", "os", "urllib"):
        write(home / f"{name}.py", "raise SystemExit('pwned')\n")
    words = ["bash", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(words, cwd=home, env=given, capture_output=True, text=True, check=False)

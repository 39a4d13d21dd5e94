"""What one run reads, counted: a config that is read twice can differ from itself, and all that is read again costs."""

import json
from pathlib import Path

import pytest
from acting import pull_request, repository
from counting import GIT, counted
from desk import ONE_CLUSTER, Desk, topology
from hooking import git, head, write
from recording import Recording, stand_in

COLUMNS = ("config read", "resolved", "files parsed", "topology built", "linted", GIT)
FILES = 20


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A repository with 20 files and one environment; the last commit changes one topic of a pull request."""
    home = tmp_path / "streams"
    repository(home, ONE_CLUSTER)
    for number in range(FILES):
        write(home / f"topologies/{number}.yaml", topology("acme.", f"orders{number}"))
    git(home, "add", "-A")
    git(home, "commit", "-qm", "before")
    base = head(home)
    write(home / "topologies/0.yaml", topology("acme.", "orders0 retention.ms=1000"))
    git(home, "commit", "-qam", "a change")
    write(tmp_path / "event.json", json.dumps(pull_request(home, base)))
    monkeypatch.setenv("PASSWORD", "x")
    stand_in(monkeypatch, Recording())
    return Desk(home)


def of_a_pull_request(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/streams")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(desk.home.parent / "event.json"))
    git(desk.home, "update-ref", "refs/remotes/origin/main", "HEAD~1")


RUNS = {
    "lint": (1, 1, FILES, 1, 1, 0),
    "plan --base HEAD~1": (1, 1, FILES + 1, 2, 1, 3),
    "ci plan --base HEAD~1": (1, 2, FILES + 1, 2, 1, 4),
    "ci plan": (1, 2, FILES + 1, 2, 1, 8),
}


@pytest.mark.parametrize("line", RUNS)
def test_what_one_run_reads(desk: Desk, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    if line == "ci plan":
        of_a_pull_request(monkeypatch, desk)
    with counted() as found:
        result = desk.run(*line.split())
    assert result.code == 0, result
    assert tuple(found[column] for column in COLUMNS) == RUNS[line], result

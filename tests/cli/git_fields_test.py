"""What git tells of commits: no name, encoding or message shows an acceptance that no reviewer sees."""

from pathlib import Path

import pytest
from acting import repository
from hooking import git, head

from kafka_gitops import trailers
from kafka_gitops.acceptance import TRAILER
from kafka_gitops.git import Repository

ACCEPTED = "retention-shrink acme.pay.orders"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a commit, as the working directory."""
    made = tmp_path / "repo"
    repository(made, "rules: {}\n")
    git(made, "commit", "-qm", "base", "--allow-empty")
    monkeypatch.chdir(made)
    return made


def of_commits(base: str) -> dict[str, tuple[str, list[str]]]:
    with Repository() as repo:
        return trailers.of_commits(repo, base, TRAILER)


def commit(home: Path, *words: str, message: str) -> dict[str, tuple[str, list[str]]]:
    """The trailers of one more commit."""
    base = head(home)
    git(home, *words, "commit", "-q", "--allow-empty", "-F", str(message_file(home, message.encode())))
    return of_commits(base)


def message_file(home: Path, message: bytes) -> Path:
    path = home.parent / "message"
    path.write_bytes(message)
    return path


@pytest.mark.parametrize(
    "name",
    [
        f"Mallory\x1e0123abc\x1fThe Boss\x1f{ACCEPTED}",
        f"Mallory\x1fThe Boss\x1f{ACCEPTED}",
        f"Mallory\x00{ACCEPTED}".replace("\x00", "\x01"),
        f"Mallory\r{TRAILER}: {ACCEPTED}",
    ],
)
def test_an_authors_name_is_no_acceptance(home: Path, name: str) -> None:
    assert commit(home, "-c", f"user.name={name}", message="Shorter\n") == {}


def test_a_name_is_shown_as_one(home: Path) -> None:
    name = "The Boss (commit 0123abc)\x1b[2J\x85"
    [(author, values)] = commit(home, "-c", f"user.name={name}", message=f"x\n\n{TRAILER}: {ACCEPTED}\n").values()
    assert (author, values) == ("The Boss  0123abc) [2J", [ACCEPTED])


def test_an_encoding_does_not_make_one(home: Path) -> None:
    """UTF-7 hides a line from everybody who does not decode it, such as the pages of a host."""
    hidden = f"Shorter+AAoACg-{TRAILER}: {ACCEPTED}\n"
    assert commit(home, "-c", "i18n.commitEncoding=UTF-7", message=hidden) == {}
    assert len(commit(home, "-c", "i18n.commitEncoding=UTF-7", message=f"x\n\n{TRAILER}: {ACCEPTED}\n")) == 1


def test_several_of_several_commits(home: Path) -> None:
    base = head(home)
    commit(home, message=f"x\n\n{TRAILER}: a b\n{TRAILER}: c d\n  e\n")
    commit(home, message="none\n")
    commit(home, message=f"y\n\n{TRAILER}: f g\n")
    found = of_commits(base)
    assert [values for _, values in found.values()] == [["f g"], ["a b", "c d e"]]
    assert {*found} == {git(home, "rev-parse", "--short", name).strip() for name in ("HEAD", "HEAD~2")}


def test_replaced_objects_are_not_taken(home: Path) -> None:
    base = head(home)
    commit(home, message="Shorter\n")
    shown = head(home)
    git(home, "checkout", "-q", base)
    commit(home, message=f"x\n\n{TRAILER}: {ACCEPTED}\n")
    git(home, "replace", shown, head(home))
    git(home, "-c", "core.useReplaceRefs=false", "checkout", "-q", shown)
    assert of_commits(base) == {}

"""What a record of a run holds: every answer, changed when the machine changes, and no text."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kafka_gitops import seen
from kafka_gitops.config import environment


def as_it_was(record: seen.Record) -> bool:
    """Whether all looks of a record have the answers that it holds."""
    return all(seen.fingerprint(seen.again(look), record.salt) == answer for look, answer in record.answers.items())


def a_link_for_a_directory() -> None:
    """A link where a directory was: `os.walk` names both, and goes down into one."""
    Path("a/below").rmdir()
    Path("a/below").symlink_to(".")


LOOKS: dict[str, Callable[[], object]] = {
    "contents": lambda: seen.contents("a/t"),
    "file": lambda: seen.is_file("a/t"),
    "no file": lambda: seen.is_file("a/new"),
    "directory": lambda: seen.is_dir("a/below"),
    "exists": lambda: seen.exists("a/new"),
    "real": lambda: seen.real("a/link"),
    "entries": lambda: seen.entries("a"),
    "walk": lambda: [*seen.walk("a")],
    "walk below": lambda: [*seen.walk("a")],
    "walk to a link": lambda: [*seen.walk("a")],
    "variable": lambda: environment().get("SEEN"),
    "no variable": lambda: environment().get("UNSEEN"),
}
CHANGES: dict[str, Callable[[], object]] = {
    "contents": lambda: Path("a/t").write_text("2"),
    "file": lambda: Path("a/t").unlink(),
    "no file": lambda: Path("a/new").write_text(""),
    "directory": lambda: Path("a/below").rmdir(),
    "exists": lambda: Path("a/new").symlink_to("t"),
    "real": lambda: Path("a/link").rename("a/other"),
    "entries": lambda: Path("a/.hidden").write_text(""),
    "walk": lambda: Path("a/new").write_text(""),
    "walk below": lambda: Path("a/below/new").write_text(""),
    "walk to a link": a_link_for_a_directory,
    "variable": lambda: os.environ.update(SEEN="2"),
    "no variable": lambda: os.environ.update(UNSEEN=""),
}


@pytest.mark.parametrize("name", LOOKS)
def test_each_answer_is_recorded_and_another_one_told(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEEN", "1")
    monkeypatch.setenv("UNSEEN", "")
    monkeypatch.delenv("UNSEEN")
    Path("a/below").mkdir(parents=True)
    Path("a/t").write_text("1")
    Path("a/link").symlink_to("t")
    with seen.recording() as record:
        LOOKS[name]()
    assert record.whole
    assert as_it_was(record)
    CHANGES[name]()
    assert not as_it_was(record)


def test_what_cannot_be_read_is_an_answer_too(tmp_path: Path) -> None:
    place = tmp_path / "t"
    with seen.recording() as record, pytest.raises(FileNotFoundError):
        seen.contents(place)
    assert as_it_was(record)
    place.write_text("")
    assert not as_it_was(record)


def test_a_record_holds_no_text_and_no_two_the_same_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEEN", "letmein")
    (tmp_path / "t").write_text("letmein")
    with seen.recording() as one, seen.recording() as two:
        environment().get("SEEN")
        seen.contents(tmp_path / "t")
    assert "letmein" not in str(one.answers)
    assert one.answers.keys() == two.answers.keys()
    assert not set(one.answers.values()) & set(two.answers.values())


def all_variables() -> None:
    """Ask for all variables at once."""
    dict(environment())


def twice() -> None:
    """Read a file that changes meanwhile."""
    seen.contents("t")
    Path("t").write_text("2")
    seen.contents("t")


def a_pipe() -> None:
    """Read a pipe, from which nobody reads the same again."""
    reading, writing = os.pipe()
    os.close(writing)
    seen.contents(f"/dev/fd/{reading}")
    os.close(reading)


@pytest.mark.parametrize("look", [all_variables, twice, a_pipe, seen.spoil])
def test_what_no_record_can_hold_spoils_it(
    look: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t").write_text("1")
    with seen.recording() as record:
        look()
    assert not record.whole


def test_nothing_is_recorded_without_a_record() -> None:
    assert environment() is os.environ

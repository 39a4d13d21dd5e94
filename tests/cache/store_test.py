"""The directory of what is kept: bounded, the user's own, and empty for whoever finds anything wrong with it."""

import errno
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from warming import BAD, WARNS, Desk, write_entry

from kafka_gitops.cache import result, store
from kafka_gitops.cache.store import Store, directory


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A repository with an error in a file, which was linted."""
    found = Desk(tmp_path, monkeypatch, capsys)
    found.write(topologies__t_yaml=BAD)
    assert found.lint().judged
    assert not found.lint().judged
    return found


def other(values: object) -> Callable[[Path], object]:
    """Write an entry that is JSON, with its checksum."""
    return lambda path: write_entry(path, json.dumps(values).encode())


def changed(**values: object) -> Callable[[Path], object]:
    """Write an entry that differs in some values, with its checksum."""
    return lambda path: write_entry(path, json.dumps(json.loads(path.read_bytes()[65:]) | values).encode())


def turned(path: Path) -> None:
    """Turn one bit in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def elsewhere(path: Path) -> None:
    """Put a link to the same bytes in its place."""
    path.rename(path.parent.parent / "elsewhere")
    path.symlink_to("../elsewhere")


def in_place(make: Callable[[Path], object]) -> Callable[[Path], object]:
    """Put something else in the place of the entry."""
    return lambda path: (path.unlink(), make(path))  # type: ignore[func-returns-value]


def linked_folder(path: Path) -> None:
    """Make the directory a link to one."""
    path.parent.rename(path.parent.with_name("other"))
    path.parent.symlink_to("other")


SPAN = ["t.yaml", 1, 1, 1, 1]
DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "cut in its head": lambda path: path.write_bytes(path.read_bytes()[:30]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b" "),
    "a bit": turned,
    "no text": lambda path: write_entry(path, b"\xff\xfe"),
    "no JSON": lambda path: write_entry(path, b"{"),
    "deep": lambda path: write_entry(path, b"[" * 100_000),
    "another shape": other([]),
    "nothing": other(None),
    "a number": other(1),
    "no salt": changed(salt=None),
    "another salt": changed(salt="00"),
    "looks of nobody": changed(looks=[["guess", "t", True]]),
    "looks that are none": changed(looks=[1]),
    "a look at a name that is none": changed(looks=[["contents", "a\0b", "x"]]),
    "files that were not read": changed(files=["other.yaml"]),
    "findings that are none": changed(findings=[1]),
    "a finding of nowhere": changed(findings=[[1, "r", 3, "m", None, [], False, ""]]),
    "a finding of no severity": changed(findings=[[SPAN, "r", 9, "m", None, [], False, ""]]),
    "a finding without words": changed(findings=[[SPAN, "r", 3, None, None, [], False, ""]]),
    "sentences that are none": changed(said=[1]),
    "no number": changed(declared="1"),
    "open to others": lambda path: path.chmod(0o644),
    "a link": elsewhere,
    "a pipe": in_place(os.mkfifo),
    "a directory": in_place(os.mkdir),
    "the directory is open to others": lambda path: path.parent.chmod(0o755),
    "the directory is a link": linked_folder,
}


@pytest.mark.skipif(os.name == "nt", reason="modes and pipes of POSIX")
@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_damaged_is_not_there(name: str, desk: Desk) -> None:
    want = desk.lint("--no-cache")
    DAMAGE[name](desk.entries()[0])
    assert desk.lint() == want


@pytest.mark.skipif(os.name == "nt", reason="owners of POSIX")
def test_what_another_user_wrote_is_not_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    own = os.geteuid()
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: own + 1)
        assert desk.lint().judged
    assert not desk.lint().judged


def test_where_nothing_can_be_written_all_is_as_without(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    want = desk.lint("--no-cache")
    for place in ("/dev/null", str(desk.root / "topologies" / "t.yaml"), "relative", "/proc/1/x", "\udcff" * 300):
        monkeypatch.setenv("KAFKA_GITOPS_CACHE", place)
        assert desk.lint() == want


def test_a_full_disk_leaves_nothing_behind(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.FileIO):
        def write(self, data: Any) -> int:
            super().write(data[:10])
            raise OSError(errno.ENOSPC, "No space left on device")

    def opened(number: int, mode: str, **options: Any) -> Any:
        return Full(number, mode) if mode == "wb" else open(number, mode, **options)

    desk.write(topologies__t_yaml=WARNS)
    want = desk.lint("--no-cache")
    with monkeypatch.context() as patch:
        patch.setattr(store, "open", opened, raising=False)
        assert desk.lint() == want
    assert [path.suffix for path in desk.entries()] == [".json"]
    assert desk.lint() == want


def test_what_is_not_used_goes_when_there_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Store(str(tmp_path / "lint"))
    monkeypatch.setattr(store, "MOST", 4000)
    for number in range(3):
        kept.put(str(number), bytes(1000))
        os.utime(tmp_path / "lint" / f"{number}.json", (number, time.time() - 100 + number))
    assert kept.get("0") == bytes(1000)  # from now on the one that was used last
    kept.put("3", bytes(1000))
    kept.tidy()
    assert [name for name in "0123" if kept.get(name) is not None] == ["0", "2", "3"]
    monkeypatch.setattr(store, "MOST_OF_ONE", 999)
    kept.put("4", bytes(1000))
    assert kept.get("4") is None


def test_what_was_not_used_for_long_goes(tmp_path: Path) -> None:
    kept = Store(str(tmp_path))
    tmp_path.chmod(0o700)
    for name in ("old", "new"):
        kept.put(name, b"")
    for half in ("a.half", "b.half"):
        (tmp_path / half).touch()
    long_ago = time.time() - (store.DAYS + 1) * 86_400
    for name in ("old.json", "a.half"):
        os.utime(tmp_path / name, (long_ago, long_ago))
    kept.put("more", b"")
    kept.tidy()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.half", "more.json", "new.json"]


def test_it_is_closed_to_others(desk: Desk) -> None:
    assert desk.kept.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in desk.entries()} == {0o600}


HOME = os.path.expanduser("~")  # noqa: PTH111


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, f"{HOME}/.cache/kafka-gitops/lint"),
        ("linux", {"XDG_CACHE_HOME": "/c"}, "/c/kafka-gitops/lint"),
        ("linux", {"XDG_CACHE_HOME": "c"}, f"{HOME}/.cache/kafka-gitops/lint"),
        ("linux", {"XDG_CACHE_HOME": "/c", "KAFKA_GITOPS_CACHE": "/own"}, "/own/lint"),
        ("linux", {"KAFKA_GITOPS_CACHE": "own"}, None),
        ("darwin", {"XDG_CACHE_HOME": "/c"}, f"{HOME}/Library/Caches/kafka-gitops/lint"),
        ("win32", {"LOCALAPPDATA": "/users/ada"}, "/users/ada/kafka-gitops/lint"),
        ("win32", {}, None),
    ],
)
def test_where_it_is(platform: str, variables: dict[str, str], expected: str | None) -> None:
    assert directory(variables, platform=platform) == expected


def test_runs_at_once_disturb_each_other_in_nothing(desk: Desk) -> None:
    command = [sys.executable, "-m", "kafka_gitops.cli.main", "lint", "--format", "concise"]
    want = subprocess.run([*command, "--no-cache"], capture_output=True).stdout
    assert want
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(6)]
    assert [run.communicate()[0] for run in runs] == [want] * 6
    assert {path.suffix for path in desk.entries()} == {".json"}
    kept = Store(str(desk.kept))
    assert all(result.load(kept.get(path.stem) or b"") is not None for path in desk.entries())

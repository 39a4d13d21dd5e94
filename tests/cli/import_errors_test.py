"""`import` where it cannot go on: a sentence, an exit code, and never a file."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk

from kafka_gitops.cli import written
from kafka_gitops.errors import KafkaGitopsError

NOBODY = ("-X", "bootstrap.servers=127.0.0.1:9")  # the port of `discard`, which nobody serves


def test_a_folder_that_is_not_empty_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("topologies/orders.yaml", "context: acme\n")
    found = desk.run("import", "--out", "topologies", *NOBODY)
    assert (found.code, found.out) == (1, "")
    assert found.err == (
        "error: topologies is not empty (orders.yaml), so nothing was written.\n"
        "  Nothing is overwritten: name a new folder, such as --out topologies-new, or move what is there away.\n"
    )
    assert desk.run("import", "--out", "topologies/orders.yaml", *NOBODY).err == (
        "error: topologies/orders.yaml is there already, and is not a folder: nothing was written.\n"
    )


def test_a_broker_that_is_down_leaves_no_folder(tmp_path: Path) -> None:
    found = Desk(tmp_path).run("import", "--out", "new/found", "--timeout", "2", *NOBODY)
    assert (found.code, found.out) == (5, "") and "127.0.0.1:9" in found.err
    assert [*tmp_path.iterdir()] == []


def test_a_kind_that_is_unknown_and_no_folder_are_usage_errors(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert 'there is no kind "streams"' in desk.run("import", "--out", "found", "--only", "streams", *NOBODY).err
    assert desk.run("import", *NOBODY).code == 64


def test_who_stops_it_finds_no_folder(tmp_path: Path) -> None:
    """The broker takes the connection and never answers; Ctrl-C ends the wait."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        address = f"bootstrap.servers=127.0.0.1:{server.getsockname()[1]}"
        command = [sys.executable, "-m", "kafka_gitops.cli.main", "import", "--out", "found", "-X", address]
        run = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        with server.accept()[0] as held:
            assert held.recv(1)  # it has asked, and waits
            run.send_signal(signal.SIGINT)
            assert run.communicate(timeout=30)[1] == "Stopped.\n"
    assert (run.returncode, [*tmp_path.iterdir()]) == (130, [])


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_folder_that_cannot_be_finished_never_appears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    def fails(_beside: Path, _target: Path) -> None:
        raise failure

    monkeypatch.setattr(written, "_appear", fails)
    with pytest.raises((KafkaGitopsError, KeyboardInterrupt)):
        written.folder(str(tmp_path / "found"), {"a.yaml": "a\n", "schemas/b.avsc": "{}"})
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("before", [None, "", ".gitkeep"])
def test_a_new_an_empty_and_a_hidden_folder_are_filled(tmp_path: Path, before: str | None) -> None:
    target = tmp_path / "deep" / "found"
    if before is not None:
        target.mkdir(parents=True)
    if before:
        (target / before).write_text("", encoding="utf-8")
    paths = written.folder(str(target), {"a.yaml": "ä\n", "schemas/b.avsc": "{}"})
    assert [Path(path).read_text(encoding="utf-8") for path in paths] == ["ä\n", "{}"]
    assert {path.name for path in target.iterdir()} == {"a.yaml", "schemas", *filter(None, [before])}
    assert [path.name for path in target.parent.iterdir()] == ["found"]

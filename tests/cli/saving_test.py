"""Files that a run writes: through no link of the repository, whole or not at all, devices and pipes as they are."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from desk import Desk, topology
from hooking import git

TOPICS = topology("acme.", "orders")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A repository, and a file beside it that is nobody's business."""
    made = Desk(tmp_path / "repo")
    made.write("topologies/a.yaml", TOPICS)
    made.write("kafka-gitops.yaml", "rules: {topic-owner: off}\n")
    git(made.home, "init", "-q")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_text("mine")
    return made


LINKS = {
    "a report": ("kafka-gitops-reports/lint.json", "../../outside/file", ("ci", "lint")),
    "a report that is not there yet": ("kafka-gitops-reports/lint.json", "../../outside/new", ("ci", "lint")),
    "the folder": ("kafka-gitops-reports", "../outside", ("ci", "lint")),
    "the folder of another name": ("out", "../outside", ("ci", "lint", "--reports", "out")),
    "a folder above": ("deep", "../outside", ("ci", "lint", "--reports", "deep/down")),
    "a report of lint": ("r.json", "../outside/file", ("lint", "--report", "json=r.json")),
    "within the repository": ("r.json", "kafka-gitops.yaml", ("lint", "--report", "json=r.json")),
    "a baseline": ("b.json", "../outside/file", ("lint", "--write-baseline=b.json")),
    "to a device": ("r.json", "/dev/null", ("lint", "--report", "json=r.json")),
}


@pytest.mark.parametrize("what", LINKS)
def test_nothing_is_written_through_a_link(desk: Desk, tmp_path: Path, what: str) -> None:
    place, target, words = LINKS[what]
    link = desk.home / place
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(target)
    before = {path: path.read_bytes() for path in (*tmp_path.rglob("outside/*"), desk.home / "kafka-gitops.yaml")}
    result = desk.run(*words)
    assert (
        f"{place.split('/lint')[0] if what == 'the folder' else place} is a link, which may lead anywhere" in result.err
    )
    assert {
        path: path.read_bytes() for path in (*tmp_path.rglob("outside/*"), desk.home / "kafka-gitops.yaml")
    } == before
    assert link.is_symlink()


def test_a_link_is_seen_however_the_repository_is_named(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(desk.home)
    (desk.home / "r.json").symlink_to("../outside/file")
    result = desk.run("lint", "--report", f"json={tmp_path / 'alias' / 'r.json'}")
    assert "r.json is a link, which may lead anywhere" in result.err
    assert (tmp_path / "outside" / "file").read_text() == "mine"


def test_a_link_elsewhere_is_the_users_own(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "r.json").symlink_to(tmp_path / "outside" / "file")
    desk.ok("lint", "--report", f"json={tmp_path / 'r.json'}")
    assert (tmp_path / "outside" / "file").read_text().startswith("{")
    assert (tmp_path / "r.json").is_symlink()


def test_a_hard_link_is_not_written_through_either(desk: Desk, tmp_path: Path) -> None:
    os.link(tmp_path / "outside" / "file", desk.home / "r.json")
    desk.ok("lint", "--report", "json=r.json")
    assert (tmp_path / "outside" / "file").read_text() == "mine"


def test_a_file_that_cannot_be_replaced_stays_whole_and_nothing_is_left(desk: Desk) -> None:
    desk.write("r.json/keep", "")
    assert "r.json cannot be written: is a directory" in desk.run("lint", "--report", "json=r.json").err.lower()
    assert [path.name for path in desk.home.iterdir() if path.name.startswith(".r.json")] == []


def test_permissions_stay_and_a_plan_is_its_owners(desk: Desk) -> None:
    from kafka_gitops.cli import saving

    (desk.home / "r.json").write_text("")
    (desk.home / "r.json").chmod(0o640)
    desk.ok("lint", "--report", "json=r.json")
    assert stat.S_IMODE((desk.home / "r.json").stat().st_mode) == 0o640
    saving.save(str(desk.home / "plan.json"), "{}", private=True)
    assert stat.S_IMODE((desk.home / "plan.json").stat().st_mode) == 0o600


def test_pipes_and_devices_are_written_as_they_are(desk: Desk, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    desk.ok("lint", "--report", f"json={pipe}", "--report", "markdown=/dev/null")
    reader.join(5)
    assert read[0].startswith("{")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_stdout_and_process_substitution(desk: Desk) -> None:
    program = f"{sys.executable} -m kafka_gitops.cli.main lint --format concise"
    script = f"{program} --report json=/dev/stdout > out.json && {program} --report json=>(cat > sub.json); sleep 0.5"
    subprocess.run(["bash", "-c", script], cwd=desk.home, check=True, env={"PATH": os.environ["PATH"]})
    assert (desk.home / "out.json").read_text().startswith("{")
    assert (desk.home / "sub.json").read_text().startswith("{")

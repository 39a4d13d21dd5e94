"""What is asked of git by one process and read by us: trees as `git ls-tree` has them, and what differs between two."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hooking import git

from kafka_gitops import files
from kafka_gitops.errors import UsageError
from kafka_gitops.git import Repository


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository as the working directory."""
    home = tmp_path / "repo"
    home.mkdir()
    git(home, "init", "-q", "-b", "main")
    monkeypatch.chdir(home)
    return home


def commit(home: Path) -> None:
    git(home, "add", "-A")
    git(home, "commit", "-qm", "some", "--allow-empty")


def listed(home: Path, revision: str) -> dict[str, tuple[str, str]]:
    """What git itself lists."""
    done = subprocess.run(["git", "ls-tree", "-r", "-z", revision], cwd=home, capture_output=True, check=True)
    lines = (line.partition(b"\t") for line in done.stdout.split(b"\0") if line)
    return {os.fsdecode(name): (about.split()[0].decode(), about.split()[2].decode()) for about, _, name in lines}


def read(revision: str) -> dict[str, tuple[str, str]]:
    with Repository() as repo:
        return {path: (entry.mode, entry.blob) for path, entry in repo.tree(revision).items()}


def grown(home: Path) -> None:
    """Directories in directories, a program, a link, a submodule, names with anything in them."""
    for name in ("a.yaml", "deep/er/b.yaml", "deep/er.yaml", "deep-er/c.yaml", "with blank\nand line/d.yaml", "\xe4"):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (home / "program").write_text("#!/bin/sh\n")
    (home / "program").chmod(0o755)
    (home / "link").symlink_to("a.yaml")
    commit(home)
    head = git(home, "rev-parse", "HEAD").strip()
    git(home, "update-index", "--add", "--cacheinfo", f"160000,{head},module")
    git(home, "commit", "-qm", "a submodule")


def test_a_tree_is_as_git_lists_it(home: Path) -> None:
    grown(home)
    assert read("HEAD") == listed(home, "HEAD")
    assert len(read("HEAD")) == 9


def test_a_mode_is_what_git_takes_it_for(home: Path) -> None:
    """A link whose mode is written otherwise is one: it may lead anywhere."""
    grown(home)
    blob = bytes.fromhex(git(home, "rev-parse", "HEAD:link").strip())
    modes = (b"0120000", b"120777", b"100664", b"100711")
    tree = b"".join(mode + b" %d\0" % number + blob for number, mode in enumerate(modes))
    path = home.parent / "tree"
    path.write_bytes(tree)
    made = git(home, "hash-object", "-t", "tree", "--literally", "-w", str(path)).strip()
    odd = git(home, "commit-tree", made, "-m", "odd").strip()
    assert read(odd) == listed(home, odd)
    assert [mode for mode, _ in read(odd).values()] == ["120000", "120000", "100644", "100755"]


def test_what_differs_between_two_trees(home: Path) -> None:
    grown(home)
    (home / "a.yaml").write_text("b")
    (home / "deep/er/b.yaml").unlink()
    (home / "deep/er").rmdir()
    (home / "deep/er").write_text("a file now")
    (home / "link").unlink()
    (home / "link").symlink_to("program")
    (home / "program").chmod(0o644)
    git(home, "rm", "-q", "--cached", "module")
    commit(home)
    with Repository() as repo:
        found = repo.altered("HEAD~1")
    said = git(home, "diff-tree", "-r", "--name-only", "--no-renames", "HEAD~1", "HEAD").split()
    assert {*found} == {*said}
    assert {path for path, link in found.items() if link} == {"link", "module"}


def test_many_files_and_big_ones_come_from_one_process(home: Path) -> None:
    texts = {f"t/{number}.yaml": f"{number}\n" * (1 if number else 1_000_000) for number in range(600)}
    (home / "t").mkdir()
    for name, text in texts.items():
        (home / name).write_text(text)
    commit(home)
    with Repository() as repo:
        assert files.at_commit(repo, "HEAD", ["t"], recursive=False) == {name: texts[name] for name in sorted(texts)}


def test_files_of_now_that_are_the_same_are_not_read_again(home: Path) -> None:
    texts = {"a.yaml": "a: \xe4\r\n", "b.yaml": "b\n", "c.yaml": "c\n", "gone.yaml": "was\n"}
    for name, text in texts.items():
        (home / name).write_bytes(text.encode())
    commit(home)
    asked: list[str] = []

    class Watched(Repository):
        def contents(self, blobs: Sequence[str]) -> list[bytes]:
            asked.extend(blobs)
            return super().contents(blobs)

    with Watched() as repo:
        known = {"a.yaml": "a: \xe4\r\n", "b.yaml": "edited\n", "c.yaml": "c\n", "new.yaml": "n"}
        assert files.at_commit(repo, "HEAD", ["."], recursive=False, known={f"./{k}": v for k, v in known.items()}) == {
            f"./{name}": text for name, text in texts.items()
        }
    assert len(asked) == 2


def test_after_an_error_no_answer_is_that_of_another_question(home: Path) -> None:
    (home / "a.yaml").write_text("a")
    commit(home)
    with Repository() as repo:
        blob = repo.tree("HEAD")["a.yaml"].blob
        with pytest.raises(UsageError, match="git has no file 0123"):
            repo.contents(["0123" * 10, blob])
        assert repo.contents([blob]) == [b"a"]
        for revision in ("HEAD\nHEAD", "", "^HEAD", "HEAD..HEAD", "0" * 40, "HEAD:a.yaml", "HEAD a.yaml"):
            with pytest.raises(UsageError, match="git does not know the commit"):
                repo.resolve(revision)
        assert repo.resolve("HEAD^{}") == repo.resolve("HEAD") == git(home, "rev-parse", "HEAD").strip()


def test_a_process_that_ends_is_no_answer(home: Path) -> None:
    commit(home)
    with Repository() as repo:
        repo.resolve("HEAD")
        process = repo._objects._process
        assert process is not None
        process.kill()
        process.wait()
        with pytest.raises(UsageError, match="git cat-file failed"):
            repo.resolve("HEAD~0")


def test_new_files_count_where_they_are_looked_at(home: Path, tmp_path: Path) -> None:
    (home / "t").mkdir()
    (home / "t/a.yaml").write_text("a")
    commit(home)
    head = git(home, "rev-parse", "HEAD").strip()
    (home / "other").mkdir()
    (home / "other/new.yaml").write_text("new")
    (tmp_path / "link").symlink_to(home)
    for path, expected in (
        ("t", head),
        ("other", f"{head}-dirty"),
        ("other/new.yaml", f"{head}-dirty"),
        (".", f"{head}-dirty"),
        ("../repo/other", f"{head}-dirty"),
        (str(tmp_path / "link/other"), f"{head}-dirty"),
        (str(tmp_path / "link/t"), head),
        (str(tmp_path), None),
        ("nowhere", head),
    ):
        with Repository() as repo:
            assert repo.commit([path]) == expected, path

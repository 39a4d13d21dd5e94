"""Files, directories, stdin, encodings and commits."""

import io
import os
import re
import subprocess
from pathlib import Path

import pytest

from kafka_gitops import files
from kafka_gitops.errors import UsageError
from kafka_gitops.files import artefacts
from kafka_gitops.git import Repository


def tree(root: Path, **contents: str | bytes) -> None:
    """Files below a directory; `__` in a name stands for `/`, `_` before the suffix for `.`."""
    for name, content in contents.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(*arguments: str) -> str:
    """Run git with an identity of its own."""
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout.strip()


def test_a_directory_is_read_in_the_order_of_its_bytes(here: Path) -> None:
    tree(here, t__b_yaml="b", t__a_yml="a", t__B_json="B", t__sub__c_yaml="c", t__README_md="", t__x_yaml_bak="")
    loaded = files.load(["t"], recursive=False)
    assert list(loaded.texts.items()) == [("t/B.json", "B"), ("t/a.yml", "a"), ("t/b.yaml", "b")]
    assert loaded.notes == [
        "2 files ignored: README.md, x.yaml.bak (not .yaml, .yml or .json)",
        "t/sub holds topology files and is not read; --recursive does",
    ]


def test_recursive_reads_the_files_of_a_directory_before_its_sub_directories(here: Path) -> None:
    tree(here, t__a__1_yaml="", t__z_yaml="", t__a__b__2_yaml="", t__c__3_yaml="", t__a__4_yaml="")
    loaded = files.load(["./t/"], recursive=True)
    assert list(loaded.texts) == ["./t/z.yaml", "./t/a/1.yaml", "./t/a/4.yaml", "./t/a/b/2.yaml", "./t/c/3.yaml"]
    assert loaded.notes == []


def test_one_ignored_file_is_singular(here: Path) -> None:
    tree(here, t__gitkeep="")
    assert files.load(["t"], recursive=False).notes == ["1 file ignored: gitkeep (not .yaml, .yml or .json)"]


def test_a_named_file_is_read_whatever_its_suffix_and_only_once(here: Path) -> None:
    tree(here, a_txt="a")
    assert files.load(["a.txt", "a.txt"], recursive=False).texts == {"a.txt": "a"}


def test_stdin() -> None:
    loaded = files.load(["-"], recursive=False, stdin=io.StringIO("\ufeffa: 1"))
    assert loaded.texts == {"<stdin>": "a: 1"}


def test_a_path_that_is_not_there_is_named(here: Path) -> None:
    with pytest.raises(UsageError, match=r"^There is no nowhere\.yaml\.$") as caught:
        files.load(["nowhere.yaml"], recursive=False)
    assert caught.value.exit_code == 64


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(here: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("e") else ""
    tree(here, a_yaml=f"{mark}n: \xe4\u20ac".encode(encoding))
    assert files.load(["a.yaml"], recursive=False).texts == {"a.yaml": "n: \xe4\u20ac"}


def test_bad_bytes_have_a_place(here: Path) -> None:
    tree(here, a_yaml="\xe4: 1\nb: ".encode() + b"\xff\n", b_yaml="b: 1")
    loaded = files.load(["."], recursive=False)
    assert [f"{p.span} {p.rule}: {p.message}" for p in loaded.problems] == [
        "./a.yaml:2:4 yaml-syntax: byte 0xff is no UTF-8: invalid start byte"
    ]
    assert list(loaded.texts) == ["./b.yaml"]


def test_a_file_that_cannot_be_read_is_a_finding(here: Path) -> None:
    (here / "a.yaml").symlink_to("nowhere")
    (problem,) = files.load(["."], recursive=False).problems
    assert f"{problem.span} {problem.message}" == "./a.yaml:1:1 the file cannot be read: no such file or directory"


def test_links_are_followed_but_never_in_circles(here: Path) -> None:
    tree(here, t__a__1_yaml="one", other__2_yaml="two")
    (here / "t" / "a" / "up").symlink_to("..")
    (here / "t" / "link").symlink_to("../other")
    assert list(files.load(["t"], recursive=True).texts) == ["t/a/1.yaml", "t/link/2.yaml"]


def test_artefacts(here: Path) -> None:
    tree(here, repo__t__a_avsc="{}", repo__t__sub__b_avsc="[]", secret_avsc="x", repo__t__bad_avsc=b"\xff")
    (here / "repo" / ".git").mkdir()
    os.chdir(here / "repo")
    read = artefacts.reader({"t/sub/x.yaml": "t"})
    assert read("t/sub/x.yaml", "a.avsc") == ("{}", None)
    assert read("t/sub/x.yaml", "b.avsc") == ("[]", None)
    assert read("t/sub/x.yaml", "none.avsc") == (None, "there is no such file")
    assert read("t/sub/x.yaml", "../../secret.avsc") == (None, "the file lies outside the repository")
    assert read("t/sub/x.yaml", "bad.avsc") == (None, "byte 0xff is no UTF-8: invalid start byte")


def test_a_file_is_looked_for_beside_first_where_the_language_says_so(here: Path) -> None:
    tree(here, t__a_avsc="root", t__sub__a_avsc="beside")
    read = artefacts.reader({"t/sub/x.yaml": "t"})
    assert read("t/sub/x.yaml", "a.avsc") == ("root", None)
    assert read("t/sub/x.yaml", "a.avsc", beside=True) == ("beside", None)


def at_commit(revision: str, paths: list[str], *, recursive: bool) -> dict[str, str]:
    with Repository() as repo:
        return files.at_commit(repo, revision, paths, recursive=recursive)


def commit(paths: tuple[str, ...] = (".",)) -> str | None:
    with Repository() as repo:
        return repo.commit(paths)


def test_artefacts_of_a_commit(here: Path) -> None:
    tree(here, t__a_avsc="old", t__sub__a_avsc="same", t__gone_avsc="was", t__empty_avsc="", t__bad_avsc=b"\xff")
    Path("t/link.avsc").symlink_to("a.avsc")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    tree(here, t__a_avsc="new", t__new_avsc="new", t__bad_avsc="good")
    Path("t/gone.avsc").unlink()
    with Repository() as repo:
        _artefacts(repo)


def _artefacts(repo: Repository) -> None:
    read = artefacts.reader_at(repo, "HEAD", ("t",))
    assert read("t/sub/x.yaml", "a.avsc") == ("old", None)
    assert read("t/sub/x.yaml", "a.avsc", beside=True) == ("same", None)
    assert read("t/x.yaml", "gone.avsc") == ("was", None)
    assert read("t/x.yaml", "sub/../empty.avsc") == ("", None)
    assert read("t/x.yaml", "bad.avsc") == (None, "byte 0xff is no UTF-8: invalid start byte")
    for path in ("new.avsc", "link.avsc", "/etc/passwd", "../../etc/passwd"):
        assert read("t/x.yaml", path) == (None, "there is no such file")
    assert artefacts.reader_at(repo, "HEAD", ("t/x.yaml",))("t/x.yaml", "a.avsc") == ("old", None)


def test_the_files_of_a_commit(here: Path) -> None:
    tree(here, t__a_yaml="old", t__b__c_yaml="deep", t__z_yaml="z", t__README_md="", u_yaml="u")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    tree(here, t__a_yaml="new", t__new_yaml="new")
    assert at_commit("HEAD", ["t"], recursive=False) == {"t/a.yaml": "old", "t/z.yaml": "z"}
    assert list(at_commit("main", ["./t", "u.yaml"], recursive=True)) == [
        *("./t/a.yaml", "./t/z.yaml", "./t/b/c.yaml", "u.yaml"),
    ]
    assert at_commit("HEAD", ["nowhere", "t/new.yaml"], recursive=True) == {}
    os.chdir(here / "t")
    assert list(at_commit("HEAD", ["."], recursive=False)) == ["./a.yaml", "./z.yaml"]
    assert at_commit("HEAD", ["../u.yaml"], recursive=False) == {"../u.yaml": "u"}


def test_unusual_names_and_empty_files_of_a_commit(here: Path) -> None:
    names = ["t/with blank.yaml", "t/\xe4.yaml", 't/quo"te.yaml', "t/new\nline.yaml"]
    (here / "t").mkdir()
    for name in names:
        (here / name).write_text("", encoding="utf-8")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    assert at_commit("HEAD", ["t"], recursive=False) == dict.fromkeys(sorted(names, key=os.fsencode), "")


def test_which_commit_this_is(here: Path) -> None:
    assert commit() is None
    git("init", "-q")
    assert commit() is None
    tree(here, t__a_yaml="a")
    git("add", ".")
    git("commit", "-qm", "one")
    head = git("rev-parse", "HEAD")
    assert commit(("t",)) == head
    tree(here, other__b_yaml="b")
    assert commit(("t",)) == head
    assert commit(("other",)) == f"{head}-dirty"
    tree(here, t__a_yaml="edited")
    assert commit(("t",)) == f"{head}-dirty"


def test_a_commit_that_is_not_there(here: Path) -> None:
    with pytest.raises(UsageError, match=r"^This is not a git repository\.$"):
        at_commit("HEAD", ["."], recursive=False)
    git("init", "-q")
    with pytest.raises(UsageError, match=r"^There is no commit yet in this repository, so none to compare with\.$"):
        at_commit("HEAD", ["."], recursive=False)
    git("commit", "-q", "--allow-empty", "-m", "first")
    for revision in ("nope", "--help", "HEAD^"):
        with pytest.raises(UsageError, match=f'^git does not know the commit "{re.escape(revision)}"'):
            at_commit(revision, ["."], recursive=False)


def test_a_shallow_clone_is_told_how_to_fetch_more(here: Path) -> None:
    tree(here, a__t_yaml="1")
    os.chdir(here / "a")
    git("init", "-q")
    for number in "12":
        git("add", ".")
        git("commit", "-qm", number, "--allow-empty")
    first = git("rev-parse", "HEAD~1")
    git("clone", "-q", "--depth=1", f"file://{here}/a", f"{here}/b")
    os.chdir(here / "b")
    with pytest.raises(UsageError) as caught:
        at_commit(first, ["."], recursive=False)
    assert caught.value.help is not None and "fetch-depth: 0" in caught.value.help


def test_without_git(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(here))
    assert commit() is None
    with pytest.raises(UsageError, match=r"^There is no git on the PATH\.$"):
        at_commit("HEAD", ["."], recursive=False)


def test_hooks_of_the_repository_do_not_run(here: Path) -> None:
    tree(here, a_yaml="a")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    git("config", "core.fsmonitor", f"touch {here}/ran; false")
    assert commit() is not None
    assert not (here / "ran").exists()

"""Which PATHs are the whole topology, however they are spelled: a part would make the rest look removed."""

from pathlib import Path

import pytest

from kafka_gitops.cli.load import whole
from kafka_gitops.cli.request import Files
from kafka_gitops.settings import Settings

TWO = ("topologies/shared/", "topologies/prod/")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (*TWO, "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(topology: tuple[str, ...], *paths: str, complete: bool) -> str | None:
    return whole(Files(paths=paths), Settings(topology=topology), complete=complete)


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("path", ["topologies", "topologies/", "./topologies", "elsewhere/../topologies"])
def test_it_is_the_same_in_any_spelling(home: Path, path: str, complete: bool) -> None:
    for topology in ((), ("topologies/",), ("topologies",), (str(home / "topologies"),)):
        assert said(topology, path, complete=complete) is None
        assert said(topology, complete=complete) is None


@pytest.mark.parametrize("path", ["topologies/prod", "topologies/shared/a.yaml", "-"])
def test_a_part_is_none(path: str) -> None:
    for complete in (True, False):
        assert said(("topologies/",), path, complete=complete) == "topologies/"


def test_for_prune_it_is_all_of_it_and_nothing_else() -> None:
    words = "topologies/shared/, topologies/prod/"
    assert said(TWO, "./topologies/prod", "topologies/shared", complete=True) is None
    for paths in (["topologies/prod"], ["elsewhere"], [*TWO, "elsewhere"]):
        assert said(TWO, *paths, complete=True) == words
        assert said(TWO, *paths, complete=False) is None

"""What a newcomer types wrong: the answer says what was found and what to write, and nothing is left behind."""

from pathlib import Path

import pytest
from desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_snapshot_has_a_name(desk: Desk) -> None:
    result = desk.run("snapshot", "-o", "-", "-X", "bootstrap.servers=127.0.0.1:1")
    assert (result.code, [*desk.home.iterdir()]) == (64, [])
    assert "-o -: a snapshot needs a name." in result.err


@pytest.mark.parametrize(("out", "another"), [(".", "topologies"), ("./there/", "./there-new"), ("there", "there-new")])
def test_a_full_folder_is_named_with_another(desk: Desk, out: str, another: str) -> None:
    desk.write("there/mine.yaml", "mine\n")
    result = desk.run("import", "--out", out, "-X", "bootstrap.servers=127.0.0.1:1")
    assert result.code == 1
    assert f"name a new folder, such as --out {another}, or move what is there away." in result.err


def test_a_kind_is_meant_in_the_plural(desk: Desk) -> None:
    result = desk.run("import", "--only", "topic", "--out", "o", "-X", "bootstrap.servers=127.0.0.1:1")
    assert (result.code, 'there is no kind "topic"; did you mean "topics"?' in result.err) == (64, True)

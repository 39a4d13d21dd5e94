"""Files that exist are written all or not at all, and only as they were read."""

import os
from pathlib import Path

import pytest

from kafka_gitops.cli import written
from kafka_gitops.errors import KafkaGitopsError


def put(folder: Path, **texts: str) -> dict[str, str]:
    paths = {str(folder / f"{name}.yaml"): text for name, text in texts.items()}
    for path, text in paths.items():
        Path(path).write_bytes(text.encode())
    return paths


def test_all_are_written_and_new_folders_are_made(tmp_path: Path) -> None:
    before = put(tmp_path, a="a: 1\r\n", b="b: 1\n")
    new = str(tmp_path / "schemas/x.avsc")
    written.over({path: f"{text}c: 2\n" for path, text in before.items()} | {new: "x"}, before)
    assert [Path(path).read_bytes() for path in (*before, new)] == [b"a: 1\r\nc: 2\n", b"b: 1\nc: 2\n", b"x"]


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    written.over({str(path): "a: 1\nb: 2\n"}, {str(path): "a: 1\n"})
    assert path.read_bytes() == b"\xef\xbb\xbfa: 1\nb: 2\n"


def test_when_one_cannot_be_written_all_are_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = put(tmp_path, a="a: 1\n", b="b: 1\n"), os.replace
    new = str(tmp_path / "c.avsc")

    def full(source: str, target: str) -> None:
        if Path(target).name == "b.yaml":
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr("kafka_gitops.cli.saving.os.replace", full)
    texts = {str(tmp_path / "a.yaml"): "a: 2\n", new: "x", str(tmp_path / "b.yaml"): "b: 2\n"}
    with pytest.raises(
        KafkaGitopsError, match=r"b.yaml cannot be written: No space left on device: nothing was changed"
    ):
        written.over(texts, before)
    assert {path: Path(path).read_text() for path in before} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "b.yaml"]


@pytest.mark.parametrize("now", [b"a: 2\n", "a: 1\n".encode("utf-16")])
def test_a_file_that_is_not_as_it_was_read_stops_all(tmp_path: Path, now: bytes) -> None:
    before = put(tmp_path, a="a: 1\n", b="b: 1\n")
    (tmp_path / "b.yaml").write_bytes(now)
    with pytest.raises(KafkaGitopsError, match="is not as it was read, or is not UTF-8: nothing was changed"):
        written.over(dict.fromkeys(before, "x"), before)
    assert (tmp_path / "a.yaml").read_text() == "a: 1\n"

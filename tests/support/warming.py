"""A repository in an empty directory and a cache of its own, for tests of what a lint keeps."""

import json
import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kafka_gitops.cli.main import main
from kafka_gitops.lint import run as linting

BAD = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: new orders\n"
WARNS = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: t\n    config: {num.partitions: '60'}\n"


class Told(NamedTuple):
    """What a run came to: the exit code, stdout, stderr, and whether it judged anything itself."""

    code: int
    out: str
    err: str
    judged: bool

    @property
    def said(self) -> tuple[int, str, str]:
        """All but how it knew."""
        return self.code, self.out, self.err


class Desk:
    """Runs commands in a repository whose cache is beside it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.kept, self._capsys, self._judged = folder / "kept" / "lint", capsys, 0
        self.root = folder / "repository"
        (self.root / ".git").mkdir(parents=True)
        patch.chdir(self.root)
        patch.setenv("KAFKA_GITOPS_CACHE", str(self.kept.parent))
        judge = linting.judge

        def counted(*arguments: Any, **options: Any) -> Any:
            self._judged += 1
            return judge(*arguments, **options)

        patch.setattr(linting, "judge", counted)

    def write(self, **texts: str) -> None:
        """Write files: `__` is a slash in their names, a last `_` the dot of the suffix."""
        for name, text in texts.items():
            stem, _, suffix = name.replace("__", "/").rpartition("_")
            path = Path(f"{stem.replace('kafka_gitops', 'kafka-gitops')}.{suffix}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def run(self, *arguments: str) -> Told:
        """Run a command; the seconds in what it says are left out."""
        self._judged = 0
        code = main(arguments)
        out, err = self._capsys.readouterr()
        out = re.sub(r', \d+\.\d\d s$| time="[\d.]+"', "", out, flags=re.MULTILINE)
        return Told(code, out, err, self._judged > 0)

    def lint(self, *options: str) -> Told:
        """Run `lint`."""
        return self.run("lint", *options)

    def entries(self) -> list[Path]:
        """The results in the cache, and what is there for no time."""
        return sorted(path for path in self.kept.glob("*") if "-" not in path.stem or path.suffix != ".json")

    def shelves(self) -> list[Path]:
        """What the cache knows of single files."""
        return [path for path in sorted(self.kept.glob("*-*.json")) if not path.stem.endswith("-code")]

    def plant(self, **values: Any) -> None:
        """Write other values into every entry, as somebody might who can write there."""
        for path in self.entries():
            data = json.loads(path.read_bytes().partition(b"\n")[2]) | values
            write_entry(path, json.dumps(data).encode())


def write_entry(path: Path, data: bytes) -> None:
    """Write an entry with a checksum that is right."""
    path.write_bytes(sha256(data).hexdigest().encode() + b"\n" + data)


def looks(desk: Desk) -> Iterator[str]:
    """The paths and variables that the only entry depends on."""
    (path,) = desk.entries()
    for _, of, _ in json.loads(path.read_bytes().partition(b"\n")[2])["looks"]:
        yield os.path.abspath(of)  # noqa: PTH100 - links are of interest

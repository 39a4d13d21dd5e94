"""A directory with topology files and a way to run the command line in it, as a user would."""

import contextlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from seams import seams

from kafka_gitops.cli.main import main


class Result(NamedTuple):
    """Exit code and output of one run."""

    code: int
    out: str
    err: str


@dataclass
class Desk:
    """Files below `home`, and the options that every run gets."""

    home: Path
    options: list[str] = field(default_factory=list)

    def write(self, name: str, text: str) -> None:
        """Write a file below the directory."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, *words: str) -> Result:
        """Run a command line in the directory, in this process; what it says reads as if one person had written it."""
        result = self.unread(*words)
        assert [*seams(result.out), *seams(result.err)] == []
        return result

    def unread(self, *words: str) -> Result:
        """`run` where the output lists names that other tests made, which may read as anything."""
        if {"ci", "drift"} <= {*words}:
            _at_once()
        out, err = io.StringIO(), io.StringIO()
        with _inside(self.home), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*self.options, *words])
        return Result(code, out.getvalue(), err.getvalue())

    def ok(self, *words: str) -> str:
        """Run a command that must end with 0; its stdout."""
        result = self.run(*words)
        assert result.code == 0, result
        return result.out


def _at_once() -> None:
    """What a pipeline waits for a cluster costs the tests no time."""
    from kafka_gitops.cli.pipeline import twice

    twice.PAUSE, twice.AWAY = 0.0, (0.0, 0.0)


@contextlib.contextmanager
def _inside(home: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(home)
    try:
        yield
    finally:
        os.chdir(before)


ONE_CLUSTER = """\
rules: {topic-owner: off}
environments:
  prod:
    bootstrap: 127.0.0.1:9
    brokers: 1
    broker_defaults: {default.replication.factor: "1", min.insync.replicas: "1"}
    client: {security.protocol: SASL_PLAINTEXT, sasl.mechanism: PLAIN, sasl.username: admin, sasl.password: "${PASSWORD}"}
"""


def topology(prefix: str, *topics: str, extra: str = "") -> str:
    """A topology file with full names `<prefix><name>`; a topic is `name k=v k=v`, its keys under `config`."""
    lines = ["context: unused", "special_topics:" if topics else "special_topics: []"]
    for text in topics:
        name, *config = text.split()
        lines += [f"- name: {prefix}{name}", "  config:" if config else "  config: {}"]
        lines += [f'    {key}: "{value}"' for key, value in (pair.split("=", 1) for pair in config)]
    return "\n".join([*lines, extra, ""])

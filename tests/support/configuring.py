"""What the tests of the configuration share: a repository in a directory of its own, and commands run in it."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kafka_gitops import redact
from kafka_gitops.cli import main, setup
from kafka_gitops.cli.pipeline.trusted import Trust
from kafka_gitops.cli.request import Request, made
from kafka_gitops.config.resolve import Effective
from kafka_gitops.errors import KafkaGitopsError


class Ran(NamedTuple):
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty repository as the current directory."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    redact.forget()


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command line as a user would."""

    def command(*arguments: str) -> Ran:
        code = main.main(arguments)
        return Ran(code, *capsys.readouterr())

    return command


def options(**given: Any) -> Request:
    """The common options as the command line leaves them."""
    named = given.get("client_config")
    return made(Request, Namespace(**{**given, "client_config": [named] if isinstance(named, str) else named}))


def effective(text: str = "", *, stranger: str | None = None, **given: object) -> Effective:
    """The settings with this text as kafka-gitops.yaml."""
    if text:
        Path("kafka-gitops.yaml").write_text(text, encoding="utf-8")
    return setup.Configured(options(**given), Trust(merged=stranger is None, stranger=stranger)).effective()


def refusal(text: str = "", **given: object) -> str:
    """The exit code, message and help of the error that this text as kafka-gitops.yaml ends in."""
    with pytest.raises(KafkaGitopsError) as caught:
        effective(text, **given)  # type: ignore[arg-type]
    error = caught.value
    return "\n".join(filter(None, (f"[{error.exit_code}] {error.message}", error.help)))

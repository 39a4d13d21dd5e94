"""Start the child with the files of a trusted commit, and read its bounded answer."""

import contextlib
import os
import pickle
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kafka_gitops.confined import answer, child
from kafka_gitops.confined.export import export
from kafka_gitops.errors import ConfigError, UsageError
from kafka_gitops.git import Repository
from kafka_gitops.model import Topology
from kafka_gitops.rules import Rule
from kafka_gitops.settings import Settings

KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH")  # of the environment
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); import kafka_gitops; sys.path.append(sys.path.pop(0)); "
    "from kafka_gitops.confined.child import main; main()"
)


class NotRun(Exception):
    """Own rules did not run to their end; the text says why in half a sentence."""


@dataclass(frozen=True)
class Tree:
    """The files of a commit in a directory, and an empty directory beside it; `change` is the repository."""

    files: Path
    home: Path
    change: Path


@contextlib.contextmanager
def tree(repo: Repository, revision: str, change: Path) -> Iterator[Tree]:
    """The exported commit until the end of the block. Raises NotRun where it cannot be exported."""
    with TemporaryDirectory(prefix="kafka-gitops-", ignore_cleanup_errors=True) as name:
        made = Tree(Path(name).resolve() / "tree", Path(name).resolve() / "home", change)
        made.files.mkdir()
        made.home.mkdir()
        try:
            export(repo, revision, made.files)
        except (UsageError, OSError) as error:
            raise NotRun(str(error)) from error
        yield made


def rules(at: Tree, topology: Topology, settings: Settings, variables: Mapping[str, str]) -> tuple[Rule, ...]:
    """The own rules of the settings, as run by a child over the topology.

    Raises NotRun for a child that crashes, meets a limit or gives no answer, and where there can be no limits;
    ConfigError for a rule that is wrong in itself.
    """
    plugins = tuple(_seen(path, at.change) for path in settings.plugins.values())
    work = child.Work(
        plugins, str(at.files), str(at.change), topology._replace(parts=None), settings._replace(client={})
    )
    try:
        given = pickle.dumps(work)
    except (RecursionError, pickle.PicklingError, TypeError) as error:
        raise NotRun("the files cannot be handed to them") from error
    try:
        said = answer.read(_said(at, given, variables))
    except answer.Unreadable as error:
        raise NotRun("their answer cannot be read") from error
    if said and isinstance(said[0], str):
        raise ConfigError(said[0], help=said[1] if isinstance(said[1], str) else None)
    return tuple(rule for rule in said if isinstance(rule, answer.Answered))


def _seen(path: str, root: Path) -> str:
    """A path as seen from the working directory, which the child has a copy of."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - a link of the change is not followed
    return os.path.relpath(whole) if whole.is_relative_to(root) else path


def _said(at: Tree, given: bytes, variables: Mapping[str, str]) -> bytes:
    """What the child answers to its work."""
    if os.name != "posix" or not sys.executable:
        raise NotRun("this platform has no limits for a process")
    work = at.home / "work"
    work.write_bytes(given)
    env = {name: variables[name] for name in KEPT if name in variables} | {"HOME": str(at.home), "TMPDIR": str(at.home)}
    here = at.files / os.path.relpath(os.path.realpath("."), at.change)
    ours = str(Path(child.__file__).parents[2])
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", _START, ours, str(child.SECONDS)]
    with (
        work.open("rb") as stdin,
        subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=here if here.is_dir() else at.files,
            env=env,
            start_new_session=True,
        ) as process,
    ):
        try:
            said = _answer(process)
            process.wait(5)
        except subprocess.TimeoutExpired:
            raise NotRun("their process did not end") from None
        finally:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)  # it, and what it started
    if process.returncode or not said:
        raise NotRun(_ended(process.returncode))
    return said


def _answer(process: "subprocess.Popen[bytes]") -> bytes:
    """All that the child writes until it closes its end. Raises NotRun at the limits of time and length."""
    assert process.stdout is not None
    said, deadline = bytearray(), time.monotonic() + child.SECONDS
    while len(said) <= answer.MOST:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
            raise NotRun(f"they did not end within {child.SECONDS} s")
        read = os.read(process.stdout.fileno(), 1 << 16)
        if not read:
            return bytes(said)
        said += read
    raise NotRun(f"their answer is longer than {answer.MOST >> 20} MB")


def _ended(code: int) -> str:
    if code == child.NO_LIMITS:
        return "this platform has no limits for a process"
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"their process was killed: it may use {child.SECONDS} s and {child.MEMORY >> 30} GB"
    return f"their process ended with signal {-code}" if code < 0 else f"their process ended with exit code {code}"

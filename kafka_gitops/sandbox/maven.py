"""What Maven Central has: jars with all that they need, an unpacked program; their hashes; one download at a time."""

import hashlib
import os
import re
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from kafka_gitops.errors import ConfigError, KafkaGitopsError, Unreachable, listed
from kafka_gitops.sandbox.java import PIP

HASHES = Path(__file__).with_name("jars.sha256")

Log: TypeAlias = Callable[[str], None]


def hashes() -> dict[str, str]:
    """The SHA-256 of each jar of the known releases, by its file's name (tools/jars.py)."""
    lines = HASHES.read_text(encoding="utf-8").splitlines()
    return {name: made for made, _, name in (line.partition("  ") for line in lines)}


def classpath(
    coordinates: str,
    *,
    cache: Path,
    log: Log,
    known: Mapping[str, str] | None = None,
    size: str = "45 MB for Kafka",
) -> list[Path]:
    """The jars of Maven `coordinates` ("group:artifact:version", joined by "+") with all that they need.

    The answer is kept in a small file in `cache`; while its jars exist nothing else is read and no network is used.
    A download is told with its `size`. What was just found is compared with the `known` hashes; raises
    KafkaGitopsError for a file that is another.
    """
    kept = cache / (re.sub(r"[^\w.+-]+", "_", coordinates) + ".classpath")
    jars = [Path(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    if jars and all(jar.is_file() for jar in jars):
        return jars
    log(f"Downloading {coordinates.partition('+')[0]} from Maven Central ({size}, only the first time) ...")
    with _alone(cache):
        jars = _download(coordinates)
    if known is not None:
        _compare(jars, known, log)
    fresh = kept.with_suffix(f".{os.getpid()}")
    fresh.write_text("\n".join(map(str, jars)) + "\n")
    fresh.replace(kept)
    return jars


def unpacked(coordinates: str, *, cache: Path, log: Log, size: str) -> Path:
    """The directory, in `cache`, of a program that Maven Central has as a `tar.gz` with the classifier `all`.

    Only an archive whose hash is known is unpacked: raises KafkaGitopsError for another, Unreachable without a network.
    """
    _, name, version = coordinates.split(":")
    target = cache / f"{name}-{version}"
    if target.is_dir():
        return target
    log(f"Downloading {coordinates} from Maven Central ({size}, only the first time) ...")
    with _alone(cache):
        if not target.is_dir():
            found = archive(coordinates)
            _compare([found], {found.name: hashes().get(found.name, "")}, log)
            _unpack(found, target)
    return target


def archive(coordinates: str) -> Path:
    """The `tar.gz` itself, downloaded unless it is there. Raises ConfigError (an extra is missing) or Unreachable."""
    try:
        from jgo.maven import MavenContext, PythonResolver
        from tqdm import tqdm
    except ImportError as error:
        raise ConfigError(f"The sandbox needs the package {error.name}", help=PIP) from None

    @contextmanager
    def progress(file: str, total: int) -> Iterator[Callable[[int], Any]]:
        with tqdm(total=total, unit="B", unit_scale=True, file=sys.stderr, disable=None, leave=False) as bar:
            yield bar.update

    group, name, version = coordinates.split(":")
    context = MavenContext(resolver=PythonResolver(progress_callback=progress))
    with _reachable(name):
        component = context.project(group, name).at_version(version)
        return _whole(component.artifact(classifier="all", packaging="tar.gz"), _known)


def _known(archive: Path) -> bool:
    return digest(archive) == hashes().get(archive.name)


def _unpack(archive: Path, target: Path) -> None:
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        with tarfile.open(archive) as found:
            found.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)  # from 3.10.12 on
            found.extractall(fresh)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """One download at a time: of two processes each would take the other's half file for a whole one."""
    import fcntl  # Windows has none, and no sandbox without Docker either

    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "download.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(file: Path) -> str:
    """The SHA-256 of a file, as jars.sha256 has it."""
    with file.open("rb") as content:
        made = hashlib.sha256()
        while block := content.read(1 << 20):
            made.update(block)
    return made.hexdigest()


def _compare(jars: Sequence[Path], known: Mapping[str, str], log: Log) -> None:
    strange = [jar.name for jar in jars if jar.name not in known]
    if strange:
        log(f"note: {listed(strange, most=3)}: no hash is known here, so not compared")
    for jar in jars:
        if jar.name in known and digest(jar) != known[jar.name]:
            raise KafkaGitopsError(
                f"{jar} is not the file that was published: its SHA-256 is another.",
                help="Remove it to have it downloaded again. If it comes back so, do not run it, and tell us.",
            )


def _download(coordinates: str) -> list[Path]:
    try:
        import jgo
        from tqdm import tqdm
    except ImportError as error:
        raise ConfigError(f"The sandbox needs the package {error.name}", help=PIP) from None
    otherwise = ", or set KAFKA_HOME to an unpacked\nApache Kafka, or use a Docker image: --docker"
    with _reachable("Apache Kafka's jars", otherwise):
        artifacts = jgo.resolve(coordinates)  # reads the POMs only
        progress = tqdm(artifacts, desc="jars", unit="jar", file=sys.stderr, disable=None, leave=False)
        return [_whole(artifact, zipfile.is_zipfile) for artifact in progress]


_NETWORK = "Run it once with a network (HTTPS_PROXY is honoured)"


@contextmanager
def _reachable(what: str, otherwise: str = "") -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:  # requests' errors are OSErrors
        raise Unreachable(
            f"{what} cannot be downloaded: {_short(error)}",
            help=f"{_NETWORK}{otherwise}",
        ) from error


def _whole(artifact: Any, whole: Callable[[Path], bool]) -> Path:
    """The local file of a jgo artifact. An interrupted download leaves half a file, which jgo would take for whole."""
    path: Path | None = artifact.cached_path
    if path is not None and path.exists() and not whole(path):
        path.unlink()
    try:
        return Path(artifact.resolve())
    except BaseException:
        if path is not None:
            path.unlink(missing_ok=True)
        raise


def _short(error: BaseException) -> str:
    """The last, most telling part of an exception, on one line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:200]}..."

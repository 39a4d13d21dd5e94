"""Where Kafka comes from: jars from Maven Central on a Java from pip, an installed Kafka, or a Docker image."""

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kafka_gitops.errors import ConfigError, KafkaGitopsError, Unreachable, listed
from kafka_gitops.sandbox.java import PIP, find_java
from kafka_gitops.sandbox.releases import DEFAULT, Release, release

HASHES = Path(__file__).with_name("jars.sha256")


@dataclass(frozen=True)
class Source:
    """Where to take Kafka from: `image`, else `kafka_home`, else the jars of `version`.

    `java` is an executable, `cache` a directory.
    """

    kafka_home: Path | None = None
    image: str | None = None
    java: Path | None = None
    version: str = DEFAULT
    cache: Path = field(default_factory=lambda: Path.home() / ".cache" / "kafka-gitops")


@dataclass(frozen=True)
class Runtime:
    """What runs a Java class of Kafka: a Java executable and a class path, inside `image` where there is one."""

    java: str
    classpath: str
    kafka: Release
    image: str | None = None

    def command(self, flags: Sequence[str], arguments: Sequence[str], *, docker: Sequence[str] = ()) -> list[str]:
        """The command line; `docker` are the options of `docker run`, used only with an image."""
        java = [*flags, "-cp", self.classpath, *arguments]
        if self.image is None:
            return [self.java, *java]
        return ["docker", "run", "--rm", *docker, "--entrypoint", self.java, self.image, *java]


def runtime(source: Source, *, jars: Sequence[Path] = (), log: Callable[[str], None]) -> Runtime:
    """Find Kafka, and download it where needed; `jars` go first on the class path.

    Raises ConfigError (an extra, Docker or Java is missing) or Unreachable (nothing could be downloaded).
    """
    if source.image is not None:
        _ask_docker()
        return Runtime("java", "/opt/kafka/libs/*", release(_tag(source.image)), source.image)
    if source.kafka_home is not None:
        libs = source.kafka_home / "libs"
        kafka = _installed(source.kafka_home, libs)
        java = source.java or find_java(kafka, cache=source.cache, log=log)
        return Runtime(str(java), os.pathsep.join([*map(str, jars), str(libs / "*")]), kafka)
    kafka = release(source.version)
    java = source.java or find_java(kafka, cache=source.cache, log=log)
    found = classpath(coordinates(kafka), cache=source.cache, log=log, known=hashes())
    return Runtime(str(java), os.pathsep.join(map(str, [*jars, *found])), kafka)


def coordinates(kafka: Release) -> str:
    """The Maven coordinates of a broker; without an SLF4J binding Kafka logs nothing."""
    return f"org.apache.kafka:kafka_2.13:{kafka}+org.slf4j:slf4j-simple:1.7.36"


def _tag(image: str) -> str:
    """The release that an image's tag names; for another tag (`latest`) the default's settings fit."""
    found = re.search(r":([0-9]+\.[0-9]+\.[0-9]+)(?:-[\w.-]+)?$", image)
    return found[1] if found else DEFAULT


def _installed(home: Path, libs: Path) -> Release:
    for jar in sorted(libs.glob("kafka_2.1*.jar")):
        found = re.fullmatch(r"kafka_2\.1[0-9]-([0-9]+\.[0-9]+\.[0-9]+)[\w.-]*\.jar", jar.name)
        if found:
            return release(found[1])
    raise ConfigError(
        f"KAFKA_HOME is {home}, but {libs} holds no Kafka (kafka_2.13-*.jar)",
        help="Set it to an unpacked Apache Kafka, or unset it to have one downloaded.",
    )


def hashes() -> dict[str, str]:
    """The SHA-256 of each jar of the known releases, by its file's name (tools/jars.py)."""
    lines = HASHES.read_text(encoding="utf-8").splitlines()
    return {name: made for made, _, name in (line.partition("  ") for line in lines)}


def classpath(
    coordinates: str, *, cache: Path, log: Callable[[str], None], known: Mapping[str, str] | None = None
) -> list[Path]:
    """The jars of Maven `coordinates` ("group:artifact:version", joined by "+") with all that they need.

    The answer is kept in a small file in `cache`; while its jars exist nothing else is read and no network is used.
    What was just found is compared with the `known` hashes; raises KafkaGitopsError for a file that is another.
    """
    kept = cache / (re.sub(r"[^\w.+-]+", "_", coordinates) + ".classpath")
    jars = [Path(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    if jars and all(jar.is_file() for jar in jars):
        return jars
    log(f"Downloading {coordinates} from Maven Central (45 MB for Kafka, only the first time) ...")
    jars = _download(coordinates)
    if known is not None:
        _compare(jars, known, log)
    cache.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(f".{os.getpid()}")
    fresh.write_text("\n".join(map(str, jars)) + "\n")
    fresh.replace(kept)
    return jars


def _compare(jars: Sequence[Path], known: Mapping[str, str], log: Callable[[str], None]) -> None:
    strange = [jar.name for jar in jars if jar.name not in known]
    if strange:
        log(f"note: {listed(strange, most=3)}: no hash is known here, so not compared")
    for jar in jars:
        if jar.name in known and hashlib.sha256(jar.read_bytes()).hexdigest() != known[jar.name]:
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
    try:
        artifacts = jgo.resolve(coordinates)  # reads the POMs only
        progress = tqdm(artifacts, desc="jars", unit="jar", file=sys.stderr, disable=None, leave=False)
        return [_jar(artifact) for artifact in progress]
    except (OSError, RuntimeError, ValueError) as error:  # requests' errors are OSErrors
        raise Unreachable(
            f"Apache Kafka's jars cannot be downloaded: {_short(error)}",
            help="Run it once with a network (HTTPS_PROXY is honoured), or set KAFKA_HOME to an unpacked\n"
            "Apache Kafka, or use a Docker image: --docker",
        ) from error


def _jar(artifact: object) -> Path:
    """The local file of a jgo artifact. An interrupted download leaves half a file, which jgo would take for whole."""
    path: Path | None = artifact.cached_path  # type: ignore[attr-defined]
    if path is not None and path.exists() and not zipfile.is_zipfile(path):
        path.unlink()
    try:
        return Path(artifact.resolve())  # type: ignore[attr-defined]
    except BaseException:
        if path is not None:
            path.unlink(missing_ok=True)
        raise


def _short(error: BaseException) -> str:
    """The last, most telling part of an exception, on one line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:200]}..."


def _ask_docker() -> None:
    """ConfigError unless a Docker engine answers."""
    try:
        answer = subprocess.run(["docker", "version"], capture_output=True, text=True, timeout=20)
    except FileNotFoundError:
        raise ConfigError(
            "--docker needs the program docker, which is not on PATH", help="Install Docker, or leave --docker out."
        ) from None
    except subprocess.TimeoutExpired:
        raise ConfigError("The Docker engine did not answer in 20 s", help="Start it, or leave --docker out.") from None
    if answer.returncode:
        said = (answer.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ConfigError(f"The Docker engine does not answer: {said}", help="Start it, or leave --docker out.")

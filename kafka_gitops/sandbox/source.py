"""Where Kafka comes from: jars from Maven Central on a Java from pip, an installed Kafka, or a Docker image."""

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kafka_gitops.errors import ConfigError
from kafka_gitops.sandbox.java import find_java
from kafka_gitops.sandbox.maven import classpath, hashes
from kafka_gitops.sandbox.releases import DEFAULT, Release, release


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


def coordinates(kafka: Release) -> str:
    """The Maven coordinates of a broker; without an SLF4J binding Kafka logs nothing."""
    return f"org.apache.kafka:kafka_2.13:{kafka}+org.slf4j:slf4j-simple:1.7.36"


def runtime(
    source: Source,
    *,
    jars: Sequence[Path] = (),
    log: Callable[[str], None],
    of: Callable[[Release], str] = coordinates,
    size: str = "45 MB for Kafka",
) -> Runtime:
    """Find Kafka, and download it where needed; `jars` go first on the class path.

    `of` says which part of Kafka is wanted, `size` what is told of its download.

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
    found = classpath(of(kafka), cache=source.cache, log=log, known=hashes(), size=size)
    return Runtime(str(java), os.pathsep.join(map(str, [*jars, *found])), kafka)


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

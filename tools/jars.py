"""Write kafka_gitops/sandbox/jars.sha256: the hash of each file that a sandbox downloads.

Usage: python tools/jars.py    # needs the `sandbox` extra; fetches about 50 MB per release, 170 MB besides
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from kafka_gitops.sandbox import connect, registry
from kafka_gitops.sandbox.maven import HASHES, archive, classpath
from kafka_gitops.sandbox.releases import DEFAULT, RELEASES, release
from kafka_gitops.sandbox.source import Source, coordinates


def files() -> Iterator[Path]:
    """Every file that a sandbox downloads: the jars of each release's brokers, of the worker, the registry."""
    for wanted in [*(coordinates(release(one)) for one in RELEASES), connect.coordinates(release(DEFAULT))]:
        yield from classpath(wanted, cache=Source().cache, log=print)
    yield archive(registry.COORDINATES)


def main() -> int:
    """Resolve every release; one line for each file name, as sha256sum writes them."""
    found: dict[str, str] = {}
    for file in files():
        made = hashlib.sha256(file.read_bytes()).hexdigest()
        if found.setdefault(file.name, made) != made:
            print(f"{file.name} is two different files: {file}")
            return 1
    Path(HASHES).write_text("".join(f"{made}  {name}\n" for name, made in sorted(found.items())), encoding="utf-8")
    print(f"{len(found)} files of {len(RELEASES)} releases")
    return 0


if __name__ == "__main__":
    sys.exit(main())

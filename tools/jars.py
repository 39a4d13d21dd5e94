"""Write kafka_gitops/sandbox/jars.sha256: the hash of each jar that a sandbox of a known release runs.

Usage: python tools/jars.py    # needs the `sandbox` extra; fetches about 50 MB per release
"""

import hashlib
import sys
from pathlib import Path

from kafka_gitops.sandbox.releases import RELEASES, release
from kafka_gitops.sandbox.source import HASHES, Source, classpath, coordinates


def main() -> int:
    """Resolve every release; one line for each file name, as sha256sum writes them."""
    found: dict[str, str] = {}
    for one in RELEASES:
        for jar in classpath(coordinates(release(one)), cache=Source().cache, log=print):
            made = hashlib.sha256(jar.read_bytes()).hexdigest()
            if found.setdefault(jar.name, made) != made:
                print(f"{jar.name} is two different files: {jar}")
                return 1
    Path(HASHES).write_text("".join(f"{made}  {name}\n" for name, made in sorted(found.items())), encoding="utf-8")
    print(f"{len(found)} jars of {len(RELEASES)} releases")
    return 0


if __name__ == "__main__":
    sys.exit(main())

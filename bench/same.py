"""Whether two checkouts say the same: lint and plan of generated repositories, good and bad, compared byte by byte.

    python bench/same.py [--count 200] [--first N] [--before PATH | --commit C] [--lint]

Both are run on equal copies of the repositories, before and after an edit, against one sandbox (a real broker, registry
and worker) on which half a dozen estates are; how long something took is left out. Caches are kept in the copies.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import unified_diff
from itertools import islice, zip_longest
from pathlib import Path

from repositories import PREFIXES, WORDS, Servers, configure, estate, make

from kafka_gitops.sandbox import connect, registry, running

HERE = Path(__file__).parent
COMMIT = "0dc1cf3"  # the last one before known files were not read again
SHOWN = 40  # lines of a difference

Told = Mapping[str, object]


def variables(tree: Path, place: Path) -> dict[str, str]:
    """The environment of a run: that tree's package, and no user's cache, config or terminal."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "JAVA_HOME", "TMPDIR")}
    return {**kept, **WORDS, "PYTHONPATH": str(tree), "HOME": str(place), "XDG_CACHE_HOME": str(place / "cache")}


@contextmanager
def cluster(tree: Path, place: Path) -> Iterator[Servers]:
    """A sandbox with estates on it, applied by the package in a tree."""
    with running() as kafka, registry.running() as schemas, connect.running(kafka.bootstrap) as worker:
        servers = Servers(kafka.bootstrap, schemas.url, worker.url, place / "scratch")
        servers.scratch.mkdir()
        (servers.scratch / "in").touch()
        for number in range(PREFIXES):
            home = place / f"estate-{number}"
            configure(home, servers)
            estate(home, PREFIXES * 1000 + number, servers).edit()
            command = [sys.executable, "-m", "kafka_gitops.cli.main", "apply", "topologies", "-e", "bench", "--yes"]
            done = subprocess.run(
                [*command, "--accept", "first-acl"],
                cwd=home,
                env=variables(tree, place),
                capture_output=True,
                text=True,
            )
            if done.returncode:
                sys.exit(f"Estate {number} could not be applied:\n{done.stdout}{done.stderr}")
        yield servers


@contextmanager
def nowhere(place: Path) -> Iterator[Servers]:
    """Addresses at which nobody answers."""
    yield Servers("127.0.0.1:1", "http://127.0.0.1:1", "http://127.0.0.1:1", place / "scratch")


def told(tree: Path, root: Path, *which: str) -> Iterator[Told]:
    """Start telling; then what the package in a tree says, run by run."""
    command = [sys.executable, str(HERE / "told.py"), str(root), *which]
    process = subprocess.Popen(command, env=variables(tree, root), stdout=subprocess.PIPE, text=True)

    def lines() -> Iterator[Told]:
        with process:
            assert process.stdout is not None
            yield from map(json.loads, process.stdout)
        if process.returncode:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}")

    return lines()


def difference(before: Told, now: Told) -> str:
    """The first lines that differ between two runs."""
    for key in dict.fromkeys((*before, *now)):
        old, new = before.get(key), now.get(key)
        if old != new:
            diff = unified_diff(str(old).splitlines(), str(new).splitlines(), "before", "now", n=1, lineterm="")
            return "\n".join((f"{now['repository']}, {now['run']}: {key}", *islice(diff, SHOWN)))
    return ""


def compare(trees: tuple[Path, Path], roots: tuple[Path, Path], which: Sequence[str]) -> int:
    """Tell by both, print what was compared and what first differs in a repository; how many repositories differ."""
    compared: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    differ: set[object] = set()
    streams = tuple(told(tree, root, *which) for tree, root in zip(trees, roots, strict=True))
    for before, now in zip_longest(*streams, fillvalue={}):
        compared["runs"] += 1
        compared["texts"] += len(before) - 3
        codes[f"{before.get('run')}: {before.get('code')}"] += 1
        if before != now and now.get("repository") not in differ:
            differ.add(now.get("repository"))
            print(difference(before, now), end="\n\n", flush=True)
    print(f"{compared['runs']} runs, {compared['texts']} texts compared; {len(differ)} repositories differ")
    print(f"    exit codes: {', '.join(f'{name} x{count}' for name, count in sorted(codes.items()))}")
    return len(differ)


def main() -> None:
    """Make the repositories twice, tell by both, compare. Ends with 1 when anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the number of the first repository")
    parser.add_argument("--commit", default=COMMIT)
    parser.add_argument("--before", type=Path, help="a checkout of the code before, instead of a commit")
    parser.add_argument("--lint", action="store_true", help="no plans, and so no servers")
    parser.add_argument("--keep", action="store_true", help="leave the repositories where they are")
    given = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="same-"))
    tree = given.before or place / "tree"
    if given.before is None:
        subprocess.run(["git", "clone", "-q", "--no-checkout", str(HERE.parent), str(tree)], check=True)
        subprocess.run(["git", "checkout", "-q", given.commit], cwd=tree, check=True)
    roots = place / "old", place / "now"
    with nowhere(place) if given.lint else cluster(tree, place) as servers:
        for root in roots:
            root.mkdir()
            for number in range(given.first, given.first + given.count):
                make(root, number, servers)
        found = compare((tree, HERE.parent), roots, ["lint"] if given.lint else ["lint", "plan"])
    if given.keep:
        print(f"The repositories are in {place}.")
    else:
        subprocess.run(["rm", "-rf", str(place)], check=True)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()

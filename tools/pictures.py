"""Draws docs/pictures/ and fills the console blocks of the pages with what the commands print on the examples.

A throw-away Kafka answers the plan. Only its cluster id, the digest over that, and the seconds change from run to run:
those become the same ones each time, nothing else is touched. A block follows a line
`<!-- made by tools/pictures.py: NAME -->`.

Usage: python tools/pictures.py [--check] [NAME ...]
"""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kafka_gitops.sandbox import running

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", ROOT / "docs" / "github.md")
PLACE = re.compile(r"(<!-- made by tools/pictures\.py: (\w+) -->\n```\w+\n).*?(```\n)", re.DOTALL)
CLUSTER, SECONDS, DIGEST = "5L6g3nShT-eMCtK--X86sw", "0.01 s", "sha256:c751e84100c9"  # in place of a run's own
WIDTH = 124  # columns: a page shrinks a wider picture until nobody can read it
MISTAKES = (
    ("orders.yaml", "group: reporting", 'group: "*"'),
    ("orders.yaml", "retention.ms:", "retention.mss:"),
    ("payments.yaml", '"2592000000"', '"30 days"'),
)
EDITS = (
    ("orders.yaml", '"604800000"', '"86400000"'),
    (
        "orders.yaml",
        "  - name: customers\n",
        '  - name: returned\n    config: {num.partitions: "3", replication.factor: "1"}\n  - name: customers\n',
    ),
)


def lint() -> dict[str, str]:
    """`lint` of the examples with three mistakes, and the same as GitHub's annotations."""
    with tempfile.TemporaryDirectory() as scratch:
        home = _examples(Path(scratch), MISTAKES)
        line = "lint --format github"
        return {"lint": _typed(home, "lint"), "annotations": _run(home, line, NO_COLOR="1")}


def plan() -> dict[str, str]:
    """`plan` of two edits on a cluster that equals the examples, and the comment that a pull request gets."""
    with tempfile.TemporaryDirectory() as scratch, running() as kafka:
        home = _examples(Path(scratch), ())
        address = {"KAFKA_BOOTSTRAP": kafka.bootstrap}
        base = _commit(home, "init -q")
        _run(home, "apply --yes", **address)
        _fill(kafka.bootstrap)
        _edit(home, EDITS)
        head = _commit(home, "status -s")
        shown = _typed(home, "plan -o plan.json", **address)
        repository = {"full_name": "acme/streams", "default_branch": "main"}
        pull = {"number": 7, "head": {"sha": head, "repo": repository}, "base": {"sha": base, "ref": "main"}}
        event = {"pull_request": pull, "repository": repository}
        (home.parent / "event.json").write_text(json.dumps(event), encoding="utf-8")
        job = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": "../event.json", "GITHUB_STEP_SUMMARY": "../comment.md"}
        job |= {"GITHUB_REPOSITORY": "acme/streams", "GITHUB_RUN_ID": "1024"}
        _run(home, "ci plan --no-comment", **job, **address)
        comment = (home.parent / "comment.md").read_text(encoding="utf-8")
        told = {"plan": shown, "comment": comment}
        return {name: _stable(text, kafka.cluster_id) for name, text in told.items()}


def _fill(bootstrap: str) -> None:
    """Records of three days ago, which a group has not all read; a batch a partition, so that bytes are stable."""
    from confluent_kafka import Consumer, Producer, TopicPartition

    producer, then = Producer({"bootstrap.servers": bootstrap, "linger.ms": 5000}), time.time() - 3 * 86_400
    for number in range(3 * 800):
        producer.produce("acme.orders.placed", b"x" * 500, partition=number % 3, timestamp=int(then * 1000))
    producer.flush(60)
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "reporting"})
    read = [TopicPartition("acme.orders.placed", number, offset) for number, offset in enumerate((800, 650, 200))]
    consumer.commit(offsets=read, asynchronous=False)
    consumer.close()


SCENES: dict[str, Callable[[], dict[str, str]]] = {"lint": lint, "plan": plan}


def _stable(text: str, cluster: str) -> str:
    """With the one cluster id, whole or cut short as plans head their lists, and the one digest of its approval."""
    text = text.replace(cluster, CLUSTER).replace(f"{cluster[:9]}…", f"{CLUSTER[:9]}…")
    return re.sub(r"sha256:[0-9a-f]{12}", DIGEST, text)


def _commit(home: Path, first: str) -> str:
    """Commit all files, always with the same id for the same files; that id."""
    when = "2026-01-05T09:00:00Z"
    who = {"GIT_AUTHOR_NAME": "Ana", "GIT_AUTHOR_EMAIL": "ana@example.org", "GIT_AUTHOR_DATE": when}
    env = {**os.environ, **who, **{key.replace("AUTHOR", "COMMITTER"): value for key, value in who.items()}}
    for words in (first, "add -A", "commit -q --no-gpg-sign -m change", "rev-parse HEAD"):
        done = subprocess.run(["git", *words.split()], cwd=home, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _examples(scratch: Path, edits: Sequence[tuple[str, str, str]]) -> Path:
    home = scratch / "examples"
    shutil.copytree(ROOT / "examples", home, ignore=shutil.ignore_patterns("git*"))  # not the pipelines
    _edit(home, edits)
    return home


def _edit(home: Path, edits: Sequence[tuple[str, str, str]]) -> None:
    for name, old, new in edits:
        file = home / "topologies" / name
        text = file.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise SystemExit(f"{file.name} of the examples has {old!r} {text.count(old)} times, expected once")
        file.write_text(text.replace(old, new), encoding="utf-8")


def _typed(home: Path, line: str, **variables: str) -> str:
    """The prompt, the command and its coloured output, as a terminal of its reader shows them."""
    return f"\x1b[1m$ kafka-gitops {line}\x1b[0m\n{_run(home, line, FORCE_COLOR='1', **variables)}"


def _run(home: Path, line: str, **variables: str) -> str:
    """Both streams in the order of printing."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("CI", "GITHUB_", "NO_COLOR"))}
    env = {**clean, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", **variables}
    command = [sys.executable, "-m", "kafka_gitops.cli.main", *line.split()]
    done = subprocess.run(command, cwd=home, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return re.sub(r"\b\d+\.\d+ s$", SECONDS, done.stdout.decode(), flags=re.MULTILINE)


def plain(text: str) -> str:
    """The text without its colours."""
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def drawn(name: str, text: str) -> str:
    """Coloured terminal output as SVG; it loads nothing from elsewhere. A line over WIDTH goes on in the next row."""
    from rich.console import Console
    from rich.text import Text

    width = min(WIDTH, max(map(len, plain(text).splitlines())))
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(text), overflow="fold")
    svg = console.export_svg(title=f"kafka-gitops {name}", unique_id=name)
    bare = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    return "\n".join(row.rstrip() for row in bare.splitlines()) + "\n"


def made(names: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Each file of the scenes with its text: pictures, the comment, then the pages with their blocks."""
    told = {name: text for scene in names for name, text in SCENES[scene]().items()}
    for name, text in told.items():
        if name in SCENES:
            yield ROOT / "docs" / "pictures" / f"{name}.svg", drawn(name, text)
        elif name == "comment":
            yield ROOT / "docs" / "pictures" / f"{name}.md", text
    for page in PAGES:
        yield page, filled(page.read_text(encoding="utf-8"), told)


def filled(page: str, told: dict[str, str]) -> str:
    """The page with the text of every block that was made now."""
    blocks = {name: plain(text).rstrip("\n") + "\n" for name, text in told.items()}
    return PLACE.sub(lambda at: at[1] + blocks[at[2]] + at[3] if at[2] in blocks else at[0], page)


def main(words: Sequence[str]) -> int:
    """Write the files, or name those that differ and return 1."""
    names = [word for word in words if word != "--check"] or list(SCENES)
    different = [(path, text) for path, text in made(names) if not path.exists() or path.read_text("utf-8") != text]
    for path, text in different:
        print(path.relative_to(ROOT), "differs" if "--check" in words else "written")
        if "--check" not in words:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return int("--check" in words and bool(different))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

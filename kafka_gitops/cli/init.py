"""Write a first config, topology, commit hook and pipeline into this repository; nothing that exists is changed."""

import argparse
from pathlib import Path

from kafka_gitops import scaffold
from kafka_gitops.cli import terminal
from kafka_gitops.errors import KafkaGitopsError, UsageError

EXAMPLE = "kafka-gitops init --ci gitlab"
_OTHERS = ("kafka-gitops.yml",)  # other names of the config file


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `init`."""
    parser.add_argument("--ci", choices=tuple(scaffold.PIPELINES), help="also the pipeline for this platform")


def run(args: argparse.Namespace) -> int:
    """Write what is missing, tell what was written and kept, end with the next command; 0."""
    _at_the_root()
    kept = False
    own = next((name for name in ("topologies", "topology.yaml") if Path(name).exists()), None)
    for path, text in scaffold.files(args.ci, own):
        there = own if own is not None and path.startswith("topologies/") else _there(path)
        kept = kept or there is not None
        if there is None:
            _write(Path(path), text)
        terminal.say(f"  wrote  {path}" if there is None else f"  kept   {there} (it exists)")
    if kept:
        terminal.say("What was kept is as it was: move it away and run this again to see what would have been written.")
    if args.ci:
        terminal.say(
            f"What the pipeline needs (credentials, who may approve): {scaffold.PAGES[args.ci]} of kafka-gitops"
        )
    else:
        terminal.say(f"A pipeline too: kafka-gitops init --ci {'|'.join(scaffold.PIPELINES)}")
    terminal.say("Next:")
    terminal.write("kafka-gitops lint")
    return 0


def _there(path: str) -> str | None:
    """What stands where a file would be written, the config also by its other name."""
    names = (path, *_OTHERS) if path == "kafka-gitops.yaml" else (path,)
    return next((name for name in names if Path(name).exists() or Path(name).is_symlink()), None)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise KafkaGitopsError(f"{path} cannot be written: {error.strerror}") from None


def _at_the_root() -> None:
    """Raise UsageError below the root of a git repository: config, hook and pipeline are looked for at its root."""
    here = Path.cwd()
    root = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    if root != here:
        raise UsageError(f"This is not the root of the repository, {root} is.", help=f"cd {root}")

"""See the whole job on a temporary Kafka: lint, plan, apply, an empty second plan, an edit with a risk; a schema and a
connector on a temporary registry and worker."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from kafka_gitops.cli import terminal
from kafka_gitops.cli.request import Request as Common
from kafka_gitops.cli.sandbox import source_from_environment, variables
from kafka_gitops.errors import KafkaGitopsError

EXAMPLE = "kafka-gitops demo"
EDITED = "topologies/payments.yaml"
SCHEMA = "topologies/schemas/sent.avsc"
NEW_FIELD = '"fields": [', '"fields": [\n    {"name": "weight", "type": "double"},'
OLD, NEW = 'retention.ms: "2592000000"', 'retention.ms: "604800000"'


class Request(Common):
    """What `demo` is asked for."""

    keep: str | None = None


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `demo`."""
    parser.add_argument("--keep", metavar="DIR", help="work in this new directory and leave the files there")


def run(request: Request) -> int:
    """Run the demo in a temporary directory; 0 when every step went as told."""
    from kafka_gitops.sandbox import PARTS, running

    source = source_from_environment()
    with tempfile.TemporaryDirectory(prefix="kafka-gitops-demo-") as scratch:
        home = Path(request.keep) if request.keep else Path(scratch) / "demo"
        _copy_examples(home)
        _title("A temporary Apache Kafka, a schema registry and a Connect worker start on this machine")
        with running(source=source, parts=PARTS, log=terminal.say) as kafka:
            terminal.say(f"They are ready: cluster {kafka.cluster_id}, {kafka.bootstrap}")
            _steps(home, variables(kafka))
            _components(home, variables(kafka))
    _title("That was the whole job; the servers and their data are gone")
    terminal.say("Next: `kafka-gitops lint` and `kafka-gitops plan` on your own files (docs/start.md).")
    return 0


def _steps(home: Path, variables: Mapping[str, str]) -> None:
    _title("1. Check the files, offline: what a pre-commit hook and a pull request do")
    _show(home, variables, "lint")
    _title("2. Plan: what would change on the cluster, for the reviewer")
    _show(home, variables, "plan", "-o", "plan.json")
    _title("3. Apply exactly that plan, as the pipeline does after the merge")
    _show(home, variables, "apply", "plan.json")
    _title("4. Plan again: the cluster matches the files")
    _show(home, variables, "plan", "--exit-code")
    _title(f"5. Somebody shortens a retention in {EDITED}: {OLD.split()[1]} -> {NEW.split()[1]}")
    file = home / EDITED
    file.write_text(file.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    _show(home, variables, "plan", "-o", "plan.json", expected=4)
    _title("6. It is refused until somebody accepts the loss")
    _show(home, variables, "apply", "plan.json", "--accept", "retention-shrink:acme.payments.settled")


def _components(home: Path, variables: Mapping[str, str]) -> None:
    _title("7. A team adds a topic with the schema of its records, and a connector that writes them to a file")
    shutil.copytree(home / "components", home / "topologies", dirs_exist_ok=True)
    _show(home, variables, "plan", "-o", "plan.json")
    _show(home, variables, "apply", "plan.json")
    _title(f"8. Somebody adds a field without a default to {SCHEMA}: the plan asks the registry, which refuses it")
    file = home / SCHEMA
    file.write_text(file.read_text(encoding="utf-8").replace(*NEW_FIELD), encoding="utf-8")
    _show(home, variables, "plan")


def _copy_examples(home: Path) -> None:
    """The examples, from the installed package or from a checkout. Raises KafkaGitopsError for a directory in use."""
    package = Path(__file__).resolve().parent.parent
    examples = next(path for path in (package / "examples", package.parent / "examples") if path.is_dir())
    if home.exists() and any(home.iterdir()):
        raise KafkaGitopsError(f"{home} exists and is not empty", help="Name a directory that the demo may make.")
    shutil.copytree(examples, home, dirs_exist_ok=True)


def _title(text: str) -> None:
    title = f"== {text}"
    terminal.say(f"\n{terminal.paint(title, 'bold', stream='err')}")


def _show(home: Path, variables: Mapping[str, str], *words: str, expected: int = 0) -> None:
    """Run one command as its reader would, and hold it to the exit code that the demo tells of."""
    command = f"$ kafka-gitops {' '.join(words)}"
    terminal.say(f"{terminal.paint(command, 'blue', stream='err')}\n")
    terminal.flush()
    code = _command(home, variables, words)
    if code != expected:
        raise KafkaGitopsError(f"kafka-gitops {' '.join(words)} ended with {code}, expected {expected}")


def _command(home: Path, variables: Mapping[str, str], words: Sequence[str]) -> int:
    command = [sys.executable, "-m", "kafka_gitops.cli.main", *words]
    return subprocess.run(command, cwd=home, env=dict(variables), check=False).returncode

"""The copy of a run's record in a file, for whoever keeps what pipelines leave: `--record FILE`."""

import argparse
import json
from pathlib import Path

from kafka_gitops.cli import terminal
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.ledger import records
from kafka_gitops.ledger.nouns import Run

NAME = "kafka-gitops-record.json"
OPTION = "--record"


def add(parser: argparse.ArgumentParser, *, of: str = "", place: str = "") -> None:
    """The option; `of` names the command that has it, where the parser is of several, `place` where the file goes."""
    help = f"{of}with a ledger: where a copy of the record of this run goes (default: {NAME}{place})"
    parser.add_argument(OPTION, metavar="FILE", help=help)


def save(path: str, run: Run) -> bool:
    """Write it; what is in the way is told, since the work is done. Whether it is written."""
    text = json.dumps(records.body(run), indent=1, sort_keys=True) + "\n"
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        terminal.save(path, text)
    except (KafkaGitopsError, OSError) as failure:
        said = failure.message if isinstance(failure, KafkaGitopsError) else f"{path}: {failure.strerror}"
        terminal.problem(f"warning: no copy of the record is written: {said}")
        return False
    return True

"""The copy of a run's record in a file, for whoever keeps what pipelines leave: `--record FILE`."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

from kafka_gitops.cli import terminal
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.shape.exact import Json

NAME = "kafka-gitops-record.json"
OPTION = "--record"


def add(parser: argparse.ArgumentParser, *, of: str = "", place: str = "") -> None:
    """The option; `of` names the command that has it, where the parser is of several, `place` where the file goes."""
    help = f"{of}with a ledger: where a copy of the record of this run goes (default: {NAME}{place})"
    parser.add_argument(OPTION, metavar="FILE", help=help)


def save(path: str, data: Json, outcomes: Iterable[str]) -> bool:
    """Write a record (`records.body`) with the JSON of its outcomes (`records.lines`); what is in the way is told,
    since the work is done. Whether it is written."""
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        terminal.save(path, text(data, outcomes))
    except (KafkaGitopsError, OSError) as failure:
        said = failure.message if isinstance(failure, KafkaGitopsError) else f"{path}: {failure.strerror}"
        terminal.problem(f"warning: no copy of the record is written: {said}")
        return False
    return True


def text(data: Json, outcomes: Iterable[str]) -> str:
    """JSON with a line for each field and for each outcome: Python's own indents take ten times as long."""
    lines = ",\n".join(f"  {one}" for one in outcomes)
    told = {key: json.dumps(value, sort_keys=True) for key, value in data.items() if key != "outcomes"}
    told["outcomes"] = f"[\n{lines}\n ]" if lines else "[]"
    return "{\n" + ",\n".join(f" {json.dumps(key)}: {told[key]}" for key in sorted(told)) + "\n}\n"

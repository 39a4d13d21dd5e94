"""Print the topics and ACLs that the files declare, without a cluster."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from kafka_gitops.cli import load, setup, terminal
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.diagnostics import Severity
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Acl, Topic, Topology
from kafka_gitops.text import characters

EXAMPLE = "kafka-gitops render topologies/ --format json"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `render`."""
    parser.add_argument("paths", metavar="PATH", nargs="*", help="topology files or directories, or - for stdin")
    parser.add_argument("--format", choices=("text", "json", "yaml"), default="text", help="default: text")
    parser.add_argument("--recursive", action="store_true", help="descend into sub-directories")


def run(args: argparse.Namespace) -> int:
    """Print the state and return 0; with errors in the files print those and return 1."""
    settings = setup.settings(args, MERGED, connect=False)
    topology = load.load_topology(args, settings)
    errors = [problem for problem in lint.run(topology, settings) if problem.severity is Severity.error]
    for problem in errors:
        help = f" ({problem.help})" if problem.help else ""
        terminal.problem(f"{problem.span}: error {problem.rule} {problem.message}{help}")
    if errors:
        return 1
    for note in topology.notes:
        terminal.say(f"note: {note}")
    terminal.write(FORMATS[args.format](topology))
    return 0


def document(topology: Topology) -> dict[str, list[dict[str, Any]]]:
    """The desired state as plain data, sorted: topics by name, ACLs by their fields."""
    topics = sorted((key.name, spec) for key, spec in topology.state.items() if isinstance(spec, Topic))
    return {
        "topics": [
            {
                "name": name,
                "partitions": spec.partitions,
                "replication_factor": spec.replication,
                "config": dict(sorted(spec.config.items())),
            }
            for name, spec in topics
        ],
        "acls": [acl._asdict() for acl in sorted(topology.acls)],
    }


def as_json(topology: Topology) -> str:
    """The state as JSON, two blanks to a level."""
    return characters.json_escaped(json.dumps(document(topology), indent=2, ensure_ascii=False))


def as_yaml(topology: Topology) -> str:
    """The state as YAML, every text quoted where YAML would read it as something else."""
    import yaml

    return str(yaml.safe_dump(document(topology), sort_keys=False, allow_unicode=True, width=120))


def as_text(topology: Topology) -> str:
    """The state as a list to read: counts, topics with what they set, ACLs by principal."""
    return "\n".join(_lines(topology))


def _lines(topology: Topology) -> Iterator[str]:
    found = document(topology)
    yield f"{_count(len(found['topics']), 'topic')}, {_count(len(found['acls']), 'ACL')}"
    if found["topics"]:
        from tabulate import tabulate

        yield ""
        rows = [
            (
                topic["name"],
                _or_broker(topic["partitions"]),
                _or_broker(topic["replication_factor"]),
                " ".join(f"{key}={value}" for key, value in topic["config"].items()),
            )
            for topic in found["topics"]
        ]
        yield tabulate(rows, ("TOPIC", "PARTITIONS", "REPLICATION", "CONFIG"), tablefmt="plain", disable_numparse=True)
    if found["acls"]:
        yield ""
        yield from (str(Acl(**acl)) for acl in found["acls"])


def _or_broker(value: int | None) -> str:
    return "(broker)" if value is None else str(value)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


FORMATS = {"text": as_text, "json": as_json, "yaml": as_yaml}

"""Print what the files declare, without a cluster."""

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Any

from kafka_gitops.cli import load, terminal
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import Files
from kafka_gitops.cli.setup import Configured
from kafka_gitops.diagnostics import Severity
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.contract import Kind
from kafka_gitops.kinds.looks import Looks
from kafka_gitops.lint import origins
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Key, Spec, Topology
from kafka_gitops.report import words
from kafka_gitops.report.findings import one_line
from kafka_gitops.text import characters

EXAMPLE = "kafka-gitops render topologies/ --format json"


class Request(Files):
    """What `render` is asked for."""

    format: str = "text"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `render`."""
    parser.add_argument("paths", metavar="PATH", nargs="*", help="topology files or directories, or - for stdin")
    parser.add_argument("--format", choices=("text", "json", "yaml"), default="text", help="default: text")
    parser.add_argument("--recursive", action="store_true", help="descend into sub-directories")


def run(request: Request) -> int:
    """Print the state and return 0; with errors in the files print those and return 1."""
    settings = Configured(request, MERGED).settings(connect=False)
    topology = load.load_topology(request, settings)
    found = [*origins.told(lint.run(topology, settings, found_alone=topology.alone))]
    errors = [problem for problem in found if problem.severity is Severity.error]
    for problem in errors:
        help = f" ({problem.help})" if problem.help else ""
        terminal.problem(one_line(f"{problem.span}: error {problem.rule} {problem.message}{help}"))
    if errors:
        return 1
    load.say_notes(topology, found)
    for kind in KINDS.values():
        why = kind.barred(settings) if topology.wanted(kind.NAME) else None
        if why is not None:
            terminal.problem(f"warning: {why}")
    terminal.write(FORMATS[request.format](topology))
    return 0


def document(topology: Topology) -> dict[str, list[dict[str, Any]]]:
    """The desired state as plain data by plurals, sorted: by name, or by their fields where those are the name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in KINDS.values():
        rows = [_entry(kind, key, spec) for key, spec in topology.wanted(kind.NAME).items()]
        if rows or kind.ALWAYS:
            found[kind.PLURAL] = sorted(rows, key=lambda row: [str(value) for value in row.values()])
    return found


def _entry(kind: Kind, key: Key, spec: Spec) -> dict[str, Any]:
    named = {} if kind.LOOKS.grants else {"name": key.name}
    return {**named, **kind.dump(spec)}


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
    states = {name: topology.wanted(name) for name in KINDS}
    yield words.sizes({KINDS[name].PLURAL: len(state) for name, state in states.items()})
    for name, state in states.items():
        if state:
            yield ""
            yield from _list(KINDS[name], state)


def _list(kind: Kind, state: Mapping[Key, Spec]) -> Iterator[str]:
    """A line for each resource, in the order of `document`; in columns unless its name says all."""
    if kind.LOOKS.grants:
        yield from map(str, sorted(state.values(), key=lambda spec: [*map(str, kind.dump(spec).values())]))
        return
    from tabulate import tabulate

    looks = kind.LOOKS
    head = [looks.noun, *looks.columns, looks.others]
    rows = [_row(key.name, spec.fields(), looks) for key, spec in sorted(state.items())]
    yield tabulate(rows, [name.upper() for name in head], tablefmt="plain", disable_numparse=True)


def _row(name: str, fields: Mapping[str, str | None], looks: Looks) -> list[str]:
    own = ["(broker)" if fields.get(column) is None else str(fields[column]) for column in looks.columns]
    rest = (f"{field}={text}" for field, text in fields.items() if field not in looks.columns and text is not None)
    return [name, *own, (" " if own else ", ").join(rest)]


FORMATS = {"text": as_text, "json": as_json, "yaml": as_yaml}

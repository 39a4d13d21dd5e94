"""Print the JSON Schema of a kind of file, for an editor: it completes keys, explains them and marks mistakes."""

import argparse
import json
from collections.abc import Callable

from kafka_gitops.cli import terminal
from kafka_gitops.cli.request import Request as Common

EXAMPLE = "kafka-gitops schema topology > topology.schema.json"

KINDS = ("topology", "config", "plans", "roles", "teams", "plan", "apply", "snapshot", "ledger")


class Request(Common):
    """What `schema` is asked for."""

    kind: str = "topology"


def add(parser: argparse.ArgumentParser) -> None:
    """The argument of `schema`."""
    text = "topology (default), config (kafka-gitops.yaml), plans, roles, teams (of import); plan: a saved one; "
    text += "apply: the report of one; snapshot: the JSON in one; ledger: its records"
    parser.add_argument("kind", nargs="?", choices=KINDS, default="topology", metavar="KIND", help=text)


def run(request: Request) -> int:
    """Print the schema to stdout."""
    terminal.write(text_of(request.kind))
    return 0


def text_of(kind: str) -> str:
    """The schema of a kind as text, as docs/schemas/ holds it."""
    from kafka_gitops.adopt.teams_file import document as teams
    from kafka_gitops.config import json_schema as config
    from kafka_gitops.descriptor import json_schema as descriptor
    from kafka_gitops.ledger.records import document as ledger
    from kafka_gitops.plan.apply_schema import document as apply
    from kafka_gitops.plan.schema import document as plan
    from kafka_gitops.snapshot.schema import document as snapshot

    ours = {
        "config": config.document,
        "teams": teams,
        "plan": plan,
        "apply": apply,
        "snapshot": snapshot,
        "ledger": ledger,
    }
    made: dict[str, Callable[[], dict[str, object]]] = {**descriptor.FILES, **ours}
    return json.dumps(made[kind](), indent=2, ensure_ascii=False) + "\n"

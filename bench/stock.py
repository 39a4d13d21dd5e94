"""The estate of the rows "rest": subjects and connectors as files, and as the requests that make them."""

import json
from collections.abc import Iterator
from pathlib import Path

SUBJECTS, CONNECTORS, PER_FILE = 1000, 300, 50
LEVEL = "FULL"

Request = tuple[str, str, dict[str, object]]


def subject(number: int) -> str:
    """The name of a subject; every second one declares a level."""
    return f"bench.{number:04}-value"


def schema(number: int) -> str:
    """The text of its schema: a record of a dozen fields."""
    fields: list[object] = [{"name": "id", "type": "string"}]
    fields += [
        {"name": f"f{one}", "type": ["null", "long"], "default": None, "doc": f"Field {one}"} for one in range(11)
    ]
    record = {"type": "record", "name": f"Record{number}", "namespace": "bench", "fields": fields}
    return json.dumps(record, indent=2)


def config(number: int) -> dict[str, str]:
    """The config of a connector."""
    return {
        "connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector",
        "file": f"/tmp/bench/{number}.txt",
        "topics": "bench.records",
        "tasks.max": "1",
        "errors.tolerance": "all",
        "errors.retry.timeout": str(1000 + number),
    }


def registrations() -> Iterator[Request]:
    """What registers every schema."""
    for number in range(SUBJECTS):
        yield f"/subjects/{subject(number)}/versions", "POST", {"schema": schema(number)}


def levels() -> Iterator[Request]:
    """What gives every second subject its level."""
    for number in range(0, SUBJECTS, 2):
        yield f"/config/{subject(number)}", "PUT", {"compatibility": LEVEL}


def creations() -> Iterator[Request]:
    """What makes every connector, without a task."""
    for number in range(CONNECTORS):
        body: dict[str, object] = {"name": f"bench-{number}", "config": config(number), "initial_state": "STOPPED"}
        yield "/connectors", "POST", body


def write(folder: Path, bootstrap: str) -> None:
    """The files: a schema each, a topology file for every fifty subjects or connectors."""
    for name in ("topologies", "schemas"):
        (folder / name).mkdir()
    (folder / "bootstrap").write_text(bootstrap, encoding="utf-8")
    entries = [_subject(folder, number) for number in range(SUBJECTS)]
    _files(folder, "schemas", entries)
    _files(folder, "connectors", [_connector(number) for number in range(CONNECTORS)])


def configure(folder: Path, registry: str, connect: str) -> None:
    """The config for these two servers."""
    bootstrap = (folder / "bootstrap").read_text(encoding="utf-8")
    text = f"environments:\n  bench:\n    bootstrap: {bootstrap}\n"
    text += f"    schema_registry: {{url: {registry}}}\n    connect: {{main: {{url: {connect}}}}}\n"
    (folder / "kafka-gitops.yaml").write_text(text, encoding="utf-8")


def _subject(folder: Path, number: int) -> str:
    (folder / "schemas" / f"{number:04}.avsc").write_text(schema(number), encoding="utf-8")
    level = f", compatibility: {LEVEL}" if number % 2 == 0 else ""
    return f"- {{subject: {subject(number)}, file: ../schemas/{number:04}.avsc{level}}}\n"


def _connector(number: int) -> str:
    lines = "".join(f'    {key}: "{value}"\n' for key, value in config(number).items())
    return f"- name: bench-{number}\n  state: stopped\n  config:\n{lines}"


def _files(folder: Path, section: str, entries: list[str]) -> None:
    for start in range(0, len(entries), PER_FILE):
        text = f"context: bench\n{section}:\n{''.join(entries[start : start + PER_FILE])}"
        (folder / "topologies" / f"{section}-{start:04}.yaml").write_text(text, encoding="utf-8")

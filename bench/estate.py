"""The estate of the plan and apply rows: topology files, a config, and the same as plain lists."""

from collections.abc import Iterator
from pathlib import Path

CONFIG = {"cleanup.policy": "delete", "retention.ms": "86400000", "min.insync.replicas": "1"}
PER_TOPIC = 4  # bindings: two producers, each DESCRIBE and WRITE
TOPIC = """\
  - name: t{number}
    config:
      num.partitions: "{partitions}"
      replication.factor: "1"
      cleanup.policy: delete
      retention.ms: "86400000"
      min.insync.replicas: "1"
"""
PRODUCERS = """\
    producers:
    - principal: User:a{number}
    - principal: User:b{number}
"""
PER_FILE = 10


def write(folder: Path, bootstrap: str, *, topics: int, partitions: int, acls: bool) -> None:
    """A config for a broker, and a file for every ten topics, each with four bindings where `acls`."""
    (folder / "topologies").mkdir(parents=True, exist_ok=True)
    config = f"environments:\n  bench:\n    bootstrap: {bootstrap}\n"
    (folder / "kafka-gitops.yaml").write_text(config, encoding="utf-8")
    entry = TOPIC + (PRODUCERS if acls else "")
    for start in range(0, topics, PER_FILE):
        entries = "".join(
            entry.format(number=number, partitions=partitions) for number in range(start, start + PER_FILE)
        )
        text = f"context: bench\nprojects:\n- name: p\n  topics:\n{entries}".replace(
            "- name: p\n", f"- name: p{start}\n", 1
        )
        (folder / "topologies" / f"{start:05}.yaml").write_text(text, encoding="utf-8")


def names(topics: int) -> list[str]:
    """The full names of those topics."""
    return [f"bench.p{number - number % PER_FILE}.t{number}" for number in range(topics)]


def bindings(topics: int) -> Iterator[tuple[str, str, str]]:
    """Principal, operation and topic of each binding, all LITERAL, ALLOW and from every host."""
    for number, name in enumerate(names(topics)):
        for who in ("a", "b"):
            for operation in ("DESCRIBE", "WRITE"):
                yield f"User:{who}{number}", operation, name

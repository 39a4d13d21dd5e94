"""Whole processes, alternately: `kafka-gitops lint` and an ordinary YAML (or JSON) load of the same files."""

import argparse
import json
import sys
import tempfile
from functools import partial
from pathlib import Path

from common import OURS, alternate, head, run, table

TOPICS, FILES, SCHEMAS = 10_000, 1_000, 1_000
LOAD = """
import sys, os, yaml
for folder in sys.argv[1:]:
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            yaml.load(file.read(), yaml.CSafeLoader)
"""
PARSE = """
import sys, os, json, yaml, avro.schema
with open("topologies/all.yaml", encoding="utf-8") as file:
    yaml.load(file.read(), yaml.CSafeLoader)
for name in sorted(os.listdir("topologies/schemas")):
    with open(os.path.join("topologies/schemas", name), encoding="utf-8") as file:
        avro.schema.parse(file.read())
"""
TOPIC = """\
  - name: topic-{number}
    config:
      num.partitions: "6"
      replication.factor: "3"
      min.insync.replicas: "2"
      retention.ms: "{retention}"
      cleanup.policy: delete
      compression.type: zstd
"""
ROLES = """\
  consumers:
  - principal: User:consumer-{project}
    group: consumer-{project}-*
  - principal: User:audit
    group: audit
  producers:
  - principal: User:producer-{project}
    transactionId: producer-{project}-*
  streams:
  - principal: User:streams-{project}
    applicationId: streams-{project}-
    topics:
      read: [acme.p{project}.topic-0]
      write: [acme.p{project}.topic-1]
"""


def project(number: int, topics: int) -> str:
    """A project with its roles and topics."""
    each = (TOPIC.format(number=n, retention=86_400_000 + n) for n in range(topics))
    return f"- name: p{number}\n{ROLES.format(project=number)}  topics:\n{''.join(each)}"


def make_files(folder: Path) -> None:
    """10,000 topics in 1,000 files."""
    for number in range(FILES):
        text = f"context: acme\nprojects:\n{project(number, TOPICS // FILES)}"
        (folder / f"{number:04}.yaml").write_text(text, encoding="utf-8")


def make_one(folder: Path) -> None:
    """10,000 topics in one file of 95,000 lines."""
    projects = "".join(project(number, TOPICS // FILES) for number in range(FILES))
    (folder / "all.yaml").write_text(f"context: acme\nprojects:\n{projects}", encoding="utf-8")


def make_schemas(folder: Path) -> None:
    """1,000 topics with a schema of 20 fields each."""
    optional = [{"name": f"field_{n}", "type": ["null", "string"], "default": None, "doc": "said"} for n in range(18)]
    inner = {"type": "record", "name": "Address", "fields": [{"name": "street", "type": "string"}]}
    time = {"type": "long", "logicalType": "timestamp-millis"}
    fields = [*optional, {"name": "at", "type": time}, {"name": "to", "type": inner}]
    (folder / "schemas").mkdir()
    subjects = []
    for number in range(SCHEMAS):
        schema = {"type": "record", "name": f"Order{number}", "namespace": "acme.pay", "fields": fields}
        (folder / "schemas" / f"{number:04}.avsc").write_text(json.dumps(schema, indent=2), encoding="utf-8")
        subjects.append(f"- {{subject: acme.p0.topic-{number}-value, file: schemas/{number:04}.avsc}}\n")
    text = f"context: acme\nprojects:\n{project(0, SCHEMAS)}schemas:\n{''.join(subjects)}"
    (folder / "all.yaml").write_text(text, encoding="utf-8")


def main() -> None:
    """Make the files, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    lint = [*OURS, "lint"]
    print(*head(rounds, "PyYAML"), sep="\n")
    with tempfile.TemporaryDirectory() as place:
        many, one, avro, empty = (Path(place) / name for name in ("many", "one", "avro", "empty"))
        for folder, make in ((many, make_files), (one, make_one), (avro, make_schemas)):
            (folder / "topologies").mkdir(parents=True)
            make(folder / "topologies")
        empty.mkdir()
        load = [sys.executable, "-c", LOAD, "topologies"]
        parse = [sys.executable, "-c", PARSE]
        bare = [sys.executable, "-c", "import yaml"]
        for name, command, theirs, folder, ratio in (
            (f"{TOPICS:,} topics in {FILES:,} files", [*lint, "topologies"], load, many, 1.5),
            (f"{TOPICS:,} topics in one file", [*lint, "topologies"], load, one, 1.5),
            (f"{SCHEMAS:,} Avro schemas; bare: avro.schema.parse", [*lint, "topologies"], parse, avro, 3.0),
            ("nothing to do; bare: import yaml", lint, bare, empty, 3.0),
        ):
            run(command, folder), run(theirs, folder)  # warms the caches of files and byte code
            pairs = alternate(partial(run, command, folder), partial(run, theirs, folder), rounds)
            print(*table(name, pairs, ratio=ratio, more=None), sep="\n", flush=True)


if __name__ == "__main__":
    main()

"""Valid topologies with all six kinds, each an edit of the one before: what a team's repository goes through in a year.

The same seed gives the same files. Partitions only grow, fields are only added (or are optional in both directions), so that
every edit is possible; removals, looser levels and rewritten credentials among them need somebody's consent.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import yaml

TOPICS = ("placed", "paid", "sent", "back", "audit")
PEOPLE = ("shop", "ledger", "robot")
COMMON = "common"
LEVELS = {
    "AVRO": ("NONE", "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FULL", "FULL_TRANSITIVE"),
    "JSON": ("NONE", "BACKWARD", "BACKWARD_TRANSITIVE"),
    "PROTOBUF": ("NONE", "BACKWARD", "BACKWARD_TRANSITIVE"),
}
TYPES = {"placed": "AVRO", "paid": "JSON", "sent": "PROTOBUF", "back": "AVRO", "audit": "AVRO"}
ENDINGS = {"AVRO": "avsc", "JSON": "json", "PROTOBUF": "proto"}
NUMBERS = ("long", "int", "string", "double")

Json = dict[str, Any]


@dataclass
class Estate:
    """A repository in `home` whose names begin with `prefix` (`t7.`); `scratch` is a directory for connectors' files."""

    home: Path
    prefix: str
    scratch: Path
    seed: int
    replicas: int = 1
    random: Random = field(init=False)
    partitions: dict[str, int] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def edit(self) -> None:
        """Write the next topology over the one before."""
        for old in (*self.home.glob("topologies/*"), *self.home.glob("schemas/*"), *self.home.glob("connectors/*")):
            old.unlink()
        topics = self.some(TOPICS, least=2)
        shared = self.shared(topics)
        project = {"name": "shop", "topics": [self.topic(name) for name in topics], **self.access(topics)}
        beside: Json = {"context": self.prefix.rstrip("."), "projects": [{"name": "beside", "topics": []}]}
        for section, entries in shared.items():
            (beside if self.chance(0.5) else beside["projects"][0] if self.chance(0.5) else project)[section] = entries
        self.write("topologies/shop.yaml", {"context": self.prefix.rstrip("."), "projects": [project]})
        self.write("topologies/beside.yaml", beside)

    def shared(self, topics: list[str]) -> Json:
        """The four kinds beside topics and ACLs."""
        people = self.some(PEOPLE, least=1)
        return {
            "users": [self.user(name) for name in people],
            "quotas": [*map(self.quota, people), *self.limits()],
            "schemas": [self.common(), *(self.schema(name) for name in topics if self.chance(0.8))],
            "connectors": self.connectors(topics),
        }

    def name(self, topic: str) -> str:
        """The full name of a topic."""
        return f"{self.prefix}shop.{topic}"

    def variables(self) -> dict[str, str]:
        """What the environment must hold when users are written."""
        return {f"WORD_{name.upper()}": f"{name}-word-{self.seed}" for name in PEOPLE}

    # Topics and ACLs

    def topic(self, name: str) -> Json:
        grown = self.partitions.get(name, 1) + self.chance(0.2)
        self.partitions[name] = grown
        config = {"num.partitions": str(grown), "replication.factor": str(self.replicas)}
        if self.chance(0.7):
            config["retention.ms"] = str(self.random.randrange(1, 30) * 86400000)
        if self.chance(0.3):
            config["max.message.bytes"] = str(self.random.randrange(1, 9) * 1048576)
        return {"name": name, "config": config}

    def access(self, topics: list[str]) -> Json:
        principals = [f"User:{self.prefix}{name}" for name in PEOPLE]
        grant = {"principals": self.some(principals, least=1), "allow": ["READ", "DESCRIBE"], "topics": []}
        grant["topics"] = [self.name(name) for name in self.some(topics, least=1)]
        return {
            "consumers": [
                {"principal": one, "group": f"{self.prefix}readers"} for one in self.some(principals, least=1)
            ],
            "producers": [{"principal": one} for one in self.some(principals, least=1)],
            **({"acls": [grant]} if self.chance(0.6) else {}),
        }

    # Users and quotas

    def user(self, name: str) -> Json:
        word = f"${{WORD_{name.upper()}}}"
        if self.chance(0.3):
            return {"name": self.prefix + name, "mechanisms": {one: {"password": word} for one in self.mechanisms()}}
        made: Json = {"name": self.prefix + name, "mechanism": self.mechanisms()[0], "password": word}
        if self.chance(0.5):
            made["iterations"] = self.random.choice((4096, 8192, 12000))
        if self.chance(0.5):
            made["rotate"] = self.random.randrange(1, 4)
        return made

    def mechanisms(self) -> list[str]:
        return self.some(("SCRAM-SHA-256", "SCRAM-SHA-512"), least=1)

    def quota(self, name: str) -> Json:
        made: Json = {"user": self.prefix + name, "producer_byte_rate": self.rate(), "request_percentage": 200}
        return {**made, "client_id": f"{self.prefix}batch"} if self.chance(0.3) else made

    def limits(self) -> list[Json]:
        found: list[Json] = []
        if self.chance(0.5):
            found.append({"client_id": f"{self.prefix}tool", "consumer_byte_rate": self.rate()})
        if self.chance(0.5):
            found.append({"ip": f"10.9.{self.seed % 250}.2", "connection_creation_rate": self.random.randrange(5, 50)})
        return found

    def rate(self) -> int:
        return self.random.randrange(1, 100) * 1048576

    # Schemas

    def common(self) -> Json:
        """A record to which others refer; it is always there and only grows, so that its latest version is the file's."""
        text = json.dumps(record(self.space, "Common", self.numbers(COMMON)))
        return self.subject(self.prefix + COMMON, "AVRO", COMMON, text)

    def schema(self, topic: str) -> Json:
        kind, numbers = TYPES[topic], self.numbers(topic)
        if kind == "JSON":
            text = json.dumps(document(numbers))
        elif kind == "PROTOBUF":
            text = message(self.space, numbers)
        else:
            some = [number for number in numbers if self.chance(0.7)]  # a former text may come back
            text = json.dumps(
                record(self.space, topic.title(), some, common=topic == "back"), indent=self.random.choice((None, 2))
            )
        made = self.subject(f"{self.name(topic)}-value", kind, topic, text)
        if topic == "back":
            made["references"] = [
                {"name": f"{self.space}.Common", "subject": self.prefix + COMMON, "version": "latest"}
            ]
        return made

    @property
    def space(self) -> str:
        return f"gen.{self.prefix.rstrip('.')}"

    def subject(self, subject: str, kind: str, name: str, text: str) -> Json:
        path = f"schemas/{name}.{ENDINGS[kind]}"
        self.save(path, text)
        made: Json = {"subject": subject, "file": f"../{path}"}
        if kind != "AVRO" or self.chance(0.3):
            made["type"] = kind
        if self.chance(0.5):
            made["compatibility"] = self.random.choice(LEVELS[kind])
        return made

    def numbers(self, name: str) -> list[int]:
        self.fields[name] = self.fields.get(name, 1) + self.chance(0.3)
        return list(range(self.fields[name]))

    # Connectors

    def connectors(self, topics: list[str]) -> list[Json]:
        source = {
            "connector.class": "FileStreamSource",
            "file": str(self.scratch / "in"),
            "topic": self.name(topics[0]),
        }
        sink = {
            "connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector",
            "file": str(self.scratch / "out"),
            "topics": ",".join(self.name(name) for name in self.some(topics, least=1)),
        }
        made = [self.connector(name, config) for name, config in (("in", source), ("out", sink)) if self.chance(0.8)]
        return made or [self.connector("in", source)]

    def connector(self, name: str, config: Json) -> Json:
        config["tasks.max"] = str(self.random.choice((1, 2)))
        if self.chance(0.4):
            config["errors.retry.timeout"] = str(self.random.randrange(1, 9) * 1000)
        made: Json = {"name": self.prefix + name}
        if self.chance(0.4):
            self.save(f"connectors/{name}.json", json.dumps(config))
            made["file"] = f"../connectors/{name}.json"
        else:
            made["config"] = config
        if self.chance(0.5):
            made["state"] = self.random.choice(("running", "running", "paused", "stopped"))
        return {**made, "cluster": "main"} if self.chance(0.5) else made

    # Chance, and files

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def some(self, items: "list[str] | tuple[str, ...]", *, least: int) -> list[str]:
        number = self.random.randrange(min(least, len(items)), len(items) + 1)
        return sorted(self.random.sample(list(items), number))

    def write(self, path: str, data: Json) -> None:
        self.save(path, yaml.safe_dump(data, sort_keys=False, default_flow_style=None, width=120))

    def save(self, path: str, text: str) -> None:
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def record(space: str, name: str, numbers: list[int], *, common: bool = False) -> Json:
    """An Avro record: a text, and optional fields that any version may have or not."""
    optional = [{"name": f"f{one}", "type": ["null", NUMBERS[one % 4]], "default": None} for one in numbers]
    if common:
        optional.append({"name": "common", "type": ["null", f"{space}.Common"], "default": None})
    fields: list[Json] = [{"name": "id", "type": "string"}, *optional]
    return {"type": "record", "name": name, "namespace": space, "fields": fields}


def document(numbers: list[int]) -> Json:
    """A JSON Schema without other properties, so that one more may be added."""
    properties = {"id": {"type": "string"}, **{f"f{one}": {"type": "number"} for one in numbers}}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": properties,
        "required": ["id"],
        "additionalProperties": False,
    }


def message(space: str, numbers: list[int]) -> str:
    """A Protobuf message; a field may be added."""
    fields = "".join(f"  int64 f{one} = {one + 2};\n" for one in numbers)
    return f'syntax = "proto3";\npackage {space};\n\nmessage Event {{\n  string id = 1;\n{fields}}}\n'

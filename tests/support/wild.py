"""Clusters as they are found: nobody planned their names, rights were given by hand, and some of it means nothing.

The same seed gives the same cluster. Everything is plain data; `filling` puts it on the servers.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from kafka_gitops.catalog.acls import operations
from kafka_gitops.kinds.schema.spec import Reference, Schema
from kafka_gitops.model import Acl, Topic

DOMAINS = ("pay", "ship", "crm", "iot", "ledger", "risk")
ENTITIES = ("orders", "paid", "clicks", "users", "stock", "events", "audit-log", "rates")
FORMS = (  # habits of naming: one of them is most of a cluster
    "{company}.{domain}.{entity}",
    "{company}.{domain}.{entity}.v{number}",
    "{domain}-{entity}",
    "{domain}-{entity}-{number}",
    "{company}_{domain}_{entity}",
    "{domain}.{entity}",
    "{entity}",
    "{company}.{env}.{domain}.{entity}.json",
)
OWN = (  # of Kafka's neighbours: nobody declares them
    "_schemas", "__amazon_msk_canary", "_confluent-metrics", "mm2-offset-syncs.eu.internal", "us.checkpoints.internal",
    "us.heartbeats", "us.pay.orders", "heartbeats", "app-KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000004-topic",
)  # fmt: skip
PEOPLE = (
    "User:app", "User:billing", "User:CN=app one, OU=pay, O=Acme", "User:CN=reader,OU=x", "User:two words", "User:*",
    "User:ANONYMOUS", "Group:ops", "user:low", "User:ümlaut", "User:a:b", "User:o'neill", 'User:"quoted"', "User:#5",
    "User:team|x", "User:back\\slash", "Role:admin",
)  # fmt: skip
HOSTS = ("*", "*", "*", "*", "10.1.2.3", "127.0.0.1", "0:0:0:0:0:0:0:1", "10.0.0.0/8", "host.example")
GROUPS = ("readers", "billing-app", "connect-sink", "g*", "*-odd", "a group", "null", "true", "007", "x: y", "- z", "*")
TOPIC_NAMES = ("*", "orders*", "*.odd", "no such", "pay.", "__consumer_offsets", "~", "yes", "1e3")
CONFIGS = (
    ("retention.ms", ("86400000", "604800000", "-1")),
    ("cleanup.policy", ("compact", "delete", "compact,delete", "")),
    ("min.insync.replicas", ("1", "2")),
    ("max.message.bytes", ("1048588", "2097152")),
    ("compression.type", ("zstd", "producer", "gzip")),
    ("unclean.leader.election.enable", ("true", "false")),
    ("message.timestamp.type", ("LogAppendTime",)),
    ("retention.bytes", ("1073741824", "-1")),
    ("leader.replication.throttled.replicas", ("*",)),
)
KINDS = ("TOPIC", "TOPIC", "TOPIC", "GROUP", "GROUP", "TRANSACTIONAL_ID", "CLUSTER", "DELEGATION_TOKEN", "USER")
SINK, SOURCE = "org.apache.kafka.connect.file.FileStreamSinkConnector", "FileStreamSource"
Entity = tuple[tuple[str, str | None], ...]
_T = TypeVar("_T")


@dataclass
class Wild:
    """One cluster: what is on each of its servers."""

    seed: int
    scratch: str
    random: Random = field(init=False)
    topics: dict[str, Topic] = field(default_factory=dict)
    acls: set[Acl] = field(default_factory=set)
    quotas: dict[Entity, dict[str, float]] = field(default_factory=dict)
    users: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    schemas: dict[str, list[Schema]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    connectors: dict[str, dict[str, str]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self._topics()
        for _ in range(self.random.randrange(2, 7)):
            self.acls.update(self._role())
        self.acls.update(self._acl() for _ in range(self.random.randrange(8, 50)))
        self._limits()
        self._credentials()
        self._subjects()
        self._moves()

    @property
    def own(self) -> list[str]:
        """The topics that somebody may declare."""
        return sorted(set(self.topics) - set(OWN))

    def _topics(self) -> None:
        usual = self._one(FORMS)
        for _ in range(self.random.randrange(4, 22)):
            form = usual if self.random.random() < 0.7 else self._one(FORMS)
            words = {"company": "acme", "domain": self._one(DOMAINS), "entity": self._one(ENTITIES), "env": "prod"}
            name = form.format(**words, number=self.random.randrange(1, 4))
            if self.random.random() < 0.1:
                name = name.upper()
            self._topic(name)
        for name in self._some(OWN, 4):
            self._topic(name)
        if self.random.random() < 0.3:
            self.topics["shop-store-changelog"] = Topic(1, 1, {"cleanup.policy": "compact"})
            self.topics["shop-by-id-repartition"] = Topic(1, 1, {"retention.ms": "-1"})
        if self.random.random() < 0.3:
            self._topic("orders-changelog")

    def _topic(self, name: str) -> None:
        if name.replace("_", ".") not in {one.replace("_", ".") for one in self.topics}:
            config = {key: self._one(values) for key, values in CONFIGS if self.random.random() < 0.2}
            self.topics[name] = Topic(self.random.randrange(1, 4), 1, config)

    def _role(self) -> Iterator[Acl]:
        """The bindings that a client needs, all of them: somebody used a tool, or the manual."""
        who, topic, group = self._one(PEOPLE[:5]), self._one(self.own), self._one(GROUPS[:3])
        prefix = topic[: max(3, len(topic) // 2)]

        def may(operation: str, kind: str, name: str, pattern: str = "LITERAL") -> Acl:
            return Acl(who, "*", operation, "ALLOW", kind, pattern, name)

        role = self.random.randrange(4)
        if role == 0:
            yield from (may("READ", "TOPIC", topic), may("DESCRIBE", "TOPIC", topic), may("READ", "GROUP", group))
        elif role == 1:
            yield from (may("WRITE", "TOPIC", topic), may("DESCRIBE", "TOPIC", topic))
        elif role == 2:
            yield from (may(one, "TOPIC", prefix, "PREFIXED") for one in ("READ", "DESCRIBE"))
            yield may("READ", "GROUP", "*")
        else:
            yield from (may("READ", "TOPIC", topic), may("WRITE", "TOPIC", self._one(self.own)))
            yield from (may("ALL", "TOPIC", f"{group}-", "PREFIXED"), may("READ", "GROUP", f"{group}-", "PREFIXED"))

    def _acl(self) -> Acl:
        kind = self._one(KINDS)
        pattern = "PREFIXED" if kind != "CLUSTER" and self.random.random() < 0.3 else "LITERAL"
        name = self._resource(kind)
        operation = self._one(operations(kind)) if self.random.random() < 0.95 else self._one(("READ", "WRITE", "ALL"))
        permission = "DENY" if self.random.random() < 0.15 else "ALLOW"
        return Acl(self._one(PEOPLE), self._one(HOSTS), operation, permission, kind, pattern, name)

    def _resource(self, kind: str) -> str:
        if kind == "CLUSTER":
            return "kafka-cluster"
        if kind == "TOPIC":
            return self._one(self.own) if self.random.random() < 0.7 else self._one(TOPIC_NAMES)
        if kind == "USER":
            return self._one(PEOPLE[:3])
        return self._one(GROUPS)

    def _limits(self) -> None:
        entities: list[Entity] = [
            (("user", "app"),), (("user", None),), (("client-id", None),), (("client-id", "batch job"),),
            (("client-id", "c"), ("user", "CN=app one, OU=pay, O=Acme")), (("client-id", None), ("user", "billing")),
            (("user", "User:dead"),), (("client-id", "null"),),
        ]  # fmt: skip
        limits = {"producer_byte_rate": 1048576.0, "consumer_byte_rate": 2097152.0, "request_percentage": 12.5}
        for entity in entities[: self.random.randrange(len(entities) + 1)]:
            self.quotas[entity] = {key: limits[key] for key in self._some(sorted(limits), 3) or ["request_percentage"]}
        for address in self._some(("10.1.2.3", "localhost", "2001:db8::1"), 3):
            self.quotas[(("ip", address),)] = {"connection_creation_rate": float(self.random.randrange(5, 50))}

    def _credentials(self) -> None:
        for name in self._some(("svc-a", "svc_a", "svc a", "1st", "ünï", "CN=x, O=y", "true"), 5):
            for mechanism in self._some(("SCRAM-SHA-256", "SCRAM-SHA-512"), 2) or ["SCRAM-SHA-512"]:
                self.users[name, mechanism] = (self._one((4096, 8192, 16384)), f"{name}-word")

    def _subjects(self) -> None:
        common = _record("Common", 1)
        self.schemas["wild.common"] = [Schema("AVRO", common)]
        for topic in self._some(self.own, 4):
            versions = self.random.randrange(1, 3)
            texts = [_record("Event", count) for count in range(1, versions + 1)]
            self.schemas[f"{topic}-value"] = [Schema("AVRO", text) for text in texts]
        if self.random.random() < 0.5:
            uses = (Reference("wild.Common", "wild.common", 1),)
            text = json.dumps({"type": "record", "name": "Uses", "namespace": "wild", "fields": [
                {"name": "common", "type": "wild.Common"}]})  # fmt: skip
            self.schemas["uses/it"] = [Schema("AVRO", text, uses)]
        if self.random.random() < 0.5:
            self.schemas["wild json"] = [Schema("JSON", '{"type": "object", "properties": {"id": {"type": "string"}}}')]
        if self.random.random() < 0.5:
            text = 'syntax = "proto3";\npackage wild;\n\nmessage Event {\n  string id = 1;\n}\n'
            self.schemas["wild.proto"] = [Schema("PROTOBUF", text)]
        for subject in self._some(sorted(self.schemas), 3):
            self.levels[subject] = self._one(("NONE", "FULL", "BACKWARD_TRANSITIVE", "FORWARD"))

    def _moves(self) -> None:
        for name in self._some(("sink one", "orders-sink", "in", "nächster"), 3):
            topic = self._one(self.own)
            config = {"connector.class": SINK, "topics": topic, "file": f"{self.scratch}/out", "tasks.max": "1"}
            if self.random.random() < 0.3:
                config = {"connector.class": SOURCE, "topic": topic, "file": f"{self.scratch}/in", "tasks.max": "1"}
            if self.random.random() < 0.4:
                config["database.password"] = "canary-in-clear"
            if self.random.random() < 0.4:
                config["database.user"] = f"${{file:{self.scratch}/db.properties:user}}"
            if self.random.random() < 0.3:
                config["errors.log.enable"] = "true"
            self.connectors[name] = config
            self.states[name] = self._one(("RUNNING", "RUNNING", "PAUSED", "STOPPED"))

    def _one(self, items: Sequence[_T]) -> _T:
        return self.random.choice(items)

    def _some(self, items: Sequence[str], most: int) -> list[str]:
        return sorted(self.random.sample(items, self.random.randrange(0, min(most, len(items)) + 1)))


def _record(name: str, count: int) -> str:
    """An Avro record whose later fields are optional."""
    more = [{"name": f"f{one}", "type": ["null", "long"], "default": None} for one in range(count)]
    fields = [{"name": "id", "type": "string"}, *more]
    return json.dumps({"type": "record", "name": name, "namespace": "wild", "fields": fields})

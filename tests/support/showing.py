"""Changes of every kind as a reviewer would meet them: created, changed, acted on, taken away, with their risks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from making import acl, gained, lost, topic

from kafka_gitops.changes import Change, Origin, Risk
from kafka_gitops.kinds import KINDS, dangers
from kafka_gitops.model import Key, Spec, topic_key

OLD = """{"type": "record", "name": "Order", "namespace": "acme", "fields": [{"name": "id", "type": "long"},
 {"name": "amount", "type": "int"}, {"name": "note", "type": "string"}]}"""
NEW = """{"type": "record", "name": "Order", "namespace": "acme", "fields": [{"name": "id", "type": "long", "doc": "the id"},
 {"name": "amount", "type": "long", "aliases": ["sum"]},
 {"name": "currency", "type": ["null", "string"], "default": null}]}"""


def _spec(kind: str) -> Any:
    """Where a kind keeps what its specs are made of."""
    return import_module(f"kafka_gitops.kinds.{kind}.spec")


def change(
    kind: str, name: str, before: Spec | None, after: Spec | None, *risks: tuple[str, str], line: int = 1,
    act: str | None = None, because: str | None = None,
) -> Change:  # fmt: skip
    """A change that a file of the project pay asks for; a risk is its name and its sentence."""
    told = tuple(dangers()[risk](sentence) for risk, sentence in risks)
    return Change(
        Key(kind, name), before, after, told, Origin("topologies/pay.yaml", line, "pay"), act=act, because=because
    )


def topics() -> list[Change]:
    """A new topic and one that keeps less."""
    shrink = Risk(
        "retention-shrink", "604800000 (7 days) -> 86400000 (1 day): records older than 1 day are deleted", True
    )
    place = Origin("topologies/pay.yaml", 12, "pay")
    return [
        Change(topic_key("acme.pay.refunds"), None, topic(6, None, retention_ms="604800000"), (), place),
        Change(topic_key("acme.pay.orders"), topic(6, 3, retention_ms="604800000"), topic(6, 3, retention_ms="86400000"),
               (shrink,), place),
    ]  # fmt: skip


def acls() -> list[Change]:
    """A right that comes and one that goes."""
    return [gained(acl("connect", "READ", "topic:acme.pay.orders")), lost(acl("old", "READ", "topic:acme.pay.orders"))]


def quotas() -> list[Change]:
    """Tightened with a limit that goes, new for everybody, taken away."""
    spec = _spec("quota")
    own, everybody, gone = (("user", "orders-app"),), (("client-id", None),), (("client-id", "batch"), ("user", "old"))
    before = spec.Quota(own, {"producer_byte_rate": "20971520", "request_percentage": "200"})
    after = spec.Quota(own, {"producer_byte_rate": "10485760", "consumer_byte_rate": "20971520"})
    tight = ("quota-tightened", "producer_byte_rate: 20971520 (20 MiB/s per broker) -> 10485760 (10 MiB/s per broker)")
    limits = {"consumer_byte_rate": "1048576"}
    default = ("quota-default", "every client id without a quota of its own is limited")
    return [
        change("quota", "user=orders-app", before, after, tight, line=3),
        change("quota", "client-id=<default>", None, spec.Quota(everybody, limits), default, line=4),
        change(
            "quota",
            "user=old client-id=batch",
            spec.Quota(gone, limits),
            None,
            line=9,
            because="the job is gone, OPS-112",
        ),
    ]


def users() -> list[Change]:
    """New, with a password written again, taken away."""
    spec = _spec("user")
    kept = spec.User({"SCRAM-SHA-512": spec.Credential(8192, "ORDERS_APP_PASSWORD", "2026-11")})
    refused = ("user-rotate", "clients that reconnect with the old password are refused")
    deleted = ("user-delete", "whoever logs in as it is refused from then on")
    return [
        change(
            "user",
            "new-app",
            None,
            spec.User({"SCRAM-SHA-512": spec.Credential(8192, "NEW_APP_PASSWORD", None)}),
            line=3,
        ),
        change("user", "orders-app", kept, kept, refused, line=4, act="rotate"),
        change(
            "user",
            "old-app",
            spec.User({"SCRAM-SHA-256": spec.Credential(4096)}),
            None,
            deleted,
            line=9,
            because="replaced",
        ),
    ]


def schemas() -> list[Change]:
    """A change of all sorts with a loosened level, new with a reference, taken away."""
    spec = _spec("schema")
    before, after = spec.Schema("AVRO", OLD, (), "BACKWARD"), spec.Schema("AVRO", NEW, (), "NONE")
    made = spec.Schema("AVRO", NEW, (spec.Reference("acme.Address", "acme.common.address", 3),), "BACKWARD_TRANSITIVE")
    loosened = ("compatibility-loosened", "BACKWARD -> NONE: versions that readers cannot read may follow")
    gone = ("subject-delete", "its 3 versions are no longer given to clients that ask by subject")
    return [
        change("schema", "acme.pay.orders-value", before, after, loosened, line=22),
        change("schema", "acme.pay.refunds-value", None, made, line=14),
        change("schema", "acme.pay.old-value", spec.Schema("AVRO", OLD), None, gone, line=60, because="replaced"),
    ]


def connectors() -> list[Change]:
    """More tasks and a secret out of sight, new, restarted, taken away."""
    spec = _spec("connector")
    sink = {
        "connector.class": "io.confluent.connect.jdbc.JdbcSinkConnector", "topics": "acme.pay.orders", "tasks.max": "2",
        "connection.password": "${file:/etc/secrets:db}",
    }  # fmt: skip
    source = {
        "connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector", "topic": "acme.pay.refunds",
        "file": "/var/lib/refunds.txt", "tasks.max": "1",
    }  # fmt: skip
    was = {**sink, "tasks.max": "1", "connection.password": "(secret)", "batch.size": "100"}
    stays = "it moves no records any more. What stays: the offsets of its group connect-old-sink"
    return [
        change("connector", "main/orders-sink", spec.Connector(was, "running"), spec.Connector(sink, "running"),
               ("connector-tasks", "it and its 1 task are restarted"), line=40),
        change("connector", "main/refunds-source", None, spec.Connector(source, "running"), line=44),
        change("connector", "main/stuck", spec.Connector(sink), spec.Connector(sink), line=48, act="restart", because="task 0 failed"),
        change("connector", "main/old-sink", spec.Connector(sink), None, ("connector-delete", stays), line=50),
    ]  # fmt: skip


_OF: Mapping[str, Callable[[], list[Change]]] = {
    "topic": topics, "acl": acls, "quota": quotas, "user": users, "schema": schemas, "connector": connectors,
}  # fmt: skip


def of(*kinds: str) -> list[Change]:
    """The changes of these kinds (default: all), as a plan lists them."""
    return [one for kind in kinds or KINDS for one in _OF[kind]()]


def wide(connector: Change, fields: int, value: str) -> Change:
    """The creation of a connector with so many more keys of this value."""
    spec: Any = connector.after
    return replace(connector, after=spec._replace(config={f"key.{number:03}": value for number in range(fields)}))

"""What the files of one estate look like, in each way of cutting it: exactly as somebody reads them."""

from pathlib import Path

import pytest
from goldens import expected

from kafka_gitops.adopt.files import made
from kafka_gitops.adopt.inventory import Inventory, Shape, Split
from kafka_gitops.descriptor import roles
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.kinds.connector.spec import key_of as connector_key
from kafka_gitops.kinds.quota.spec import Quota
from kafka_gitops.kinds.quota.spec import key as quota_key
from kafka_gitops.kinds.schema.spec import Schema
from kafka_gitops.kinds.schema.spec import key_of as subject_key
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.model import Acl, Key, Spec, Topic, acl_key, topic_key
from kafka_gitops.settings import Language

DATA = Path(__file__).parents[1] / "data" / "adopt"
SPLITS: tuple[Split, ...] = ("one", "prefix", "owner")
TOPICS = {
    "acme.pay.orders": Topic(6, 3, {"retention.ms": "604800000"}),
    "acme.pay.refunds": Topic(6, 3, {"cleanup.policy": "compact", "min.insync.replicas": "2", "retention.ms": "-1"}),
    "acme.ship.parcels": Topic(3, 3, {"unclean.leader.election.enable": "false"}),
    "acme.ship.parcels.v2": Topic(3, 3, {}),
    "acme.crm.contacts": Topic(1, 1, {}),
    "legacy_orders": Topic(
        1, 1, {"retention.ms": "86400000", "segment.bytes": "1073741824", "max.message.bytes": "2097152"}
    ),
    "metrics.raw": Topic(12, 2, {}),
    "metrics.daily": Topic(1, 2, {}),
}


def estate() -> Inventory:
    """A cluster that grew: one with structure, some names without, rights that are roles and others."""

    def one(
        who: str, done: str, kind: str, name: str, *, host: str = "*", deny: bool = False, prefix: bool = False
    ) -> Acl:
        return Acl(
            f"User:{who}", host, done, "DENY" if deny else "ALLOW", kind, "PREFIXED" if prefix else "LITERAL", name
        )

    pay, internal = ("acme.pay.orders", "acme.pay.refunds"), ("connect-status", "connect-offsets", "connect-configs")
    acls = [
        *roles.producer("User:pay-app", pay, "pay-app*", idempotent=True),
        *roles.consumer("User:audit", pay, "audit"),
        *roles.consumer("User:ship-app", pay[:1], "ship-app"),
        *roles.producer("User:ship-app", ("acme.ship.parcels",), None, idempotent=False),
        *roles.producer("User:CN=metrics,O=Acme", ("metrics.raw", "metrics.daily"), None, idempotent=True),
        *roles.streams("User:crm", "acme.crm.", pay[:1], ("acme.crm.contacts",), exactly_once=False),
        *roles.connector("User:connect", internal, "connect-cluster", ("acme.ship.parcels",), (), creates_topics=True),
        *(
            one("admin", "ALL", kind, name)
            for kind, name in (("TOPIC", "*"), ("GROUP", "*"), ("CLUSTER", "kafka-cluster"))
        ),
        one("etl", "READ", "TOPIC", "acme.", prefix=True),
        one("etl", "DESCRIBE", "TOPIC", "acme.", prefix=True),
        one("etl", "READ", "GROUP", "etl*"),
        one("intern", "READ", "TOPIC", "acme.pay.orders", deny=True),
        one("old", "READ", "TOPIC", "legacy_orders", host="10.0.0.1"),
    ]
    specs: dict[Key, Spec] = {topic_key(name): spec for name, spec in TOPICS.items()}
    specs |= {acl_key(acl): acl for acl in acls}
    for entity in ((("user", "pay-app"),), (("user", None),), (("client-id", "batch"), ("user", "etl"))):
        specs[quota_key(entity)] = Quota(entity, {"producer_byte_rate": "1048576"})
    specs[Key("user", "pay-app")] = User({"SCRAM-SHA-512": Credential(8192)})
    specs[Key("user", "old")] = User({"SCRAM-SHA-256": Credential(4096), "SCRAM-SHA-512": Credential(4096)})
    for subject in ("acme.pay.orders-value", "Money", "money"):
        specs[subject_key(subject)] = Schema("AVRO", f'{{"type": "string", "doc": "{subject}"}}')
    config = {
        "connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector",
        "file": "/tmp/parcels.txt",
        "topics": "acme.ship.parcels",
    }
    specs[connector_key("main", "parcels-sink")] = Connector({**config, "sink.password": "(secret)"}, "running")
    return Inventory(specs)


@pytest.mark.parametrize("split", SPLITS)
def test_the_files(split: Split) -> None:
    found = made(estate(), Shape(None, split), Language())
    text = "".join(f"##### {one.path}\n{one.text}{'' if one.text.endswith(chr(10)) else chr(10)}" for one in found)
    assert text == expected(DATA / f"{split}.txt", text)


def test_with_custom_roles_a_project_has_no_section_that_may_be_one() -> None:
    (found, *_) = made(estate(), Shape(), Language(roles="roles.yaml"))
    lines = found.text.splitlines()
    assert "  acls:" not in lines and "  schemas:" not in lines
    assert '- {principals: ["User:intern"], deny: [READ], topics: [acme.pay.orders]}' in lines

"""The grammar of topology files, as tables of keys and types."""

from collections.abc import Mapping

from kafka_gitops import holds
from kafka_gitops.shape.check import AnyOf, Anything, Boolean, ListOf, Map, Number, OneOf, Shape, Text

TEXT, MAYBE = Text(), Text(null=True)
METADATA = Map(others=MAYBE, null=True, called="metadata")
PRINCIPAL: dict[str, Shape] = {"principal": TEXT, "metadata": METADATA, holds.KEY: holds.SHAPE}
USER_HINTS = {
    "principal": "say who it is: principal: User:NAME",
    "topics": "say what it reads: topics: {read: [NAME]}",
    "appId": "say which: appId: NAME",
    "ksqlDbId": "say which: ksqlDbId: NAME",
}

_UNDER_CONFIG = ("cleanup.policy", "retention.ms", "retention.bytes", "segment.ms", "segment.bytes", "num.partitions",
                 "replication.factor", "min.insync.replicas", "compression.type", "max.message.bytes")  # fmt: skip
TOPIC_HINTS = {
    **{name: f'it belongs under "config" as {name}' for name in _UNDER_CONFIG},
    **dict.fromkeys(("partitions", "partition_count"), 'it belongs under "config" as num.partitions'),
    **dict.fromkeys(
        ("replication", "replication_factor", "replicationFactor", "replicas"),
        'it belongs under "config" as replication.factor',
    ),
}


def _hints(keys: Mapping[str, Shape]) -> dict[str, str]:
    return {key: text for key, text in USER_HINTS.items() if key in keys or key in PRINCIPAL}


def _user(called: str, **keys: Shape) -> AnyOf:
    """An entry that may also be the bare principal."""
    return AnyOf(
        (Map({**PRINCIPAL, **keys}, ("principal",), hints=_hints(keys), called=called), Text(what="a principal"))
    )


def _entry(called: str, required: tuple[str, ...] = ("principal",), **keys: Shape) -> Map:
    return Map({**PRINCIPAL, **keys}, required, hints=_hints(keys), called=called)


def _list(item: Shape, of: str) -> ListOf:
    return ListOf(item, null=True, called=f"a list of {of}")


NAMES = ListOf(TEXT, null=True, called="a list of names")
ACCESS_TOPICS = Map({"read": NAMES, "write": NAMES}, lenient=True, called="topics")
STREAM_TOPICS = Map(
    {"read": ListOf(TEXT, least=1, called="a list of topic names"), "write": NAMES},
    ("read",),
    lenient=True,
    called='"topics" of a streams application',
)
CONSUMER_KEYS: dict[str, Shape] = {"group": MAYBE}
PRODUCER_KEYS: dict[str, Shape] = {
    "transactionId": MAYBE,
    "idempotence": Boolean(null=True),
    "idempotent": Anything(),
}
CONSUMERS = _list(_user("a consumer", **CONSUMER_KEYS), "consumers")
PRODUCERS = _list(_user("a producer", **PRODUCER_KEYS), "producers")
STREAMS = _list(
    _entry(
        "a streams application",
        ("principal", "topics"),
        topics=STREAM_TOPICS,
        applicationId=MAYBE,
        exactlyOnce=Boolean(),
    ),
    "streams applications",
)
CONNECTORS = _list(
    _user(
        "a connector",
        topics=ACCESS_TOPICS,
        status_topic=MAYBE,
        offset_topic=MAYBE,
        configs_topic=MAYBE,
        group=MAYBE,
        cluster_id=MAYBE,
        connectors=NAMES,
    ),
    "connectors",
)
CONNECT_ARTEFACTS = _list(
    Map(
        {"path": TEXT, "server": TEXT, "name": TEXT, "hash": MAYBE},
        ("path", "server", "name"),
        called="a connector artefact",
    ),
    "connector artefacts",
)
CONNECT_MAP = Map(
    {"access_control": CONNECTORS, "artefacts": CONNECT_ARTEFACTS, "artifacts": CONNECT_ARTEFACTS},
    called='"connectors"',
)
KSQL = _list(_entry("a ksqlDB application", topics=ACCESS_TOPICS, applicationId=MAYBE, ksqlDbId=MAYBE), "ksqlDB users")
_SQL = _list(
    Map({"path": TEXT, "name": TEXT, "server": MAYBE}, ("path", "name"), called="an SQL artefact"), "SQL files"
)
_SQLS = Map({"streams": _SQL, "tables": _SQL, "vars": METADATA}, null=True, called='"artefacts" of ksql')
KSQL_MAP = Map({"access_control": KSQL, "artefacts": _SQLS, "artifacts": _SQLS}, called='"ksql"')
_FORMAT = OneOf(("AVRO", "JSON", "PROTOBUF"))
SCHEMA = Map(
    {
        **{
            f"{side}.{key}": TEXT
            for side in ("key", "value")
            for key in ("schema.file", "record.type", "compatibility")
        },
        "key.format": _FORMAT,
        "value.format": _FORMAT,
    },
    ("value.schema.file",),
    called="a schema",
)
SUBJECTS = _list(_entry("a schema user", subjects=NAMES, role=MAYBE, prefixed=Boolean(null=True)), "schema users")
_HOLDERS = _list(_user("a role's user"), "principals")
RBAC = _list(Map(others=_HOLDERS, called="a role with its users"), 'mappings, such as "- ResourceOwner: [...]"')
CUSTOM = ListOf(
    _entry(
        "a custom role's user",
        topic=MAYBE,
        subject=MAYBE,
        connector=MAYBE,
        group=MAYBE,
        transactionId=MAYBE,
        idempotence=Boolean(null=True),
    ),
    null=True,
    called="a list of the role's users",
)

TOPIC = Map(
    {
        "name": TEXT,
        "dataType": MAYBE,
        "config": Map(others=MAYBE, null=True, called='"config"'),
        "plan": MAYBE,
        "consumers": CONSUMERS,
        "producers": PRODUCERS,
        "schemas": Anything(),  # looked at by topics.py: its needs depend on the strategy
        "subject.name.strategy": MAYBE,
        "metadata": Map(others=Anything(), null=True, called="metadata"),
        "protected": Boolean(),
        "keyed": Boolean(),
        holds.KEY: holds.SHAPE,
    },
    ("name",),
    lenient=True,
    hints=TOPIC_HINTS,
    called="a topic",
)
TOPICS = _list(TOPIC, "topics")
PROJECT = Map(
    {
        "name": TEXT,
        "topics": TOPICS,
        "consumers": CONSUMERS,
        "producers": PRODUCERS,
        "streams": STREAMS,
        "connectors": AnyOf((CONNECTORS, CONNECT_MAP)),
        "ksql": AnyOf((KSQL, KSQL_MAP)),
        "schemas": SUBJECTS,
        "rbac": RBAC,
    },
    ("name",),
    others=Anything(),  # custom roles and sections, looked at by projects.py
    called="a project",
)
PROJECTS = _list(PROJECT, "projects")
_RBAC_MAP = Map(others=_HOLDERS, null=True, called="roles with their users")


def _component(called: str, instance: Shape | None = None, **keys: Shape) -> Map:
    instances = {"instances": _list(instance, "instances")} if instance else {}
    return Map({**instances, **keys}, called=called)


_RATE = Number(least=0)
_QUOTA = Map(
    {"principal": TEXT, "producer_byte_rate": _RATE, "consumer_byte_rate": _RATE, "request_percentage": _RATE},
    ("principal",),
    called="a quota",
)
PLATFORM = Map(
    {
        "kafka": _component("platform.kafka", _user("an instance"), rbac=_RBAC_MAP, quotas=_list(_QUOTA, "quotas")),
        "kafka_connect": _component("platform.kafka_connect", rbac=_RBAC_MAP),
        "schema_registry": _component(
            "platform.schema_registry",
            _user("a Schema Registry instance", topic=MAYBE, consumer_offsets_topic=MAYBE, group=MAYBE),
            rbac=_RBAC_MAP,
        ),
        "control_center": _component(
            "platform.control_center",
            _entry("a Control Center instance", ("principal", "appId"), appId=TEXT),
        ),
        "ksql": _component(
            "platform.ksql", _entry("a ksqlDB server", ("principal", "ksqlDbId"), ksqlDbId=TEXT, owner=MAYBE)
        ),
    },
    lenient=True,
    called="platform",
)

_ONE_EACH = "an expectation is about one: write an item for each"
ACCESS = ListOf(
    Map(
        {
            "principal": TEXT,
            "can": TEXT,
            "cannot": TEXT,
            "topic": TEXT,
            "group": TEXT,
            "transactional_id": TEXT,
            "cluster": Boolean(),
            "delegation_token": TEXT,
            "user": TEXT,
            "host": TEXT,
        },
        ("principal",),
        hints={
            "principal": USER_HINTS["principal"],
            **dict.fromkeys(("principals", "topics", "groups", "transactional_ids", "hosts"), _ONE_EACH),
        },
        called="an item of access",
    ),
    called="a list of expectations",
)
FILE = Map(
    {
        "context": MAYBE,
        "projects": PROJECTS,
        "platform": PLATFORM,
        "special_topics": TOPICS,
    },
    others=Anything(),  # the hierarchy and sections, looked at by merge.py and sections.py
    called="a topology file",
)

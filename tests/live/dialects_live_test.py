"""Each dialect on a real broker: what the other tool makes of its file is what the migrated file wants; no plan differs.

The other tool's side is written down here call by call, by its documentation and source, and made with plain clients.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from altering import eventually
from desk import Desk

from kafka_gitops.clients.link import Link
from kafka_gitops.clients.quotas import KafkaQuotas
from kafka_gitops.clients.translate import login
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
Binding = tuple[str, str, str, str, str, str, str]  # type, pattern, name, principal, host, operation, permission


@dataclass
class Theirs:
    """A file of another tool, and what the tool makes of it; @ stands for the prefix of this test's names."""

    path: str
    text: str
    topics: Mapping[str, tuple[int, int, Mapping[str, str]]] = field(default_factory=dict)
    acls: Sequence[Binding] = ()
    quotas: Mapping[tuple[tuple[str, str | None], ...], Mapping[str, float]] = field(default_factory=dict)
    users: Mapping[str, tuple[str, int]] = field(default_factory=dict)


THEIRS = {
    "strimzi": Theirs(
        "k8s.yaml",
        """\
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaTopic
metadata: {name: settled}
spec:
  topicName: "@settled"
  partitions: 2
  replicas: 1
  config: {retention.ms: 3600000, cleanup.policy: [compact, delete], min.cleanable.dirty.ratio: 0.5, preallocate: false}
---
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaTopic
metadata: {name: "@bare"}
---
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaUser
metadata: {name: "@tls"}
spec:
  authentication: {type: tls}
  authorization:
    type: simple
    acls:
    - {resource: {type: topic, name: "@", patternType: prefix}, operations: [Read, DescribeConfigs]}
    - {resource: {type: group, name: "@g"}, operation: Read, host: 10.0.0.1, type: deny}
    - {resource: {type: cluster}, operations: [IdempotentWrite]}
  quotas: {producerByteRate: 1048576, requestPercentage: 55}
---
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaUser
metadata: {name: "@scram"}
spec: {authentication: {type: scram-sha-512}}
""",
        {
            "settled": (
                2,
                1,
                {
                    "retention.ms": "3600000",
                    "cleanup.policy": "compact,delete",
                    "min.cleanable.dirty.ratio": "0.5",
                    "preallocate": "false",
                },
            ),
            "bare": (-1, -1, {}),
        },
        [
            ("TOPIC", "PREFIXED", "@", "User:CN=@tls", "*", "READ", "ALLOW"),
            ("TOPIC", "PREFIXED", "@", "User:CN=@tls", "*", "DESCRIBE_CONFIGS", "ALLOW"),
            ("GROUP", "LITERAL", "@g", "User:CN=@tls", "10.0.0.1", "READ", "DENY"),
            ("BROKER", "LITERAL", "kafka-cluster", "User:CN=@tls", "*", "IDEMPOTENT_WRITE", "ALLOW"),
        ],
        {(("user", "CN=@tls"),): {"producer_byte_rate": 1048576.0, "request_percentage": 55.0}},
        {"@scram": ("SCRAM_SHA_512", 4096)},
    ),
    "jikkou": Theirs(
        "jikkou.yaml",
        """\
apiVersion: "core.jikkou.io/v1beta2"
kind: ConfigMap
metadata: {name: durable}
data: {cleanup.policy: compact}
---
apiVersion: "kafka.jikkou.io/v1beta2"
kind: KafkaTopicList
items:
- metadata: {name: "@one"}
  spec: {partitions: 2, replicas: 1, configs: {cleanup.policy: delete, retention.ms: 3600000}, configMapRefs: [durable]}
- metadata: {name: "@gone", annotations: {jikkou.io/delete: true}}
---
apiVersion: "kafka.jikkou.io/v1beta2"
kind: KafkaPrincipalRole
metadata: {name: reader}
spec: {acls: [{resource: {type: topic, pattern: "@", patternType: PREFIXED}, type: ALLOW, operations: [READ], host: "*"}]}
---
apiVersion: "kafka.jikkou.io/v1beta2"
kind: KafkaPrincipalAuthorization
metadata: {name: "User:@a"}
spec:
  roles: [reader]
  acls: [{resource: {type: group, pattern: "@g", patternType: LITERAL}, operations: [READ, DESCRIBE], host: "*"}]
---
apiVersion: "kafka.jikkou.io/v1beta2"
kind: KafkaClientQuota
metadata: {name: q}
spec: {type: USER_CLIENT, entity: {user: "@a", clientId: c}, configs: {consumerByteRate: 2097152}}
---
apiVersion: "kafka.jikkou.io/v1"
kind: KafkaUser
metadata: {name: "@u"}
spec: {authentications: [{type: scram-sha-256}]}
""",
        {"one": (2, 1, {"cleanup.policy": "compact", "retention.ms": "3600000"})},
        [
            ("TOPIC", "PREFIXED", "@", "User:@a", "*", "READ", "ALLOW"),
            ("GROUP", "LITERAL", "@g", "User:@a", "*", "READ", "ALLOW"),
            ("GROUP", "LITERAL", "@g", "User:@a", "*", "DESCRIBE", "ALLOW"),
        ],
        {(("client-id", "c"), ("user", "@a")): {"consumer_byte_rate": 2097152.0}},
        {"@u": ("SCRAM_SHA_256", 8192)},
    ),
    "topicctl": Theirs(
        "topicctl.yaml",
        """\
meta: {name: "@settled", cluster: c, environment: dev, region: eu}
spec:
  partitions: 2
  replicationFactor: 1
  retentionMinutes: 60
  placement: {strategy: any}
  settings: {cleanup.policy: [compact, delete], min.cleanable.dirty.ratio: 0.25, max.message.bytes: 5542880}
---
meta: {name: acls, cluster: c, environment: dev, region: eu}
spec:
  acls:
  - resource: {type: topic, name: "@", patternType: prefixed, principal: "User:@a", host: "*", permission: allow}
    operations: [Read, DescribeConfigs]
""",
        {
            "settled": (
                2,
                1,
                {
                    "retention.ms": "3600000",
                    "cleanup.policy": "compact,delete",
                    "min.cleanable.dirty.ratio": "0.25",
                    "max.message.bytes": "5542880",
                },
            )
        },
        [
            ("TOPIC", "PREFIXED", "@", "User:@a", "*", "READ", "ALLOW"),
            ("TOPIC", "PREFIXED", "@", "User:@a", "*", "DESCRIBE_CONFIGS", "ALLOW"),
        ],
    ),
}

THEIRS["kdef"] = Theirs(
    "kdef.yml",
    """\
apiVersion: v1
kind: topic
metadata: {name: "@settled", labels: {team: pay}}
spec:
  configs: {retention.ms: 3600000, preallocate: true}
  partitions: 2
  replicationFactor: 1
  managedAssignments: {selection: topic-cluster-use}
---
apiVersion: v1
kind: acl
metadata: {name: "@", type: topic, resourcePatternType: prefixed}
spec: {acls: [{principals: ["User:@a", "User:@b"], hosts: ["*"], operations: [READ, WRITE], permissionType: ALLOW}]}
""",
    {"settled": (2, 1, {"retention.ms": "3600000", "preallocate": "true"})},
    [
        ("TOPIC", "PREFIXED", "@", f"User:@{who}", "*", operation, "ALLOW")
        for who in "ab"
        for operation in ("READ", "WRITE")
    ],
)
OWN = ("READ", "WRITE", "DESCRIBE", "DELETE", "CREATE", "ALTER", "ALTER_CONFIGS", "DESCRIBE_CONFIGS")
THEIRS["devshawn"] = Theirs(
    "state.yaml",
    """\
settings: {topics: {defaults: {replication: 1}}}
topics:
  "@settled": {partitions: 2, configs: {retention.ms: 3600000}}
services:
  "@app": {type: application, principal: "User:@a", produces: ["@settled"], consumes: ["@asked"]}
  "@conn": {type: kafka-connect, principal: "User:@c", connectors: {"@sink": {consumes: ["@settled"]}}}
  "@streams": {type: kafka-streams, principal: "User:@s", consumes: ["@settled"], application-id: "@id"}
users:
  "@op": {principal: "User:@o", roles: [operator]}
customUserAcls:
  "@op": {one: {name: "@", type: TOPIC, pattern: PREFIXED, host: 10.0.0.1, operation: ALTER, permission: DENY}}
""",
    {"settled": (2, 1, {"retention.ms": "3600000"})},
    [
        *(
            ("TOPIC", "LITERAL", *one, "ALLOW")
            for one in (("@settled", "User:@a", "*", "WRITE"), ("@asked", "User:@a", "*", "READ"))
        ),
        ("GROUP", "LITERAL", "@app", "User:@a", "*", "READ", "ALLOW"),
        *(
            ("TOPIC", "LITERAL", f"connect-{what}-@conn", "User:@c", "*", operation, "ALLOW")
            for what in ("configs", "offsets", "status")
            for operation in ("READ", "WRITE")
        ),
        ("GROUP", "LITERAL", "@conn", "User:@c", "*", "READ", "ALLOW"),
        ("TOPIC", "LITERAL", "@settled", "User:@c", "*", "READ", "ALLOW"),
        ("GROUP", "LITERAL", "connect-@sink", "User:@c", "*", "READ", "ALLOW"),
        ("TOPIC", "LITERAL", "@settled", "User:@s", "*", "READ", "ALLOW"),
        *(("TOPIC", "PREFIXED", "@id", "User:@s", "*", operation, "ALLOW") for operation in OWN),
        *(
            ("GROUP", "LITERAL", "@id", "User:@s", "*", operation, "ALLOW")
            for operation in ("READ", "DESCRIBE", "DELETE")
        ),
        ("BROKER", "LITERAL", "kafka-cluster", "User:@s", "*", "DESCRIBE_CONFIGS", "ALLOW"),
        ("BROKER", "LITERAL", "kafka-cluster", "User:@o", "*", "DESCRIBE", "ALLOW"),
        *(
            ("TOPIC", "LITERAL", "*", "User:@o", "*", operation, "ALLOW")
            for operation in ("DESCRIBE", "DESCRIBE_CONFIGS")
        ),
        *(("GROUP", "LITERAL", "*", "User:@o", "*", operation, "ALLOW") for operation in ("READ", "DESCRIBE")),
        ("TOPIC", "PREFIXED", "@", "User:@o", "10.0.0.1", "ALTER", "DENY"),
    ],
)

THEIRS["terraform"] = Theirs(
    "main.tf",
    """\
resource "kafka_topic" "settled" {
  name               = "@settled"
  partitions         = 2
  replication_factor = 1
  config = {
    "retention.ms" = 3600000
    "preallocate"  = true
  }
}
resource "kafka_acl" "read" {
  resource_name                = "@"
  resource_type                = "Topic"
  resource_pattern_type_filter = "Prefixed"
  acl_principal                = "User:@a"
  acl_host                     = "*"
  acl_operation                = "DescribeConfigs"
  acl_permission_type          = "Allow"
}
resource "kafka_acl" "ids" {
  resource_name       = "@id"
  resource_type       = "TransactionalID"
  acl_principal       = "User:@a"
  acl_host            = "*"
  acl_operation       = "Write"
  acl_permission_type = "Deny"
}
resource "kafka_quota" "a" {
  entity_name = "@a"
  entity_type = "client-id"
  config      = { "producer_byte_rate" = "1048576" }
}
resource "kafka_user_scram_credential" "u" {
  username        = "@u"
  scram_mechanism = "SCRAM-SHA-256"
  password        = "secret-of-theirs"
}
""",
    {"settled": (2, 1, {"retention.ms": "3600000", "preallocate": "true"})},
    [
        ("TOPIC", "PREFIXED", "@", "User:@a", "*", "DESCRIBE_CONFIGS", "ALLOW"),
        ("TRANSACTIONAL_ID", "LITERAL", "@id", "User:@a", "*", "WRITE", "DENY"),
    ],
    {(("client-id", "@a"),): {"producer_byte_rate": 1048576.0}},
    {"@u": ("SCRAM_SHA_256", 4096)},
)


THEIRS["list"] = Theirs(
    "topics.yaml",
    """\
topics:
- {name: "@one", partitions: 2, replication_factor: 1, retention_ms: 3600000, cleanupPolicy: compact}
- {name: "@two", description: nothing said}
""",
    {"one": (2, 1, {"retention.ms": "3600000", "cleanup.policy": "compact"}), "two": (-1, -1, {})},
)


@pytest.fixture
def quotas(kafka: Sandbox) -> Iterator[KafkaQuotas]:
    """The broker's quotas; none outlives a test."""
    link = Link(login(kafka.client()), timeout=10)
    made = KafkaQuotas(link)
    yield made
    made.alter_quotas({entity: dict.fromkeys(values) for entity, values in made.list_quotas().items()})
    link.close()


def carry_out(kafka: Sandbox, theirs: Theirs, prefix: str) -> None:
    """What the other tool does."""
    admin: Any = import_module("confluent_kafka.admin")
    client = admin.AdminClient(kafka.client())

    def named(text: str) -> str:
        return text.replace("@", prefix)

    topics = [
        admin.NewTopic(prefix + name, partitions, replicas, config=dict(config))
        for name, (partitions, replicas, config) in theirs.topics.items()
    ]
    acls = [
        admin.AclBinding(
            admin.ResourceType[kind],
            named(name),
            admin.ResourcePatternType[pattern],
            named(principal),
            host,
            admin.AclOperation[operation],
            admin.AclPermissionType[permission],
        )
        for kind, pattern, name, principal, host, operation, permission in theirs.acls
    ]
    users = [
        admin.UserScramCredentialUpsertion(
            named(user), admin.ScramCredentialInfo(admin.ScramMechanism[mechanism], iterations), b"secret-of-theirs"
        )
        for user, (mechanism, iterations) in theirs.users.items()
    ]
    waiting: list[Any] = [*client.create_topics(topics).values()]
    waiting += client.create_acls(acls).values() if acls else []
    waiting += client.alter_user_scram_credentials(users).values() if users else []
    for future in waiting:
        future.result(30)


@pytest.mark.parametrize("name", list(THEIRS))
def test_what_the_other_tool_made_is_what_the_migrated_files_want(
    name: str, tmp_path: Path, kafka: Sandbox, quotas: KafkaQuotas, prefix: str
) -> None:
    theirs, desk, cluster = THEIRS[name], Desk(tmp_path), ("-X", f"bootstrap.servers={kafka.bootstrap}")
    carry_out(kafka, theirs, prefix)
    limits = {
        tuple((kind, None if one is None else one.replace("@", prefix)) for kind, one in entity): dict(found)
        for entity, found in theirs.quotas.items()
    }
    if limits:
        quotas.alter_quotas(limits)
    desk.write(theirs.path, theirs.text.replace("@", prefix))
    desk.ok("migrate", "--from", name, theirs.path, "--out", "topologies")
    eventually(lambda: desk.run("plan", "topologies", "--exit-code", *cluster).code == 0)  # a busy broker shows it late
    out = desk.ok("migrate", "--from", name, theirs.path, "--out", "again", *cluster)
    assert "matches the files" in out.partition("The plan of these files:\n")[2]

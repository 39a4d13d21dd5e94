"""What each key of topology, plans and roles files means, by what its mapping is called: words for editors."""

from functools import cache

from kafka_gitops.descriptor import sections
from kafka_gitops.shape.check import Map

EVERYWHERE = {
    "principal": "Who: User:NAME, as the brokers see it.",
    "hold": "Until when, and why, an apply leaves it as it is on the cluster, and drift does not count it.",
    "metadata": "Facts about the entry for people and for rules, such as its owner.",
    "rbac": "RBAC roles with their users; not applied, because rights are given as ACLs.",
    "topics": "The topics that it reads and writes, by their full names.",
    "read": "Full names of the topics that it reads.",
    "write": "Full names of the topics that it writes.",
    "instances": "The instances, each with its principal.",
    "config": "Topic configs by Kafka's names, with num.partitions and replication.factor.",
    "consumers": "Who reads: of a topic that topic, of a project all its topics.",
    "producers": "Who writes: of a topic that topic, of a project all its topics.",
    "access_control": "The users and their rights.",
    "artefacts": "Files that belong to it; declared, but not deployed yet.",
    "artifacts": "The same as artefacts.",
    "cluster": "Whether the cluster itself is meant.",
    "path": "The file, relative to the topology's directory.",
}
OF = {
    "a topology file": {
        "context": "The first segment of every name in this file, such as the organisation.",
        "projects": "The projects, each with its topics and the rights on them.",
        "platform": "Rights of the platform's own components.",
        "special_topics": "Topics that keep the names given here, without context and project.",
    },
    "a project": {
        "name": "The project's name, a segment of its topics' names.",
        "topics": "The topics of the project.",
        "streams": "Kafka Streams applications and their rights.",
        "connectors": "Connectors and their rights, or a mapping with access_control and artefacts.",
        "ksql": "ksqlDB applications and their rights, or a mapping with access_control and artefacts.",
        "schemas": "Rights on Schema Registry subjects; not applied, because they need RBAC.",
    },
    "a topic": {
        "name": "The topic's own name, the last segment of its full name.",
        "dataType": "A further segment at the end of the name, such as avro.",
        "plan": "The plan in the plans file whose configs count where the topic has none of its own.",
        "schemas": "The schemas of keys and values, which are registered under the topic's subjects.",
        "subject.name.strategy": "How subjects are named: TopicNameStrategy, RecordNameStrategy, ...",
        "protected": "Whether no run may ever delete this topic.",
        "keyed": "Whether records have keys whose order matters, so that more partitions are a risk.",
    },
    "a hold": {
        "until": "The last day on which it holds, as YYYY-MM-DD, in UTC.",
        "reason": "Why: an incident, a ticket.",
        "fields": "Only these are left alone, as the file names them: retention.ms, num.partitions of a topic, limits "
        "of a quota, mechanisms of a user, keys of a connector's config or its state, the compatibility of a schema; "
        "without it all is.",
    },
    "a consumer": {"group": "The consumer group; a * at the end makes a prefix. Without one: every group."},
    "a producer": {
        "transactionId": "The transactional id; a * at the end makes a prefix.",
        "idempotence": "Grants IDEMPOTENT_WRITE on the cluster; needed before Kafka 2.8 only.",
        "idempotent": "Has no effect: idempotence is the key that counts.",
    },
    "a streams application": {
        "applicationId": "The application's id: the prefix of its internal topics and its group.",
        "exactlyOnce": "Whether it writes in transactions.",
    },
    "a connector": {
        "status_topic": "The Connect cluster's topic for states (connect-status).",
        "offset_topic": "The Connect cluster's topic for offsets (connect-offsets).",
        "configs_topic": "The Connect cluster's topic for configs (connect-configs).",
        "group": "The Connect cluster's group (connect-cluster).",
        "cluster_id": "The Connect cluster's id; only RBAC uses it.",
        "connectors": "The connectors' names; only RBAC uses them.",
    },
    "a connector artefact": {
        "server": "The label of the Connect cluster.",
        "name": "The connector's name.",
        "hash": "A checksum of the file; not looked at.",
    },
    "a ksqlDB application": {
        "applicationId": "The prefix of the application's internal topics and groups.",
        "ksqlDbId": "The id of the ksqlDB cluster.",
    },
    "an SQL artefact": {"name": "The stream's or table's name.", "server": "The label of the ksqlDB server."},
    '"artefacts" of ksql': {
        "streams": "SQL files of streams.",
        "tables": "SQL files of tables.",
        "vars": "Variables that the SQL files use.",
    },
    "a schema": {
        "key.schema.file": "The file with the schema of keys.",
        "key.record.type": "The full name of the keys' record.",
        "key.compatibility": "The compatibility level of the keys' subject.",
        "key.format": "The format of the keys' schema (AVRO).",
        "value.schema.file": "The file with the schema of values.",
        "value.record.type": "The full name of the values' record.",
        "value.compatibility": "The compatibility level of the values' subject.",
        "value.format": "The format of the values' schema (AVRO).",
    },
    "a schema user": {
        "subjects": "The subjects.",
        "role": "The RBAC role.",
        "prefixed": "Whether the subjects are prefixes.",
    },
    "a custom role's user": {
        "topic": "The value of the role's {{topic}}.",
        "subject": "The value of the role's {{subject}}.",
        "connector": "The value of the role's {{connector}}.",
        "group": "The value of the role's {{group}}.",
        "transactionId": "The value of the role's {{transactionId}}.",
        "idempotence": "Not looked at by custom roles.",
    },
    "platform": {
        "kafka": "The brokers themselves.",
        "kafka_connect": "Kafka Connect.",
        "schema_registry": "Schema Registry.",
        "control_center": "Confluent Control Center.",
        "ksql": "ksqlDB servers.",
    },
    "platform.kafka": {"quotas": "Quotas of users, as JulieOps writes them; the section quotas takes all forms."},
    "a quota": {
        "producer_byte_rate": "Bytes a second that the user may write.",
        "consumer_byte_rate": "Bytes a second that the user may read.",
        "request_percentage": "Percent of a request thread's time that the user may take.",
    },
    "a Schema Registry instance": {
        "topic": "The topic with the schemas (_schemas).",
        "consumer_offsets_topic": "The topic with consumers' offsets (__consumer_offsets).",
        "group": "The group of the instances (schema-registry).",
    },
    "a Control Center instance": {"appId": "The application id: the prefix of its topics and groups."},
    "a ksqlDB server": {
        "ksqlDbId": "The id of the ksqlDB cluster: the prefix of its topics and groups.",
        "owner": "Who owns the server; not looked at.",
    },
    "a plans file": {"plans": "The plans by their names, for a topic's plan."},
    "a plan": {"alias": "Another name for people; not looked at."},
    "a roles file": {"roles": "Custom roles: a project gives one to its users by a key of the role's name."},
    "a role": {"name": "The key that a project uses.", "acls": "The bindings that the role gives."},
    "a role's acl": {
        "resourceType": "What it is on: Topic, Group, Cluster, TransactionalId, ...",
        "resourceName": "The resource's name; {{topic}}, {{group}} and so on stand for what the entry says.",
        "patternType": "LITERAL, or PREFIXED.",
        "host": "The host, or * for every host.",
        "operation": "The operation in Kafka's words, such as READ.",
        "role": "The same as operation.",
        "permissionType": "ALLOW, or nothing: a custom role always allows.",
    },
}


def says(mapping: Map, name: str) -> str:
    """The description of a key. Raises KeyError for one that this table and the sections forgot."""
    return _of_sections().get((mapping.called, name)) or OF.get(mapping.called, {}).get(name) or EVERYWHERE[name]


@cache
def _of_sections() -> dict[tuple[str, str], str]:
    return {(called, key): text for called, key, text in sections.words()}

#!/usr/bin/env bash
# Apache Kafka 4.3.0, DescribeLogDirs by a principal without Describe on the cluster, asked in version 2 (which Kafka 2.6 to
# 3.1 know as their newest): no error, and no log directory. The top-level error code came with version 3 (KAFKA-13527,
# Kafka 3.2), and an older version has no field to say it in. So disk usage reads as 0 bytes, of every topic, and nothing
# tells a refusal from a broker without logs; a broker that is allowed to answer always lists its directories, be they empty.
. "$(dirname "$0")/lib.sh"
prepare
start_brokers 4.3.0 1 authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer allow.everyone.if.no.acl.found=true
"$python" - "$bootstrap" <<'PY'
import sys
from kit import ask, connect, expect, until
from kafka.admin import ACL, ACLOperation, ACLPermissionType, NewTopic, ResourcePattern, ResourceType
from kafka.protocol.admin.cluster import DescribeLogDirsRequest

admin = connect(sys.argv[1])
admin.create_topics([NewTopic("orders", 1, 1)])
until(lambda: "orders" in admin.list_topics())


def told(version):
    answer = ask(admin, DescribeLogDirsRequest(topics=None, min_version=version, max_version=version), node_id=1)
    return getattr(answer, "error_code", 0) or 0, len(answer.results)


expect("allowed, version 2: (error code, directories)", told(2), (0, 1))
cluster = ResourcePattern(ResourceType.CLUSTER, "kafka-cluster")
rights = [(ACLOperation.ALL, ACLPermissionType.ALLOW), (ACLOperation.DESCRIBE, ACLPermissionType.DENY)]
admin.create_acls([ACL("User:ANONYMOUS", "*", what, how, cluster) for what, how in rights])
until(lambda: told(5) != (0, 1))
expect("refused, version 5: (error code, directories)", told(5), (31, 0))
expect("refused, version 2: (error code, directories)", told(2), (0, 0))
PY

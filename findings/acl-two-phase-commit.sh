#!/usr/bin/env bash
# kafka-python 3.0.12, KafkaAdminClient.describe_acls() against Apache Kafka 4.3.0: ValueError "15 is not a valid
# ACLOperation" as soon as the cluster has one binding on TWO_PHASE_COMMIT (KIP-939, Kafka 4.1), although the question is
# for all bindings and the others could be read. The enum ACLOperation ends at DESCRIBE_TOKENS (14), and the answer is
# turned into it without asking what is known; so one right of one application hides every right of the cluster.
. "$(dirname "$0")/lib.sh"
prepare
start_brokers 4.3.0 1 authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer super.users=User:ANONYMOUS
"$python" - "$bootstrap" <<'PY'
import sys
from kit import ask, connect, expect, until
from kafka.admin import ACLFilter, ACLOperation, ACLPermissionType, ACLResourcePatternType, ResourcePatternFilter, ResourceType
from kafka.protocol.admin.acl import CreateAclsRequest

admin = connect(sys.argv[1])
everything = ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY,
                       ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY))
READ, TWO_PHASE_COMMIT, ALLOW, LITERAL, GROUP, TRANSACTIONAL_ID = 3, 15, 3, 3, 3, 5


def create(kind, name, operation):
    one = CreateAclsRequest.AclCreation(resource_type=kind, resource_name=name, resource_pattern_type=LITERAL,
                                        principal="User:app", host="*", operation=operation, permission_type=ALLOW)
    (result,) = ask(admin, CreateAclsRequest(creations=[one])).results
    expect(f"create operation {operation}: error code", result.error_code, 0)


def told():
    try:
        return f"{len(admin.describe_acls(everything)[0])} bindings"
    except ValueError as failure:
        return f"ValueError: {failure}"


create(GROUP, "readers", READ)
until(lambda: told() == "1 bindings")
expect("with READ on a group", told(), "1 bindings")
create(TRANSACTIONAL_ID, "app-tx", TWO_PHASE_COMMIT)
until(lambda: told() != "1 bindings")
expect("with TWO_PHASE_COMMIT on a transactional id too", told(), "ValueError: 15 is not a valid ACLOperation")
PY

#!/usr/bin/env bash
# Apache Kafka 4.3.0 (KRaft) creates a topic of 9,999 partitions in one request and refuses 10,000 with POLICY_VIOLATION, while
# CreatePartitions adds 10,000 to a topic: the limit of 10,000 counts metadata records, a topic is one itself, and so is each of
# its configs, so 9,999 partitions with one config are one too many. Where the count is left to the broker (-1, KIP-464) one record
# is counted whatever num.partitions says. Asked with validate_only, which answers alike and makes nothing.
. "$(dirname "$0")/lib.sh"
prepare
start_brokers 4.3.0 1
"$python" - "$bootstrap" <<'PY'
import sys
from kit import ask, connect, expect, until
from kafka.admin import NewTopic
from kafka.protocol.admin import CreatePartitionsRequest, CreateTopicsRequest

admin = connect(sys.argv[1])
admin.create_topics([NewTopic(name="one", num_partitions=1, replication_factor=1)])
until(lambda: "one" in admin.list_topics())


def create(partitions, **configs):
    topic = CreateTopicsRequest.CreatableTopic
    pairs = [topic.CreatableTopicConfig(name=name.replace("_", "."), value=value) for name, value in configs.items()]
    wanted = topic(name="many", num_partitions=partitions, replication_factor=1, assignments=[], configs=pairs)
    (answer,) = ask(admin, CreateTopicsRequest(topics=[wanted], timeout_ms=30000, validate_only=True)).topics
    return answer.error_code


def grow(total):
    wanted = CreatePartitionsRequest.CreatePartitionsTopic(name="one", count=total, assignments=None)
    (answer,) = ask(admin, CreatePartitionsRequest(topics=[wanted], timeout_ms=30000, validate_only=True)).results
    return answer.error_code


expect("a topic of 9,999 partitions", create(9999), 0)
expect("a topic of 10,000 partitions", create(10000), 44)
expect("a topic of 9,999 partitions with a config", create(9999, retention_ms="1000"), 44)
expect("10,000 partitions more", grow(10001), 0)
PY

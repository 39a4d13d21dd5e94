#!/usr/bin/env bash
# Apache Kafka 4.3.0 (KRaft) with a quota controller_mutation_rate of 2 a second: CreateTopics with validate_only, which makes
# nothing, is charged as if it made every partition. Asked in version 5 nothing is refused, and the answer tells the client to be
# silent for a minute (the broker does not read that connection until then); asked in version 7 (KIP-599: from 6 on) a part is
# refused with THROTTLING_QUOTA_EXCEEDED (89) and the wait is short. So a look at 50 topics by an old version locks a client
# out, and a client that pins an old version to get short answers never sees the quota that it breaks.
. "$(dirname "$0")/lib.sh"
prepare
start_brokers 4.3.0 1
"$python" - "$bootstrap" <<'PY'
import sys
from kit import ask, connect, expect, until
from kafka.protocol.admin import AlterClientQuotasRequest, CreateTopicsRequest, DescribeClientQuotasRequest

admin = connect(sys.argv[1])
entry = AlterClientQuotasRequest.EntryData
quota = entry(
    entity=[entry.EntityData(entity_type="client-id", entity_name=None)],
    ops=[entry.OpData(key="controller_mutation_rate", value=2.0, remove=False)],
)
(answer,) = ask(admin, AlterClientQuotasRequest(entries=[quota], validate_only=False)).entries
expect("the quota is taken, error code", answer.error_code, 0)
until(lambda: ask(admin, DescribeClientQuotasRequest(components=[], strict=False)).entries)


def look(version):
    topics = [CreateTopicsRequest.CreatableTopic(name=f"t{number}", num_partitions=3, replication_factor=1, assignments=[], configs=[])
              for number in range(50)]
    request = CreateTopicsRequest(topics=topics, timeout_ms=30000, validate_only=True, min_version=version, max_version=version)
    answer = ask(admin, request)
    return sorted({topic.error_code for topic in answer.topics}), answer.throttle_time_ms >= 30_000


expect("version 7, error codes, and whether it is to be silent for half a minute", look(7), ([0, 89], False))
admin.close()
admin = connect(sys.argv[1])
expect("version 5, the same", look(5), ([0], True))
expect("topics afterwards", connect(sys.argv[1]).list_topics(), [])
PY

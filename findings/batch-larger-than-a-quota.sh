#!/usr/bin/env bash
# Apache Kafka 4.3.0, kafka-python 3.0.12: a consumer whose consumer_byte_rate is less than a tenth of a batch never gets that batch, and is told
# of no error. A batch comes whole; where it is more than ten seconds of the quota (quota.window.num 11, quota.window.size.seconds 1), the broker
# answers each Fetch with throttle_time_ms and no topic at all, without charging what it did not send, for ever. So a quota of 50 kB/s does not
# make a topic with a batch of 700 kB slow: it ends it there, and everything behind that batch is never read.
. "$(dirname "$0")/lib.sh"
prepare
start_brokers 4.3.0 1
"$python" - "$bootstrap" <<'PY'
import os, sys, time
from kit import ask, connect, expect, until
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.protocol.admin.client_quotas import AlterClientQuotasRequest, DescribeClientQuotasRequest

server = sys.argv[1]
admin = connect(server)
admin.create_topics([NewTopic(name="t", num_partitions=1, replication_factor=1)])
until(lambda: "t" in admin.list_topics())
producer = KafkaProducer(bootstrap_servers=server, max_request_size=1_000_000)
for key, size in ((b"small", 10), (b"large", 700_000), (b"behind", 10)):
    producer.send("t", key=key, value=os.urandom(size)).get(10)
Entry = AlterClientQuotasRequest.EntryData


def limited(rate):
    """What a consumer with this quota reads in 40 s."""
    name = f"rate-{rate}"
    entity = [Entry.EntityData(entity_type="client-id", entity_name=name)]
    entry = Entry(entity=entity, ops=[Entry.OpData(key="consumer_byte_rate", value=float(rate), remove=False)])
    ask(admin, AlterClientQuotasRequest(entries=[entry], validate_only=False))
    until(lambda: name in str(ask(admin, DescribeClientQuotasRequest(components=[], strict=False))))
    time.sleep(1)
    consumer = KafkaConsumer(bootstrap_servers=server, client_id=name, consumer_timeout_ms=40_000)
    consumer.assign([TopicPartition("t", 0)])
    consumer.seek_to_beginning()
    found, begin = [], time.monotonic()
    while len(found) < 3 and time.monotonic() < begin + 40:
        for records in consumer.poll(timeout_ms=1000).values():
            found += [record.key.decode() for record in records]
    print(f"{rate} bytes a second: {time.monotonic() - begin:.0f} s", flush=True)
    return found


expect("with 100 kB/s", limited(100_000), ["small", "large", "behind"])
expect("with 50 kB/s", limited(50_000), ["small"])
PY

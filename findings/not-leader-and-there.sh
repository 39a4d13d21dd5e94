#!/usr/bin/env bash
# Apache Kafka 4.3.0, kafka-python 3.0.12: a record that is produced with acks=all while the partition's leader moves is answered with
# NOT_LEADER_OR_FOLLOWER (6) and is in the new leader's log all the same. The old leader had appended it, the new one had copied it, and the
# answer still waited for the copies when the lead was lost. So that code does not mean "not written": a producer without idempotence that
# takes it for that and sends again has the record twice.
. "$(dirname "$0")/lib.sh"
prepare
start_brokers 4.3.0 2
"$python" - "$bootstrap" <<'PY'
import sys, threading, time
from kit import ask, connect, expect, until
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import NotLeaderForPartitionError
from kafka.protocol.admin import AlterPartitionReassignmentsRequest

servers = sys.argv[1].split(",")
admin = connect(sys.argv[1])
nodes = sorted(broker.node_id for broker in admin._manager.cluster.brokers())
admin.create_topics([NewTopic(name="t", num_partitions=1, replication_factor=1)])
until(lambda: "t" in admin.list_topics())
over, refused = threading.Event(), set()


def move(node):
    topic = AlterPartitionReassignmentsRequest.ReassignableTopic
    part = topic.ReassignablePartition(partition_index=0, replicas=[node])
    ask(admin, AlterPartitionReassignmentsRequest(timeout_ms=30000, topics=[topic(name="t", partitions=[part])]))


def produce():
    producer = KafkaProducer(bootstrap_servers=servers, acks="all", retries=0, enable_idempotence=False, metadata_max_age_ms=500)
    number = 0
    while not over.is_set():
        number += 1
        sent = producer.send("t", b"%d" % number)
        sent.add_errback(lambda failure, number=number: isinstance(failure, NotLeaderForPartitionError) and refused.add(number))
        time.sleep(0.002)
    producer.flush(60)


def there():
    consumer = KafkaConsumer(bootstrap_servers=servers, consumer_timeout_ms=4000)
    consumer.assign([TopicPartition("t", 0)])
    consumer.seek_to_beginning()
    return {int(record.value) for record in consumer}


producing = threading.Thread(target=produce, daemon=True)
producing.start()
for turn in range(20):
    move(nodes[turn % len(nodes)])
    time.sleep(2)
over.set()
producing.join()
both = refused & there()
print(f"{len(refused)} records were answered with NOT_LEADER_OR_FOLLOWER", flush=True)
expect("some of them are in the log", bool(both), True)
PY

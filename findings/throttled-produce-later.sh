#!/usr/bin/env bash
# Apache Kafka 4.3.0: a record whose producer gave up, and closed its connection, is written half a minute later. Over its producer_byte_rate a
# client gets its answer at once, and the broker then reads nothing more of that connection for throttle_time_ms (KIP-219). What a client sends
# into that silence lies in the socket: it may time out and hang up, and when the silence is over the broker reads the request and carries it
# out, after what others have written meanwhile. So a client has to wait by itself, and a closed connection does not mean "not done later".
. "$(dirname "$0")/lib.sh"
prepare
start_brokers 4.3.0 1
"$python" - "$bootstrap" <<'PY'
import socket, struct, sys, time
from kit import ask, connect, expect, until
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import NewTopic
from kafka.protocol.admin.client_quotas import AlterClientQuotasRequest, DescribeClientQuotasRequest
from kafka.protocol.producer.produce import ProduceRequest
from kafka.record.default_records import DefaultRecordBatchBuilder

server = sys.argv[1]
admin = connect(server)
admin.create_topics([NewTopic(name="t", num_partitions=1, replication_factor=1)])
until(lambda: "t" in admin.list_topics())
Entry = AlterClientQuotasRequest.EntryData
entity = [Entry.EntityData(entity_type="client-id", entity_name="slow")]
entry = Entry(entity=entity, ops=[Entry.OpData(key="producer_byte_rate", value=10_000.0, remove=False)])
ask(admin, AlterClientQuotasRequest(entries=[entry], validate_only=False))
until(lambda: ask(admin, DescribeClientQuotasRequest(components=[], strict=False)).entries)
time.sleep(1)


def opened():
    host, port = server.split(":")
    return socket.create_connection((host, int(port)), 4)


def produced(connection, client, key, size=1):
    """The milliseconds of the answer's throttle_time_ms; TimeoutError after 4 s without an answer."""
    batch = DefaultRecordBatchBuilder(2, 0, False, -1, -1, -1, 1 << 30)
    batch.append(0, int(time.time() * 1000), key.encode(), b"x" * size, [])
    Topic = ProduceRequest.TopicProduceData
    part = Topic.PartitionProduceData(index=0, records=bytes(batch.build()))
    request = ProduceRequest(acks=-1, timeout_ms=3000, topic_data=[Topic(name="t", partition_data=[part])])
    request.API_VERSION = 12
    request.with_header(correlation_id=1, client_id=client)
    connection.sendall(request.encode(framed=True, header=True))
    (length,) = struct.unpack(">i", connection.recv(4))
    answer = connection.recv(length)
    return int.from_bytes(answer[-5:-1], "big")


def there():
    consumer = KafkaConsumer(bootstrap_servers=server, consumer_timeout_ms=2000)
    consumer.assign([TopicPartition("t", 0)])
    consumer.seek_to_beginning()
    return [record.key.decode() for record in consumer]


slow, begin = opened(), time.monotonic()
print("throttle_time_ms:", produced(slow, "slow", "large", 400_000), flush=True)
try:
    produced(slow, "slow", "given up")
    told = "done"
except TimeoutError:
    told = "no answer"
expect("the second record", told, "no answer")
slow.close()
produced(opened(), "other", "another's")
print(f"closed after {time.monotonic() - begin:.0f} s", flush=True)
expect("the log when the connection is closed", there(), ["large", "another's"])
until(lambda: len(there()) > 2, seconds=60)
print(f"after {time.monotonic() - begin:.0f} s", flush=True)
expect("the log in the end", there(), ["large", "another's", "given up"])
PY

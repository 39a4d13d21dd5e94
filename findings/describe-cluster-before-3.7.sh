#!/usr/bin/env bash
# kafka-python 3.0.12, KafkaAdminClient.describe_cluster() against Apache Kafka 3.6.2 (and 2.8 to 3.6): KeyError
# 'endpoint_type'. These brokers know DescribeCluster in version 0 only; the field came with version 1 (KIP-919, Kafka 3.7),
# and the library reads it from the answer without asking which version that is. Other calls of the same client work, and
# from 3.7 on this one does too, so a check that was tried on a new broker ends with a KeyError on an old one.
. "$(dirname "$0")/lib.sh"
prepare
broker_of() { # VERSION: one KRaft broker in the way that releases before 3.9 need; sets $bootstrap
  local port controller
  port=$(free_port) controller=$(free_port)
  kafka=$(jars "org.apache.kafka:kafka_2.13:$1" org.slf4j:slf4j-simple:1.7.36)
  printf '%s\n' node.id=1 process.roles=broker,controller "listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller" \
    "advertised.listeners=PLAINTEXT://127.0.0.1:$port" controller.listener.names=CONTROLLER "controller.quorum.voters=1@127.0.0.1:$controller" \
    listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT "log.dirs=$work/data-$1" offsets.topic.replication.factor=1 > "$work/node1.properties"
  "$java" "${flags[@]}" -cp "$kafka" kafka.tools.StorageTool format --cluster-id MkU3OEVBNTcwNTJENDM2Qg --config "$work/node1.properties" > "$work/format.log" 2>&1
  launch 1
  bootstrap=127.0.0.1:$port
}
told() {
  "$python" - "$bootstrap" <<'PY'
import sys
from kit import until
from kafka.admin import KafkaAdminClient

admin = until(lambda: KafkaAdminClient(bootstrap_servers=[sys.argv[1]]))
until(lambda: admin.list_topics() is not None)
try:
    print(admin.describe_cluster()["cluster_id"])
except KeyError as missing:
    print(f"KeyError {missing}")
PY
}
check() { # VERSION EXPECTED
  broker_of "$1"
  local seen
  seen=$(told | tail -n 1)
  stop_all
  echo "Kafka $1: $seen"
  [ "$seen" = "$2" ] || { echo "CHANGED: expected $2"; exit 1; }
}
check 3.6.2 "KeyError 'endpoint_type'"
check 3.7.2 MkU3OEVBNTcwNTJENDM2Qg

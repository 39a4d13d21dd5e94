#!/usr/bin/env bash
# Kafka Connect 4.3.0, GET /connectors?expand=info&expand=status (KIP-465): a connector that has no status yet is left out of the
# answer whole, with its info, while GET /connectors and ?expand=info have it. For some tenths of a second after its creation the
# listing that tells most says that it does not exist, so a program that creates what that listing lacks sends it once more, and
# that restarts it.
. "$(dirname "$0")/lib.sh"
prepare
start_brokers 4.3.0 1 auto.create.topics.enable=false
parts=(org.apache.kafka:connect-runtime:4.3.0 org.apache.kafka:connect-file:4.3.0 org.slf4j:slf4j-simple:1.7.36)
port=$(free_port)
text=org.apache.kafka.connect.storage.StringConverter
printf '%s\n' "bootstrap.servers=$bootstrap" group.id=connect key.converter=$text value.converter=$text \
  {config,offset,status}.storage.replication.factor=1 {offset,status}.storage.partitions=1 config.storage.topic=configs \
  offset.storage.topic=offsets status.storage.topic=status "listeners=http://127.0.0.1:$port" plugin.discovery=service_load > "$work/worker"
"$java" "${flags[@]}" -cp "$(jars "${parts[@]}")" org.apache.kafka.connect.cli.ConnectDistributed "$work/worker" > "$work/node-connect.log" 2>&1 &
started+=("$!")
"$python" - "http://127.0.0.1:$port/connectors" <<'PY'
import json, sys
from urllib.request import Request, urlopen
from kit import expect, until

url = sys.argv[1]


def names(query):
    with urlopen(url + query, timeout=30) as answer:
        return set(json.load(answer))


until(lambda: names("") == set())
config = {"connector.class": "FileStreamSink", "topics": "t", "file": "/dev/null"}
for number in range(1, 61):
    body = {"name": f"c{number}", "config": config, "initial_state": "STOPPED"}
    urlopen(Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"}), timeout=30).close()
    both = names("?expand=info&expand=status")
    if f"c{number}" not in both:
        break
else:
    sys.exit("CHANGED: 60 connectors were all listed at once")
print(f"connector c{number}, created with 201, is missing in the answer with both")
after = {query: f"c{number}" in names(query) for query in ("?expand=info", "")}
expect("and is there", after, {"?expand=info": True, "": True})
until(lambda: f"c{number}" in names("?expand=info&expand=status"))
print("a moment later all have it")
PY

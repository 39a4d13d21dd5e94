#!/usr/bin/env bash
# Kafka Connect 4.3.0: a connector class goes by its full name and by aliases (FileStreamSink, FileStreamSinkConnector), and PUT of a
# connector's config takes each, with 201, and runs it. PUT /connector-plugins/CLASS/config/validate does not: with the full name in
# the path, as GET /connector-plugins lists it, and an alias in the config it answers 400 "Included connector type FileStreamSink does
# not match request type ...". The other way round is 200, for what is compared is the end of two texts and not two plugins: so "Sink",
# which names no plugin, will do as the path of any sink. A program must send the path as its config spells the class.
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
"$python" - "http://127.0.0.1:$port" <<'PY'
import json, sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from kit import expect, until

url = sys.argv[1]
full, alias, longer = "org.apache.kafka.connect.file.FileStreamSinkConnector", "FileStreamSink", "FileStreamSinkConnector"


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(url + path, data, {"Content-Type": "application/json"}, method=method), timeout=30) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


def config(name):
    return {"name": f"as-{name}", "connector.class": name, "topics": "t", "file": "/dev/null"}


def validated(path, name):
    status, body = ask("PUT", f"/connector-plugins/{path}/config/validate", config(name))
    return status, body["error_count"] if status == 200 else body["message"]


until(lambda: ask("GET", "/connectors") == (200, []))
listed = [plugin["class"] for plugin in ask("GET", "/connector-plugins")[1]]
expect("the listing has the names", [name for name in (full, alias, longer) if name in listed], [full])
for name in (full, alias, longer):
    expect(f"a connector of {name}", ask("PUT", f"/connectors/as-{name}/config", config(name))[0], 201)
    until(lambda: ask("GET", f"/connectors/as-{name}/status")[1]["tasks"][0]["state"] == "RUNNING")
    expect(f"  validated under {name}", validated(name, name), (200, 0))
for name in (alias, longer):
    refused = 400, f"Included connector type {name} does not match request type {full}"
    expect(f"{name} in the config, the full name in the path", validated(full, name), refused)
    expect("  the other way round", validated(name, full), (200, 0))
expect('the full name in the config, "Sink" in the path', validated("Sink", full), (200, 0))
PY

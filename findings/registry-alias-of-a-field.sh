#!/usr/bin/env bash
# Apicurio Registry 3.3.3, Confluent-compatible API v7, subject at BACKWARD: an Avro field whose alias is the name of another
# field of the same record is registered (200), as a first version and as a later one. The next version that keeps both, here
# with one more field that has a default, is refused: 422 "Could not execute compatibility rule on invalid Avro schema". It is
# no more invalid than the one before: Avro's Java check throws, because data of the old version has both fields, and the alias
# matches twice. What is refused is the schema that comes after the mistake; without the alias the same change is taken.
. "$(dirname "$0")/lib.sh"
prepare
archive=$("$python" - <<'PY'
from jgo.maven import MavenContext

project = MavenContext().project("io.apicurio", "apicurio-registry-app")
print(project.at_version("3.3.3").artifact(classifier="all", packaging="tar.gz").resolve())
PY
)
mkdir "$work/registry"
tar -xzf "$archive" -C "$work/registry"
http=$(free_port)
management=$(free_port)
"$java" "${flags[@]}" -Dquarkus.http.host=127.0.0.1 "-Dquarkus.http.port=$http" -Dquarkus.management.host=127.0.0.1 \
  "-Dquarkus.management.port=$management" -jar "$work/registry/quarkus-run.jar" > "$work/node-registry.log" 2>&1 &
started+=("$!")
"$python" - "http://127.0.0.1:$http/apis/ccompat/v7" <<'PY'
import json, sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from kit import expect, until

url = sys.argv[1]


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(url + path, data, {"Content-Type": "application/json"}, method=method), timeout=30) as answer:
            return answer.status, ""
    except HTTPError as error:
        return error.code, json.load(error)["message"]


def register(*fields):
    record = {"type": "record", "name": "Order", "fields": list(fields)}
    return ask("POST", "/subjects/orders-value/versions", {"schema": json.dumps(record)})


until(lambda: ask("GET", "/subjects")[0] == 200)
ask("PUT", "/config", {"compatibility": "BACKWARD"})
number = {"name": "id", "type": "long"}
aliased = {"name": "key", "type": "long", "default": 0, "aliases": ["id"]}
plain = {"name": "key", "type": "long", "default": 0}
note = {"name": "note", "type": "string", "default": ""}
expect("a field with the alias of another one", register(number, aliased), (200, ""))
refused = 422, "Could not execute compatibility rule on invalid Avro schema"
expect("the same with one more field", register(number, aliased, note), refused)
expect("the same without the alias", register(number, plain, note), (200, ""))
PY

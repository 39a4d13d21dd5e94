#!/usr/bin/env bash
# Apicurio Registry 3.3.3, Confluent-compatible API v7, subject at BACKWARD: POST /compatibility/subjects/S/versions/latest (and
# /1, and all versions) judges the schema as if its request had no `references`. So one that needs them is always refused: 422
# "Invalid schema: Syntax violation for Avro artifact.", for the very text that is registered, for a compatible next version, which
# registering with the same request takes (200), and for an incompatible one, which registering refuses (409). Protobuf the same.
# While the subject does not exist yet, the check answers true. So a check before a merge fails on each change of such a schema.
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
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)["message"]


def check(subject, body, versions="/latest"):
    return ask("POST", f"/compatibility/subjects/{subject}/versions{versions}", body)


def register(subject, body):
    return ask("POST", f"/subjects/{subject}/versions", body)[0]


def avro(name, *fields):
    return {"schema": json.dumps({"type": "record", "name": name, "namespace": "acme", "fields": list(fields)})}


until(lambda: ask("GET", "/subjects")[0] == 200)
ask("PUT", "/config", {"compatibility": "BACKWARD"})
address = avro("Address", {"name": "street", "type": "string"})
expect("what needs no reference is registered", register("address", address), 200)
judged = 200, {"is_compatible": True}
expect("and checked", check("address", address), judged)

use = {"references": [{"name": "acme.Address", "subject": "address", "version": 1}]}
to = {"name": "to", "type": "acme.Address"}
order = avro("Order", to) | use
refused = 422, "Invalid schema: Syntax violation for Avro artifact."
expect("with a reference, before the subject exists", check("order", order), judged)
expect("  it is registered", register("order", order), 200)
expect("  and found with its references", ask("POST", "/subjects/order", order)[1]["references"], use["references"])
for versions in ("/latest", "/1", ""):
    expect(f"  and checked against versions{versions}", check("order", order, versions), refused)
bare = avro("Order", to)
expect("  as without its references", check("order", bare), refused)
wrong = avro("Order", to, {"name": "weight", "type": "int"}) | use
expect("an incompatible next version: check", check("order", wrong), refused)
expect("  and registering", register("order", wrong), 409)
right = avro("Order", to, {"name": "weight", "type": "int", "default": 0}) | use
expect("a compatible next version: check", check("order", right), refused)
expect("  and registering", register("order", right), 200)

proto = 'syntax = "proto3";\nimport "a.proto";\nmessage Q { acme.P p = 1; }\n'
register("a", {"schemaType": "PROTOBUF", "schema": 'syntax = "proto3";\npackage acme;\nmessage P { int32 x = 1; }\n'})
body = {"schemaType": "PROTOBUF", "schema": proto, "references": [{"name": "a.proto", "subject": "a", "version": 1}]}
expect("a Protobuf file with an import is registered", register("b", body), 200)
expect("  and checked", check("b", body), (422, refused[1].replace("Avro", "Protobuf")))
PY

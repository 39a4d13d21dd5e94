"""Three environments with other names, replicas and principals from one set of files: each state is exactly its own."""

import json
from pathlib import Path

import pytest
from altering import eventually
from desk import Desk

from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
REPLICAS = {"dev": 1, "test": 2, "prod": 3}
SASL = "security.protocol: SASL_PLAINTEXT, sasl.mechanism: PLAIN, sasl.username: admin, sasl.password: '${PASSWORD}'"
TOPOLOGY = """\
context: PREFIX${values.env}
projects:
- name: pay
  consumers:
  - {principal: "${values.reader}", group: "PREFIX${values.env}-in"}
  topics:
  - name: orders
    plan: usual
    config:
      num.partitions: 2
      replication.factor: ${values.replicas}
      retention.ms: ${values.days}${values.hour}
acls:
- {principals: ["${values.reader}"], deny: [WRITE], topics: ["PREFIX${values.env}.*"], hosts: ["10.0.0.${values.replicas}"]}
quotas:
- {user: "PREFIX${values.env}", producer_byte_rate: "${values.replicas}000"}
"""
PLANS = (
    "plans:\n  usual:\n    config: {min.insync.replicas: '${values.replicas}', cleanup.policy: '${values.cleanup}'}\n"
)


def config(kafka: Sandbox) -> str:
    brokers = kafka.client("admin")["bootstrap.servers"]
    text = "plans: plans.yaml\nvalues: {cleanup: delete, hour: '3600000'}\nenvironments:\n"
    for name, replicas in REPLICAS.items():
        values = f"env: {name}, replicas: {replicas}, reader: 'User:CN={name},O=Acme', days: {replicas}"
        more = ", cleanup: compact" if name == "prod" else ""
        text += f"  {name}:\n    bootstrap: {brokers}\n    client: {{{SASL}}}\n    values: {{{values}{more}}}\n"
    return text


def acl(name: str, prefix: str) -> set[str]:
    reader, topic = f"User:CN={name},O=Acme", f"{prefix}{name}.pay.orders"
    return {
        f"{reader} may DESCRIBE topic {topic}",
        f"{reader} may READ group {prefix}{name}-in",
        f"{reader} may READ topic {topic}",
        f"{reader} must not WRITE topic {prefix}{name}.* from 10.0.0.{REPLICAS[name]}",
    }


def test_one_set_of_files(tmp_path: Path, three_brokers: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD", "admin-secret")
    desk = Desk(tmp_path, ["--timeout", "20"])
    desk.write("topologies/pay.yaml", TOPOLOGY.replace("PREFIX", prefix))
    desk.write("plans.yaml", PLANS)
    desk.write("kafka-gitops.yaml", config(three_brokers))
    linted = json.loads(desk.ok("lint", "--format", "json"))["summary"]
    assert (linted["error"], linted["topics"]) == (0, 3), "all three in one run"
    for name, replicas in REPLICAS.items():
        plan = json.loads(desk.ok("plan", "-e", name, "--format", "json", "--accept", "deny-added"))
        made = {(one["kind"], one["name"]): one["after"] for one in plan["changes"]}
        topic, quota = ("topic", f"{prefix}{name}.pay.orders"), ("quota", f"user={prefix}{name}")
        assert made.keys() == {topic, quota, *(("acl", one) for one in acl(name, prefix))}
        assert made[topic] == {
            "partitions": 2,
            "replication_factor": replicas,
            "config": {
                "cleanup.policy": "compact" if name == "prod" else "delete",
                "min.insync.replicas": str(replicas),
                "retention.ms": f"{replicas}3600000",
            },
        }
        assert f"(values.replicas = {replicas}, kafka-gitops.yaml:" in desk.ok(
            "plan", "-e", name, "--accept", "deny-added"
        )
        desk.ok("apply", "-e", name, "--yes", "--accept", "deny-added")
    for name in REPLICAS:
        eventually(lambda name=name: desk.run("plan", "-e", name, "--exit-code").code == 0)  # type: ignore[misc]
    assert desk.run("diff", "test", "prod", "--exit-code").code == 2

"""What a fleet would change on a real cluster, by its snapshot alone."""

import json
from pathlib import Path

import pytest
from altering import eventually
from desk import Desk

from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
TOPIC = """\
context: fleet
projects:
- name: {name}
  topics:
  - {{name: t, config: {{num.partitions: "{partitions}", replication.factor: "1"}}}}
"""
RIGHTS = "  consumers:\n  - {principal: 'User:c'}\n"
RBAC = "topology.builder.access.control.class=x.RBACProvider\n"
WANTED = {"less": {"update": 1}, "new": {"create": 1}, "roles": {}, "same": {}}


def test_a_snapshot_tells_what_each_checkout_would_change(kafka: Sandbox, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    client = f"bootstrap.servers={kafka.bootstrap}\n"
    desk.write("c.properties", client)
    for name in ("same", "less", "new"):
        desk.write(f"repos/{name}/t.yaml", TOPIC.format(name=name, partitions=1))
        desk.write(f"repos/{name}/c.properties", client)
    for name in ("same", "less"):
        desk.ok("apply", f"repos/{name}", "--client-config", "c.properties", "--yes")
    desk.write("repos/less/t.yaml", TOPIC.format(name="less", partitions=3))
    desk.write("repos/roles/t.yaml", TOPIC.format(name="same", partitions=1) + RIGHTS)
    desk.write("repos/roles/c.properties", client + RBAC)

    def as_wanted() -> bool:
        desk.ok("snapshot", "--client-config", "c.properties", "-o", "snap.gz")
        found = json.loads(desk.ok("fleet", "repos", "--against", "snap.gz", "--format", "json"))["checkouts"]
        return {
            row["name"]: {what: number for what, number in row["changes"].items() if number} for row in found
        } == WANTED

    eventually(as_wanted)
    text = desk.ok("fleet", "repos", "--against", "snap.gz")
    assert "CREATE    UPDATE    REFUSED" in text
    assert "roles: acls are not planned: c.properties:2: topology.builder.access.control.class is RBACProvider" in text

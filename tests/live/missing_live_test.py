"""`import --missing` on a real broker: what others made there goes into files with comments, and nothing else changes."""

import os
import subprocess
from pathlib import Path

import pytest
from altering import eventually
from desk import Desk

from kafka_gitops.sandbox import Sandbox, running

pytestmark = pytest.mark.kafka
CONFIG = """\
rules: {{topic-owner: off}}
environments:
  prod:
    bootstrap: "{bootstrap}"
    brokers: 1
manage:
  topics: ["{prefix}*"]
  principals: ["User:{prefix}*"]
  groups: ["{prefix}*"]
"""
PAY = """\
context: "@acme"   # of the bank

# Payments
projects:
- name: pay
  # asked for in OPS-1
  topics:
    - name: 'orders'   # the first
      config: {num.partitions: '2', replication.factor: '1'}
    # - name: later

  # who reads
  consumers:
    - principal: User:@reader
      group: '@readers'
# end of payments"""
OTHERS = """\
context: "@acme"
special_topics:
- {name: "@acme.pay.bare", config: {num.partitions: "1", replication.factor: "1"}}
- {name: "@acme.pay.refunds", config: {num.partitions: "3", replication.factor: "1", retention.ms: "86400000"}}
# kafka-gitops: allow topic-unclean-election: of a test
- {name: "@stray", config: {num.partitions: "1", replication.factor: "1", unclean.leader.election.enable: "true"}}
- {name: "foreign.@x", config: {num.partitions: "1", replication.factor: "1"}}
acls:
- {principals: ["User:@reader"], allow: [READ, DESCRIBE], topics: ["@acme.pay.refunds"]}
- {principals: ["User:@audit"], deny: [READ], topics: ["@acme.*"], hosts: [10.0.0.1]}
quotas:
- {user: "@reader", producer_byte_rate: 1024}
"""
ADDED = """\
    - name: refunds
      config:
        num.partitions: "3"
        replication.factor: "1"
        retention.ms: "86400000"

special_topics:
  - name: @acme.pay.bare
    config:
      num.partitions: "1"
      replication.factor: "1"
  - name: @stray
    config:
      num.partitions: "1"
      replication.factor: "1"
      # kafka-gitops: allow topic-unclean-election: it was so on the servers when it was imported
      unclean.leader.election.enable: "true"

acls:
  - principals: ["User:@audit"]
    deny: [READ]
    topics: ["@acme.*"]
    hosts: ["10.0.0.1"]

quotas:
  - {user: @reader, producer_byte_rate: 1024}"""
SAID = """\
3 topics, 1 ACL, 1 quota added, read from cluster ID
  topologies/pay.yaml: 1 topic in project pay (@acme.pay.refunds)
  topologies/pay.yaml: 2 topics in special_topics (@acme.pay.bare, @stray)
  topologies/pay.yaml: 1 ACL in acls (User:@audit must not READ topic @acme.* from 10.0.0.1)
  topologies/pay.yaml: 1 quota in quotas (user=@reader)
"""


def lines_added(before: str, after: str) -> list[str]:
    """The new lines; fails where an old one is gone, or stands at another place."""
    rest, added = iter(after.splitlines()), []
    for line in before.splitlines():
        for new in rest:
            if new == line:
                break
            added.append(new)
        else:
            raise AssertionError(f"{line!r} is gone")
    return [*added, *rest]


def test_what_is_on_the_cluster_alone_is_added_and_nothing_else_changes(
    tmp_path: Path, kafka: Sandbox, prefix: str
) -> None:
    desk, cluster = Desk(tmp_path), ("-X", f"bootstrap.servers={kafka.bootstrap}")
    pay = PAY.replace("@", prefix)
    desk.write("others/others.yaml", OTHERS.replace("@", prefix))
    desk.write("topologies/pay.yaml", pay.replace("\n", "\r\n"))
    desk.ok("apply", "others", "--accept", "deny-added", "--yes", *cluster)
    desk.ok("apply", "topologies", "--yes", *cluster)
    eventually(
        lambda: all(desk.run("plan", each, "--exit-code", *cluster).code == 0 for each in ("others", "topologies"))
    )
    desk.write("kafka-gitops.yaml", CONFIG.format(bootstrap=kafka.bootstrap, prefix=prefix))

    code, out, _ = desk.unread("import", "--missing", "-v")  # others' tests have left thousands on this broker
    assert code == 0
    made = (tmp_path / "topologies/pay.yaml").read_bytes().decode()
    assert "\n" not in made.replace("\r\n", "")
    added = "\n".join(lines_added(pay, made.replace("\r\n", "\n"))).replace(prefix, "@")
    assert added == ADDED
    said, _, left = out.replace(prefix, "@").replace(kafka.cluster_id, "ID").partition("Left on the servers")
    assert said == SAID
    assert "topic foreign.@x" in left and "it is not in `manage.topics` of kafka-gitops.yaml:7 (@*)\n" in left
    assert "\nWaived in the files, each with a comment to look at: topic-unclean-election (1)\n" in left
    assert left.endswith("Next:\n  kafka-gitops lint\n  kafka-gitops plan\n")
    assert "matches the files" in desk.ok("plan", "--exit-code")
    desk.ok("lint")
    again = desk.ok("import", "--missing")
    assert again.startswith("Nothing to add: the files declare all that is on the servers inside `manage`.\n")
    assert (tmp_path / "topologies/pay.yaml").read_bytes().decode() == made


def test_without_manage_nobody_knows_what_is_meant(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ["-X", "bootstrap.servers=127.0.0.1:1"])
    desk.write("topologies/a.yaml", "context: a\nacls: []\n")
    result = desk.run("import", "--missing")
    assert (result.code, result.err) == (
        78,
        "error: --missing adds what is on the servers inside `manage`, and no config states it.\n"
        "  Write in kafka-gitops.yaml what is yours, for example manage: {topics: [acme.*], groups: [acme.*]}.\n",
    )


SERVERS = """\
rules: {{topic-owner: off}}
environments:
  prod:
    bootstrap: "{bootstrap}"
    brokers: 1
    schema_registry: {{url: "{registry}", username: admin, password: "${{PASSWORD}}"}}
    connect: {{main: {{url: "{connect}", username: admin, password: "${{PASSWORD}}"}}}}
"""
SINK = """\
schemas:
- {subject: acme.pay.orders-value, file: orders.avsc}
connectors:
- name: sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.new, file: sink.txt}
"""
OWN = 'manage: {topics: ["acme.*"], subjects: ["*"], connectors: ["*"], connector_classes: ["*"]}\n'


@pytest.mark.skipif(not os.environ.get("KAFKA_GITOPS_LONG"), reason="a registry and Connect beside a broker: make long")
def test_schemas_and_connectors_are_added_too_and_git_sees_no_line_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(parts=("registry", "connect")) as kafka:
        assert kafka.registry is not None and kafka.connect is not None
        monkeypatch.setenv("PASSWORD", kafka.admin_password)
        desk, urls = Desk(tmp_path), {"registry": kafka.registry.url, "connect": kafka.connect.url}
        config = SERVERS.format(bootstrap=kafka.bootstrap, **urls)
        topic = '{name: NAME, config: {num.partitions: "1", replication.factor: "1"}}\n'
        desk.write("kafka-gitops.yaml", config)
        desk.write("topologies/pay.yaml", "# ours\ncontext: acme\nprojects:\n- name: pay\n  topics:\n  - " + topic)
        desk.write("others/o.yaml", f"context: acme\nspecial_topics:\n- {topic}{SINK}".replace("NAME", "acme.pay.new"))
        desk.write("others/orders.avsc", '{"type": "record", "name": "O", "fields": [{"name": "a", "type": "string"}]}')
        for each in ("topologies", "others"):
            desk.ok("apply", each, "--yes")
        eventually(lambda: desk.run("plan", "others", "--exit-code").code == 0)
        desk.write("kafka-gitops.yaml", config + OWN)
        _git(tmp_path, "init", "-q")
        _git(tmp_path, "add", "-A")
        out = desk.ok("import", "--missing")
        assert out.startswith("1 topic, 1 schema, 1 connector added, read from cluster ")
        added, deleted, name = _git(tmp_path, "diff", "--numstat").split()
        assert (int(added) > 10, deleted, name) == (True, "0", "topologies/pay.yaml")
        assert (tmp_path / "topologies/schemas/acme.pay.orders-value.avsc").exists()
        assert "matches the files" in desk.ok("plan", "--exit-code")
        assert desk.ok("import", "--missing").startswith("Nothing to add")


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout

"""The topics of ledgers, and rights on them, are in no plan, import or removal, whatever a file or a setting says."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from hooking import git
from making import acl, topic
from recording import Recording, stand_in

from kafka_gitops.cli import planning
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import acl_key, topic_key

OURS = "_kafka_gitops.pay.prod"
WHY = "it is kept for ledgers (`_kafka_gitops.*`), which no file manages"
CONFIG = """\
topology: t.yaml
rules: {topic-owner: off, topic-unused: off, topic-min-isr: off, topic-internal: off}
manage: {topics: ["*"], principals: ["*"]}
prune: [topics, acls]
environments: {prod: {bootstrap: "127.0.0.1:9", brokers: 1, client: {security.protocol: PLAINTEXT}}}
"""
FILE = f"""\
context: unused
special_topics:
- name: {OURS}
  config: {{num.partitions: "6", replication.factor: "1", retention.ms: "1"}}
acls:
- {{principals: [User:mallory], allow: [ALL], topics: [{OURS}, "_kafka*"]}}
removed:
- {{topic: _kafka_gitops.old.prod, because: x}}
- {{acl: {{principals: [User:ci], allow: [WRITE], topics: [{OURS}]}}, because: x}}
"""
NOTHING = "context: unused\nspecial_topics:\n- name: orders\n  config: {num.partitions: '1', replication.factor: '1'}\n"


@pytest.fixture
def cluster() -> Recording:
    there = {name: topic(1, 1) for name in (OURS, "_kafka_gitops.old.prod", "orders", "foreign")}
    rights = {
        acl("ci", "WRITE", f"topic:{OURS}"),
        acl("ci", "READ", "topic:_kafka_gitops.*"),
        acl("x", "READ", "topic:a"),
    }
    return Recording(topics=there, acls=rights)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: Recording) -> Desk:
    stand_in(monkeypatch, cluster)
    made = Desk(tmp_path)
    made.write("kafka-gitops.yaml", CONFIG)
    made.write("t.yaml", FILE)
    return made


@pytest.fixture(autouse=True)
def untouched(cluster: Recording) -> Iterator[None]:
    """Whatever was tried, no ledger was changed."""
    topics, acls = dict(cluster.topics), set(cluster.acls)
    yield
    assert (cluster.topics, cluster.acls) == (topics, acls)


def test_lint_says_where(desk: Desk) -> None:
    found = [line for line in desk.run("lint", "--format", "concise").out.splitlines() if "outside-scope" in line]
    assert [line.split(": ")[0] for line in found] == ["t.yaml:3:9", "t.yaml:6:55", "t.yaml:8:11", "t.yaml:9:10"], found
    assert f'the topic "{OURS}" is reserved: {WHY}' in found[0]
    assert f'"User:mallory may ALL topic {OURS}" is reserved (and 1 more of this entry): {WHY}' in found[1]


def test_a_plan_refuses_without_lint(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_stop_on_errors", lambda *_: None)
    refused = desk.run("apply", "--yes", "--accept", "topic-delete")
    assert refused.code == 4, refused
    assert "may not be touched: " + WHY in refused.err
    assert "Nothing to do" not in refused.out


def test_what_left_the_files_stays(desk: Desk) -> None:
    git(desk.home, "init", "-q")
    git(desk.home, "add", "-A")
    git(desk.home, "commit", "-qm", "as it was")
    desk.write("t.yaml", NOTHING)
    planned = desk.run(
        "plan", "--base", "HEAD", "--format", "json", "--max-deletes", "topics=9", "--max-deletes", "acls=9"
    )
    assert [change for change in json.loads(planned.out)["changes"] if "_kafka" in change["name"]] == []


def test_drift_and_a_plan_do_not_count_them_among_what_is_left_alone(desk: Desk) -> None:
    desk.write("t.yaml", NOTHING)
    found = desk.ok("plan", "-v")
    assert "1 topic" in found and "foreign" in found
    assert "_kafka_gitops" not in found
    assert "_kafka_gitops" not in desk.ok("drift", "-v")


def test_an_import_leaves_them_out_and_says_why(desk: Desk) -> None:
    found = desk.run("import", "--out", "new", "--only", "topics,acls")
    assert found.code == 0, found
    assert f"{WHY}" in found.err + found.out
    written = "\n".join(path.read_text(encoding="utf-8") for path in (desk.home / "new").rglob("*") if path.is_file())
    declared = [line for line in written.splitlines() if "_kafka" in line and not line.lstrip().startswith("#")]
    assert declared == []


def test_a_saved_plan_that_touches_one_is_refused(desk: Desk) -> None:
    for key, spec in (
        (topic_key(OURS), topic(1, 1)),
        (acl_key(acl("x", "READ", f"topic:{OURS}")), acl("x", "READ", f"topic:{OURS}")),
    ):
        assert KINDS[key.kind].outside((), key, spec) == WHY

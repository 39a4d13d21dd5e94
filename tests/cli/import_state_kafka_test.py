"""`import --state`: of a real cluster only what JulieOps made, by its state in both forms; the rest is named."""

import json
from pathlib import Path

import pytest
from altering import eventually
from desk import Desk

from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
ESTATE = """\
context: stated
special_topics:
- {name: stated.made, config: {num.partitions: "2", replication.factor: "1", retention.ms: "1000"}}
- {name: stated.by-hand, config: {num.partitions: "1", replication.factor: "1"}}
acls:
- {principals: ["User:stated one"], allow: [READ], topics: [stated.made]}
- {principals: ["User:stated-two"], allow: [READ], topics: ["stated.*"]}
"""
BINDING = {
    "resourceType": "TOPIC",
    "resourceName": "stated.made",
    "host": "*",
    "operation": "READ",
    "principal": "User:stated one",
    "pattern": "LITERAL",
    "scope": None,
}
ROLE: dict[str, object] = {**BINDING, "operation": "DeveloperRead", "scope": {"clusters": {}, "resources": []}}
STATE = json.dumps({"bindings": [BINDING, ROLE], "topics": ["stated.made", "stated.gone"], "accounts": []})
OLD = "acls\n'TOPIC', 'stated.made', '*', 'READ', 'User:stated one', 'LITERAL'\nTopics\nstated.made\nstated.gone\n"


@pytest.mark.parametrize("text", [STATE, OLD], ids=["json", "text"])
def test_only_what_julieops_made_is_taken_over(kafka: Sandbox, tmp_path: Path, text: str) -> None:
    desk = Desk(tmp_path)
    desk.options = ["-X", f"bootstrap.servers={kafka.bootstrap}"]
    desk.write("estate.yaml", ESTATE)
    desk.write(".cluster-state", text)
    desk.ok("apply", "estate.yaml", "--yes")
    eventually(lambda: "No changes" in desk.run("plan", "estate.yaml").out)
    result = desk.run("import", "--state", ".cluster-state", "--out", "made", "--only", "topics,acls", "-v")
    assert result.code == 0, result
    desk.options = []
    found = json.loads(desk.ok("render", "made", "--format", "json"))
    (topic,) = found["topics"]
    assert (topic["name"], topic["partitions"], topic["config"]["retention.ms"]) == ("stated.made", 2, "1000")
    assert [one["principal"] for one in found["acls"]] == ["User:stated one"]
    assert "topic stated.by-hand" in result.out and "not in .cluster-state: JulieOps did not make it" in result.out
    assert "topic stated.gone" in result.out and "in .cluster-state, and not on the cluster" in result.out
    assert (".cluster-state has 1 role binding, which this tool has no kind for" in result.out + result.err) == (
        text == STATE
    )


def test_a_damaged_state_is_told_with_its_place(kafka: Sandbox, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.options = ["-X", f"bootstrap.servers={kafka.bootstrap}"]
    desk.write("state", STATE.replace('"LITERAL"', '"EXACT"'))
    result = desk.run("import", "--state", "state", "--out", "made")
    assert (result.code, result.out) == (78, "")
    assert result.err.startswith('error: state:1:16: "EXACT" is not a pattern type; known: LITERAL, PREFIXED\n')
    assert not (desk.home / "made").exists()

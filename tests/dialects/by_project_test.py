"""`--projects`: the same state, with the topics in projects by their names, a file for each."""

from pathlib import Path

import pytest
from desk import Desk
from hypothesis import given, settings
from hypothesis import strategies as st

from kafka_gitops.dialects import by_project, layout
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.model import Acl
from kafka_gitops.settings import Language, Naming
from kafka_gitops.text.source import parse

FILE = """\
apiVersion: "kafka.jikkou.io/v1"
kind: KafkaTopicList
items:
- metadata: {name: acme.pay.settled, labels: {team: pay}}
  spec: {partitions: 6, replicas: 3, configs: {retention.ms: 1000}}
- metadata: {name: acme.Pay.other}
- metadata: {name: acme.42.a.b}
  spec: {partitions: 1}
---
apiVersion: "kafka.jikkou.io/v1"
kind: KafkaPrincipalAuthorization
metadata: {name: "User:a"}
spec:
  acls:
  - {resource: {type: topic, pattern: acme.pay., patternType: PREFIXED}, operations: [READ]}
  - {resource: {type: topic, pattern: acme.pay, patternType: PREFIXED}, operations: [WRITE]}
  - {resource: {type: group, pattern: acme.pay.g, patternType: LITERAL}, operations: [READ]}
---
apiVersion: "kafka.jikkou.io/v1"
kind: KafkaClientQuota
spec: {type: USER, entity: {user: a}, configs: {producerByteRate: 1}}
"""
PAY = """\
# migrated from files of jikkou
context: acme
projects:
- name: pay
  topics:
  - name: settled
    config:
      num.partitions: "6"
      replication.factor: "3"
      retention.ms: "1000"
    metadata: {team: pay}
  acls:
  - principals: ["User:a"]
    allow: [READ]
    topics: ["acme.pay.*"]
- name: Pay
  topics:
  - name: other
"""
REST = """\
# migrated from files of jikkou
context: acme
acls:
- principals: ["User:a"]
  allow: [WRITE]
  topics: ["acme.pay*"]
- principals: ["User:a"]
  allow: [READ]
  groups: [acme.pay.g]
quotas:
- {user: a, producer_byte_rate: 1}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_project_has_its_topics_and_the_rights_on_these(desk: Desk) -> None:
    desk.write("j.yaml", FILE)
    out = desk.ok("migrate", "--from", "jikkou", "--projects", "j.yaml", "--out", "out")
    assert out.startswith("3 topics, 3 ACLs, 1 quota, read from 1 file of Jikkou\n")
    files = {path.name: path.read_text() for path in (desk.home / "out").iterdir()}
    assert files.keys() == {"pay.yaml", "42.yaml", "acme-rest.yaml"}
    assert (files["pay.yaml"], files["acme-rest.yaml"]) == (PAY, REST)
    desk.ok("migrate", "--from", "jikkou", "j.yaml", "--out", "whole")
    assert desk.ok("render", "out", "--format", "json") == desk.ok("render", "whole", "--format", "json")


def test_a_name_without_the_structure_is_an_error_with_its_place(desk: Desk) -> None:
    desk.write("j.yaml", FILE.replace("acme.42.a.b", "other.42.a"))
    result = desk.run("migrate", "--from", "jikkou", "--projects", "j.yaml", "--out", "out")
    said = 'j.yaml:7:3: error: found the topic "other.42.a", expected a name such as acme.PROJECT.TOPIC'
    assert (result.code, said in result.err, (desk.home / "out").exists()) == (1, True, False)


def test_names_that_the_config_makes_otherwise_are_refused(desk: Desk) -> None:
    desk.write("j.yaml", FILE)
    desk.write("kafka-gitops.yaml", "naming: {dlq: {generate: true}}\n")
    result = desk.run("migrate", "--from", "jikkou", "--projects", "j.yaml", "--out", "out")
    assert result.code == 1 and "are not those of the topics" in result.err
    assert not (desk.home / "out").exists()
    desk.ok("migrate", "--from", "jikkou", "j.yaml", "--out", "out")


PART = st.sampled_from(("a", "A", "b-1", "1", "no", "c"))
NAMES = st.builds(lambda project, topic: f"x.{project}.{topic}", PART, PART | st.just("d.e"))
ACLS = st.builds(
    Acl,
    st.sampled_from(("User:a", "User:b")),
    st.just("*"),
    st.sampled_from(("READ", "DESCRIBE")),
    st.just("ALLOW"),
    st.sampled_from(("TOPIC", "GROUP")),
    st.sampled_from(("LITERAL", "PREFIXED")),
    NAMES | st.sampled_from(("x.", "x.a", "x.a.", "*", "y.a.b")),
)


@given(st.sets(NAMES, min_size=1), st.lists(ACLS, max_size=8))
@settings(max_examples=100, deadline=None)
def test_every_name_and_binding_comes_back(names: set[str], acls: list[Acl]) -> None:
    root = parse("x.yaml", "a: 1\n").root
    assert root is not None
    estate = Estate()
    for name in sorted(names):
        estate.add("special_topics", {"name": name}, root)
    for acl in acls:
        if acl.name != "*" or acl.pattern_type == "LITERAL":
            estate.grant(acl, root)
    made = by_project.files(estate, "strimzi", Naming())
    topology = layout.read_back(made, {}, Language())
    assert layout.errors(topology, made) == [] and not topology.problems
    assert set(topology.specs) == names and set(topology.acls) == set(estate.acls)

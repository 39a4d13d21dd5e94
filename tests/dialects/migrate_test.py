"""`migrate`: what it writes and says, what it never overwrites, and what of a secret it never tells."""

import json
import sys
from pathlib import Path

import pytest
from desk import Desk
from estates import cases, read_back, taken

from kafka_gitops.dialects import DIALECTS
from kafka_gitops.dialects.known import known
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.text.source import parse

TOPIC = """\
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaTopic
metadata: {name: pay.settled, namespace: kafka}
spec: {partitions: 6, replicas: 3, config: {retention.ms: 604800000}}
"""
WRITTEN = """\
# migrated from k8s/topic.yaml (strimzi)
context: main
special_topics:
- name: pay.settled
  config:
    num.partitions: "6"
    replication.factor: "3"
    retention.ms: "604800000"
"""
SECRET = "hunter2-in-clear"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_it_writes_a_file_for_each_and_ends_with_the_next_command(desk: Desk) -> None:
    desk.write("k8s/topic.yaml", TOPIC)
    desk.write("k8s/below/topic.yaml", TOPIC.replace("settled", "refunds"))
    result = desk.run("migrate", "--from", "strimzi", "k8s", "--out", "topologies")
    assert result.code == 0, result
    assert (desk.home / "topologies/topic.yaml").read_text() == WRITTEN
    assert (desk.home / "topologies/topic-2.yaml").read_text() == WRITTEN.replace("settled", "refunds").replace(
        "k8s/", "k8s/below/"
    )
    first, *rest = result.out.splitlines()
    assert first == "2 topics, 0 ACLs, read from 2 files of Strimzi"
    assert rest[:6] == [
        "  wrote  topologies/topic.yaml",
        "  wrote  topologies/topic-2.yaml",
        "Not taken over (2 places):",
        "  metadata.namespace: it is Kubernetes' own",
        "    k8s/topic.yaml:3",
        "    k8s/below/topic.yaml:3",
    ]
    assert rest[-3:] == ["Next:", "  kafka-gitops lint topologies", "  kafka-gitops plan topologies"]
    assert desk.run("lint", "topologies").code == 0
    assert desk.ok("render", "topologies", "--format", "json")


def test_it_overwrites_nothing_and_then_writes_nothing(desk: Desk) -> None:
    desk.write("a.yaml", TOPIC)
    desk.write("b.yaml", TOPIC.replace("settled", "other"))
    desk.write("out/b.yaml", "mine\n")
    result = desk.run("migrate", "--from", "strimzi", "a.yaml", "b.yaml", "--out", "out")
    assert result.code == 1
    assert "out/b.yaml is there already, so nothing was written." in result.err
    assert (desk.home / "out/b.yaml").read_text() == "mine\n"
    assert not (desk.home / "out/a.yaml").exists()


def test_with_an_error_it_writes_nothing_and_names_the_place(desk: Desk) -> None:
    desk.write("a.yaml", TOPIC.replace("6", "six", 1).replace("six04800000", "604800000"))
    result = desk.run("migrate", "--from", "strimzi", "a.yaml", "--out", "out")
    assert (result.code, result.out) == (1, "")
    assert 'a.yaml:4:20: error: found text, "six", expected a whole number of at least -1' in result.err
    assert "1 error: nothing was written." in result.err
    assert not (desk.home / "out").exists()


def test_what_our_own_reader_refuses_is_told_at_its_place_in_the_other_tools_file(desk: Desk) -> None:
    connector = "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaConnector\nmetadata: {name: a/b}\nspec: {class: X}\n"
    desk.write("a.yaml", connector)
    result = desk.run("migrate", "--from", "strimzi", "a.yaml", "--out", "out")
    assert result.code == 1
    assert "a.yaml:3:18: error: no path of the REST API of Connect" in result.err


def test_nothing_of_that_tool_is_said(desk: Desk) -> None:
    desk.write("a.yaml", "topics: []\n")
    result = desk.run("migrate", "--from", "jikkou", "a.yaml", "--out", "out")
    assert result.code == 1
    assert "There is nothing of Jikkou in a.yaml" in result.err
    assert "a document: it is none of Jikkou's" in result.out
    result = desk.run("migrate", "--from", "jikkou", "nowhere", "--out", "out")
    assert result.code == 64
    assert "There is no nowhere." in result.err


def test_many_places_of_one_reason_are_counted_and_v_names_them(desk: Desk) -> None:
    desk.write("a.yaml", "---\n".join(TOPIC.replace("settled", f"t{number}") for number in range(8)))
    out = desk.ok("migrate", "--from", "strimzi", "a.yaml", "--out", "one")
    assert "    and 3 more (-v names them)" in out
    loud = desk.ok("-v", "migrate", "--from", "strimzi", "a.yaml", "--out", "two")
    assert "    a.yaml:38" in loud and "more (-v" not in loud


def test_no_secret_of_another_tools_file_is_written_or_told(desk: Desk) -> None:
    for name in DIALECTS:
        for number, case in enumerate(cases(name)):
            if not any(SECRET in text for text in case.files.values()):
                continue
            for path, text in case.files.items():
                desk.write(f"{name}{number}/{path}", text)
            result = desk.run("-v", "migrate", "--from", name, f"{name}{number}", "--out", f"out-{name}{number}")
            assert SECRET not in result.out + result.err
            for made in desk.home.glob(f"out-{name}{number}/**/*"):
                assert made.is_dir() or SECRET not in made.read_text()


@pytest.mark.parametrize("name", DIALECTS)
def test_what_is_written_comes_to_the_same_when_it_is_grouped(name: str) -> None:
    for case in cases(name):
        estate = taken(name, case.files)
        if not estate.problems:
            topology = read_back(estate, name)
            assert set(topology.acls) == set(estate.acls)
            assert set(topology.revoked) == set(estate.revoked)


def test_lint_names_the_dialect_and_the_command(desk: Desk) -> None:
    desk.write("topologies/a.yaml", "context: a\nprojects: []\n")
    desk.write("topologies/k.yaml", TOPIC)
    desk.write("topologies/t.yaml", "meta: {name: a}\nspec: {partitions: 1, replicationFactor: 1}\n")
    desk.write("topologies/u.yaml", "- {name: a, partitions: 1}\n")
    desk.write("topologies/v.yaml", "topics:\n- {name: a, num_partitions: 1}\n")
    result = desk.run("lint", "topologies")
    assert result.code == 1
    assert (
        "topologies/k.yaml (a Strimzi KafkaTopic: kafka-gitops migrate --from strimzi topologies/k.yaml" in result.err
    )
    assert "topologies/t.yaml:1:1: error[nothing-declared]: this is a topicctl file, and no topology" in result.out
    assert "kafka-gitops migrate --from topicctl topologies/t.yaml --out DIR" in result.out
    for name in ("u", "v"):
        assert f"topologies/{name}.yaml:1:" in result.out
        assert f"kafka-gitops migrate --from list topologies/{name}.yaml --out DIR" in result.out


@pytest.mark.parametrize("name", DIALECTS)
def test_a_file_is_known_by_its_keys(name: str) -> None:
    for case in cases(name)[:2]:
        for path, text in case.files.items():
            root = parse(path, text).root if not path.endswith(".tf") else None
            found = known(root) if root is not None else None
            assert path.endswith(".tf") or (found is not None and found.dialect == name)


@pytest.mark.parametrize(
    "text",
    [
        "services: {a: {image: x}}",
        "apiVersion: v1\nkind: Secret",
        "topics: [a]",
        "users: [a]",
        "meta: x\nspec: y",
        "[]",
    ],
)
def test_a_file_of_nobody_is_not_claimed(text: str) -> None:
    root = parse("x.yaml", text).root
    assert root is not None and known(root) is None


def test_a_limit_beyond_all_numbers_is_told(desk: Desk) -> None:
    head = "apiVersion: kafka.strimzi.io/v1\nkind: KafkaUser\nmetadata: {name: u}\n"
    desk.write("a.yaml", f"{head}spec: {{quotas: {{producerByteRate: 1e999}}}}\n")
    result = desk.run("migrate", "--from", "strimzi", "a.yaml", "--out", "out")
    assert (result.code, result.err.splitlines()[0]) == (1, 'a.yaml:4:17: error: found text, "inf", expected a number')


def test_a_state_needs_no_extra_and_hcl_names_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hcl2", None)
    desk.write("main.tf", 'resource "kafka_topic" "a" {}\n')
    result = desk.run("migrate", "--from", "terraform", "main.tf", "--out", "out")
    assert result.code == 78
    assert "main.tf is HCL, and what reads it is not installed." in result.err
    assert "pip install 'kafka-gitops[terraform]'" in result.err
    attributes = '{"name": "a", "partitions": 1, "replication_factor": 1, "config": {}}'
    instance = (
        f'{{"mode": "managed", "type": "kafka_topic", "name": "a", "instances": [{{"attributes": {attributes}}}]}}'
    )
    desk.write("all.tfstate", f'{{"version": 4, "terraform_version": "1", "resources": [{instance}]}}')
    assert desk.ok("migrate", "--from", "terraform", "all.tfstate", "--out", "out").startswith("1 topic, ")


def test_what_a_state_settles_is_told(desk: Desk) -> None:
    case = next(case for case in cases("terraform") if "terraform.tfstate" in case.files)
    for path, text in case.files.items():
        desk.write(f"infra/{path}", text)
    out = desk.ok("migrate", "--from", "terraform", "infra", "--out", "out")
    assert "Read from a state, not from the configuration: 1 resource." in out


def test_resources_of_two_providers_are_asked_about(desk: Desk) -> None:
    case = next(case for case in cases("terraform") if "aliases.tf" in case.files)
    desk.write("aliases.tf", case.files["aliases.tf"])
    out = desk.ok("migrate", "--from", "terraform", "aliases.tf", "--out", "out")
    assert "The resources are of 2 providers: (default), west. Is that one cluster?" in out


def test_a_key_that_nobody_reads_is_told_with_what_was_meant(desk: Desk) -> None:
    desk.write("a.yaml", TOPIC.replace("replicas", "replica"))
    out = desk.ok("migrate", "--from", "strimzi", "a.yaml", "--out", "out")
    assert '  spec.replica: Strimzi does not know it (is "replicas" meant?)\n    a.yaml:4\n' in out


def test_a_folder_that_cannot_be_made_is_an_error(desk: Desk) -> None:
    desk.write("a.yaml", TOPIC)
    desk.write("out", "a file\n")
    result = desk.run("migrate", "--from", "strimzi", "a.yaml", "--out", "out")
    assert result.code == KafkaGitopsError.exit_code
    assert "cannot be written" in result.err


def test_with_a_cluster_that_is_down_the_files_stay_and_the_command_is_told(desk: Desk) -> None:
    desk.write("a.yaml", TOPIC)
    down = ("-X", "bootstrap.servers=127.0.0.1:1", "--timeout", "1")
    result = desk.run("migrate", "--from", "strimzi", "a.yaml", "--out", "out", *down)
    assert (result.code, (desk.home / "out/a.yaml").exists()) == (5, True)
    assert result.out.endswith("The plan of these files:\n") and "Next:" not in result.out
    assert result.err.endswith(f"The files are written. To plan: kafka-gitops plan out {' '.join(down)}\n")


def test_an_environment_that_is_not_there_is_told_before_anything_is_written(desk: Desk) -> None:
    desk.write("a.yaml", TOPIC)
    desk.write("kafka-gitops.yaml", "environments: {prod: {bootstrap: 'a:9'}, dev: {bootstrap: 'b:9'}}\n")
    result = desk.run("migrate", "--from", "strimzi", "a.yaml", "--out", "out", "-e", "prd")
    assert (result.code, (desk.home / "out").exists()) == (64, False)
    assert 'There is no environment "prd". Did you mean "prod"?' in result.err


PROPERTIES = """\
bootstrap.servers=broker:9092
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="hunter2-in-clear";
topology.topic.prefix.format={{context}}.{{project}}.{{topic}}
topology.project.prefix.format={{context}}.{{project}}.
topology.topic.managed.prefixes.0=acme.
topology.dlq.topics.generate=true
allow.delete.topics=true
julie.roles=roles.yaml
schema.registry.url=http://sr:8081
my.unknown=1
"""
CONFIG = """\
# migrated from tb.properties (julieops)
naming:
  topic: "{{context}}.{{project}}.{{topic}}"
  project: "{{context}}.{{project}}."
  dlq:
    generate: true
roles: roles.yaml
manage:
  topics: ["acme.*"]
"""


OUTSIDE = "tb.properties:7: JulieOps leaves out what lies outside; outside `manage` it is an error of lint"


def test_a_julieops_file_becomes_the_config_that_it_means(desk: Desk) -> None:
    desk.write("tb.properties", PROPERTIES)
    result = desk.run("migrate", "--from", "julieops", "tb.properties", "--out", ".")
    assert result.code == 0, result
    text = (desk.home / "kafka-gitops.yaml").read_text()
    bare = [line.partition("  # ")[0].rstrip() for line in text.splitlines()]
    assert "\n".join(bare).startswith(CONFIG)
    assert bare[-11:] == [
        "environments:",
        "  default:",
        "    bootstrap: broker:9092",
        "    client:",
        "      security.protocol: SASL_SSL",
        "      sasl.mechanisms: PLAIN",
        "      sasl.username: u",
        '      sasl.password: "${SASL_PASSWORD}"',
        "    schema_registry:",
        "      url: http://sr:8081",
        f"# {OUTSIDE}",
    ]
    assert f"  {OUTSIDE}\n" in result.out
    assert SECRET not in text + result.out + result.err
    assert "allow.delete.topics has no effect" in result.out
    assert "my.unknown: neither JulieOps nor this tool has such a key" in result.out


def test_the_config_of_a_julieops_file_says_what_the_file_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SASL_PASSWORD", SECRET)
    desk.write("tb.properties", f"{PROPERTIES}ssl.truststore.type=PEM\nssl.truststore.location=certs/ca.pem\n")
    desk.ok("-e", "prod", "migrate", "--from", "julieops", "tb.properties", "--out", "made")
    theirs = json.loads(desk.ok("config", "--client-config", "tb.properties", "--format", "json"))["settings"]
    ours = json.loads(desk.ok("config", "--config", "made/kafka-gitops.yaml", "--format", "json"))["settings"]
    assert ours["environments"].keys() == {"prod"}
    assert ours["environments"]["prod"]["client"].pop("ssl.ca.location") == "made/../certs/ca.pem"
    theirs["environments"] = {"prod": theirs["environments"]["default"]}
    assert theirs["environments"]["prod"]["client"].pop("ssl.ca.location") == "certs/ca.pem"
    assert (theirs.pop("roles"), ours.pop("roles")) == ("roles.yaml", "made/../roles.yaml")
    assert ours == theirs


def test_no_config_is_overwritten(desk: Desk) -> None:
    desk.write("tb.properties", "topology.dlq.topics.generate=true\n")
    assert desk.run("migrate", "--from", "julieops", "nowhere.properties", "--out", ".").code == 78
    desk.write("kafka-gitops.yaml", "topology: t\n")
    result = desk.run("migrate", "--from", "julieops", "tb.properties", "--out", ".")
    assert result.code == 1 and "kafka-gitops.yaml is there already" in result.err


def test_rights_that_are_no_acls_of_kafka_are_told(desk: Desk) -> None:
    provider = "topology.builder.access.control.class=com.purbon.kafka.topology.roles.RBACProvider"
    desk.write("tb.properties", f"bootstrap.servers=a:9\n{provider}\n")
    assert "RBACProvider" in desk.ok("migrate", "--from", "julieops", "tb.properties", "--out", "out")

"""What `init` finds: it names it in the config, says it in a line with the next command, and lint is of use at once."""

from pathlib import Path

import pytest
import yaml
from desk import Desk
from hooking import git

from kafka_gitops.cli import compose, found

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FROM = ("--from", f"https://github.com/acme/kafka-gitops@{COMMIT}")
PAGES = f"https://github.com/acme/kafka-gitops/blob/{COMMIT}/docs"
TOPICS = """\
context: acme
projects:
- name: pay
  topics:
  - {name: orders, config: {num.partitions: "3", replication.factor: "3", min.insync.replicas: "2"}}
"""
PROPERTIES = """\
bootstrap.servers=b:9092
sasl.mechanism=PLAIN
security.protocol=SASL_SSL
sasl.username=u
sasl.password=canary-word
topology.topic.prefix.separator=_
"""
COMPOSE = """\
services:
  zookeeper: {image: confluentinc/cp-zookeeper}
  connect: {image: confluentinc/cp-kafka-connect, ports: ["9093:9093"]}
  broker:
    image: confluentinc/cp-kafka:${VERSION:-7.5}
    environment:
      KAFKA_ADVERTISED_LISTENERS: INT://broker:29092,EXT://localhost:${PORT:-19092}
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: INT:PLAINTEXT,EXT:PLAINTEXT
"""
TOPIC = "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopic\nmetadata: {name: x}\nspec: {partitions: 1}\n"
SAID = f"""\
  wrote  kafka-gitops.yaml
  kept   .pre-commit-config.yaml (it exists)
  wrote  .gitignore
  found  streams files/: a topology; kafka-gitops.yaml names it
  found  config/tb.properties: a client file; kafka-gitops.yaml has its settings; what has none: \
kafka-gitops migrate --from julieops config/tb.properties --out DIR
  found  plans.yaml: topic plans; kafka-gitops.yaml names it
  found  docker-compose.yml: a broker at localhost:19092; kafka-gitops plan -e local
  found  manifests: 2 files of strimzi, the first a Strimzi KafkaTopic; \
kafka-gitops migrate --from strimzi manifests --out topologies
  found  .github/workflows: workflows of GitHub; ours beside them: kafka-gitops init --ci github
  found  Jenkinsfile: a pipeline of Jenkins; what to add to it: {PAGES}/jenkins.md
  found  .pre-commit-config.yaml: commit hooks of others; add below repos: - \
{{repo: https://github.com/acme/kafka-gitops, rev: {COMMIT}, hooks: [{{id: kafka-gitops-lint}}]}}
What was kept is as it was: move it away and run this again to see what would have been written.
A pipeline too: kafka-gitops init --ci github (or gitlab, jenkins, bitbucket)
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty git repository."""
    git(tmp_path, "init", "-q")
    return Desk(tmp_path)


def config(desk: Desk) -> dict[str, object]:
    text = yaml.safe_load((desk.home / "kafka-gitops.yaml").read_text(encoding="utf-8"))
    assert isinstance(text, dict)
    return text


def test_all_that_is_found_is_used_and_told(desk: Desk) -> None:
    for path, text in {
        "streams files/pay.yaml": TOPICS,
        "config/tb.properties": PROPERTIES,
        "plans.yaml": "plans:\n  gold: {config: {retention.ms: '1'}}\n",
        "docker-compose.yml": COMPOSE,
        "manifests/a.yaml": TOPIC,
        "manifests/b.yaml": TOPIC,
        ".github/workflows/build.yml": "on: push\n",
        "Jenkinsfile": "node {}\n",
        ".pre-commit-config.yaml": "repos: []\n",
        "node_modules/x/t.yaml": TOPICS,
    }.items():
        desk.write(path, text)
    result = desk.run("init", *FROM)
    assert (result.code, result.out, result.err) == (0, "kafka-gitops lint\n", SAID)
    made = config(desk)
    assert (made["topology"], made["plans"], made["naming"]) == ("streams files/", "plans.yaml", {"separator": "_"})
    assert "manage" not in made
    client = {"sasl.mechanisms": "PLAIN", "security.protocol": "SASL_SSL", "sasl.username": "u"}
    assert made["environments"] == {
        "production": {"bootstrap": "b:9092", "client": {**client, "sasl.password": "${SASL_PASSWORD}"}},
        "local": {"bootstrap": "localhost:19092"},
    }
    assert not (desk.home / "topologies").exists()
    assert desk.run("lint") == (0, "No problems in 1 file, 1 topic.\n", "")
    assert "acme_pay_orders" in desk.ok("render", "-e", "local")


def test_the_first_lint_says_what_is_wrong_with_the_files_that_were_found(desk: Desk) -> None:
    desk.write("descriptors/pay.yaml", TOPICS.replace('"3"', '"three"'))
    desk.ok("init", *FROM)
    lint = desk.run("lint")
    assert lint.code == 1 and "descriptors/pay.yaml:5:" in lint.out


def test_several_client_files_are_environments(desk: Desk) -> None:
    desk.write("topologies/pay.yaml", TOPICS)
    desk.write("conf/dev.properties", f"{PROPERTIES}topology.acls.optimized=true\n")
    desk.write("conf/prod 1.properties", PROPERTIES)
    desk.ok("init", *FROM)
    assert config(desk)["environments"] == {
        "dev": {"client_config": "conf/dev.properties"},
        "prod-1": {"client_config": "conf/prod 1.properties"},
    }
    assert desk.run("lint").code == 0


def test_a_client_file_that_is_wrong_is_named_and_lint_tells_it(desk: Desk) -> None:
    desk.write("topologies/pay.yaml", TOPICS)
    desk.write("tb.properties", "topology.acls.optimized=perhaps\n")
    desk.ok("init", *FROM)
    lint = desk.run("lint")
    assert (lint.code, lint.err) == (
        78,
        'error: tb.properties:1: topology.acls.optimized is "perhaps", expected true or false\n',
    )


def test_topologies_of_several_contexts_in_one_folder_are_many(desk: Desk) -> None:
    desk.write("a.yaml", TOPICS)
    desk.write("b.yaml", TOPICS.replace("acme", "other"))
    desk.write("values.yaml", "x: 1\n")
    desk.ok("init", *FROM)
    made = config(desk)
    assert (made["topology"], made["contexts"]) == (["a.yaml", "b.yaml"], "many")
    assert desk.run("lint").code == 0


def test_a_second_run_finds_and_changes_nothing_in_the_config(desk: Desk) -> None:
    desk.write("files/pay.yaml", TOPICS)
    desk.write("docker-compose.yml", COMPOSE)
    desk.ok("init", *FROM)
    before = (desk.home / "kafka-gitops.yaml").read_text(encoding="utf-8")
    result = desk.run("init", *FROM)
    assert result.code == 0 and "found" not in result.err
    assert (desk.home / "kafka-gitops.yaml").read_text(encoding="utf-8") == before
    assert not (desk.home / "topologies").exists()


BROKERS = {
    "a list of variables": (
        "image: bitnami/kafka:3\n    environment: ['KAFKA_CFG_ADVERTISED_LISTENERS=PLAINTEXT://127.0.0.1:9094']",
        ("localhost:9094", "PLAINTEXT"),
    ),
    "a published port": (
        "image: apache/kafka:4.0.0\n    ports: ['127.0.0.1:9095:9092']",
        ("localhost:9095", "PLAINTEXT"),
    ),
    "a listener with a login": (
        "image: apache/kafka\n    environment: {KAFKA_ADVERTISED_LISTENERS: 'OUT://localhost:9092', "
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'OUT:SASL_PLAINTEXT'}",
        ("localhost:9092", "SASL_PLAINTEXT"),
    ),
    "only inside": ("image: apache/kafka\n    environment: {KAFKA_ADVERTISED_LISTENERS: 'A://kafka:9092'}", None),
    "another service": ("image: provectuslabs/kafka-ui\n    ports: ['9092:9092']", None),
    "no port": ("image: apache/kafka", None),
    "odd": ("image: [apache/kafka]\n    ports: {a: b}\n    environment: 5", None),
}


@pytest.mark.parametrize("name", BROKERS)
def test_a_broker_of_compose_is_read_as_this_machine_reaches_it(name: str) -> None:
    service, wanted = BROKERS[name]
    broker = compose.broker("c.yml", f"services:\n  k:\n    {service}\n")
    assert (broker and (broker.address, broker.protocol)) == wanted


def test_what_cannot_be_read_is_passed_over(desk: Desk) -> None:
    desk.write("docker-compose.yml", "services: [\n")
    desk.write("x.yaml", "a: {{b}}\n")
    (desk.home / "y.yaml").write_bytes(b"\xff\xfe\x00")
    (desk.home / "loop").symlink_to(desk.home)
    result = desk.run("init", *FROM)
    assert result.code == 0 and "found" not in result.err


def test_a_big_repository_is_looked_at_in_part_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "MOST", 2)
    for name in ("a", "b", "c"):
        desk.write(f"{name}.yaml", TOPIC if name == "a" else "x: 1\n")
    err = desk.run("init", *FROM).err
    assert "  found  a.yaml: a Strimzi KafkaTopic; " in err
    assert "  found  more files than 2: what lies in the rest was not looked for\n" in err

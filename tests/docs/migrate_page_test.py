"""The commands of the page on other tools, typed one after another; kubectl's are all that is not run here."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk
from docs_examples_test import blocks

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.sandbox import Sandbox

PAGE = "docs/migrate.md"
HERE = Path(sys.executable).parent  # where our command is
MANIFEST = """\
apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata: {name: "@migrated"}
spec: {partitions: 2, replicas: 1, config: {retention.ms: 3600000}}
"""


def typed(block: str) -> list[list[str]]:
    """The commands of a block that shows a console."""
    return [shlex.split(line[2:])[1:] for line in block.splitlines() if line.startswith("$ kafka-gitops ")]


@pytest.mark.kafka
def test_manifests_are_migrated_linted_and_planned(desk_prod: Desk, kafka: Sandbox, prefix: str) -> None:
    commands = typed(blocks(PAGE, "console")[0])
    assert [words[0] for words in commands] == ["migrate", "lint", "plan"]
    desk_prod.write("manifests/topic.yaml", MANIFEST.replace("@", prefix))
    said = [desk_prod.ok(*words) for words in commands]
    assert f"{prefix}migrated" in said[-1]
    with open_cluster(kafka.client()) as cluster:
        assert f"{prefix}migrated" not in cluster.list_topics()


@pytest.fixture
def desk_prod(tmp_path: Path, kafka: Sandbox) -> Desk:
    """A directory whose config has the environment that the page names."""
    desk = Desk(tmp_path)
    rules = "rules: {topic-replication: off}"
    desk.write("kafka-gitops.yaml", f"{rules}\nenvironments: {{prod: {{bootstrap: '{kafka.bootstrap}'}}}}\n")
    return desk


def test_a_client_file_and_a_list_are_migrated(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("topology-builder.properties", "bootstrap.servers=broker:9092\nallow.delete.topics=true\n")
    desk.write("kafka/topics.yaml", "topics:\n- {name: orders, partitions: 6, replication_factor: 3}\n")
    _, julieops, listed = (typed(block) for block in blocks(PAGE, "console"))
    assert "allow.delete.topics has no effect" in desk.ok(*julieops[0])
    assert desk.ok(*listed[0]).startswith("1 topic, 0 ACLs, read from 1 file of topic lists")
    assert desk.run("lint", "topologies").code == 0


@pytest.mark.skipif(shutil.which("terraform") is None, reason="needs terraform")
def test_a_state_is_pulled_migrated_and_thrown_away(tmp_path: Path) -> None:
    attributes = {"name": "orders", "partitions": 2, "replication_factor": 1, "config": None, "id": "orders"}
    one = {"mode": "managed", "type": "kafka_topic", "name": "o", "instances": [{"attributes": attributes}]}
    one["provider"] = 'provider["registry.terraform.io/mongey/kafka"]'
    state = {"version": 4, "terraform_version": "1.7.0", "serial": 1, "lineage": "8a5a", "resources": [one]}
    (tmp_path / "terraform.tfstate").write_text(json.dumps(state))
    _, lines = blocks(PAGE, "sh")
    env = {**os.environ, "PATH": f"{HERE}{os.pathsep}{os.environ['PATH']}", "CHECKPOINT_DISABLE": "1"}
    done = subprocess.run(["bash", "-ec", lines], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.startswith("1 topic, 0 ACLs"), done
    assert (tmp_path / "topologies/all.yaml").exists() and not (tmp_path / "all.tfstate").exists()

"""Terraform lets go as the page says: `state pull` is what `migrate` reads, `state rm` and `removed` destroy nothing."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from desk import Desk

pytestmark = pytest.mark.skipif(shutil.which("terraform") is None, reason="needs terraform")
PAGE = Path(__file__).parents[2] / "docs" / "migrate.md"
KAFKA = 'terraform {\n  required_providers {\n    kafka = { source = "Mongey/kafka" }\n  }\n}\n'
BUILT_IN = """\
resource "terraform_data" "orders" {
  input = "orders"
  lifecycle { prevent_destroy = true }
}
"""


def terraform(home: Path, *words: str) -> str:
    """What Terraform prints; it must succeed."""
    env = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    done = subprocess.run(["terraform", *words], cwd=home, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)


def state(*names: str) -> str:
    """The state of topics, one an instance of `for_each`, as Terraform writes it."""
    instances = [
        {
            "index_key": name,
            "schema_version": 0,
            "attributes": {"id": name, "name": name, "partitions": 2, "replication_factor": 1, "config": None},
        }
        for name in names
    ]
    one = {"mode": "managed", "type": "kafka_topic", "name": "all", "instances": instances}
    one["provider"] = 'provider["registry.terraform.io/mongey/kafka"]'
    head = {"version": 4, "terraform_version": "1.7.0", "serial": 1, "lineage": "8a5a", "outputs": {}}
    return json.dumps({**head, "resources": [one]})


def test_a_pulled_state_is_migrated_and_forgotten_without_a_provider(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("main.tf", KAFKA)
    desk.write("terraform.tfstate", state("orders", "refunds"))
    desk.write("all.tfstate", terraform(tmp_path, "state", "pull"))
    out = desk.ok("migrate", "--from", "terraform", "all.tfstate", "--out", "topologies")
    assert out.startswith("2 topics, 0 ACLs, read from 1 file of Terraform\n") and "Not taken over" not in out
    addresses = terraform(tmp_path, "state", "list").split()
    assert addresses == ['kafka_topic.all["orders"]', 'kafka_topic.all["refunds"]']
    for address in addresses:
        terraform(tmp_path, "state", "rm", address)
    assert terraform(tmp_path, "state", "list") == ""


def test_a_removed_block_forgets_where_leaving_it_out_destroys(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("main.tf", BUILT_IN)
    terraform(tmp_path, "init")
    terraform(tmp_path, "apply", "-auto-approve")
    desk.write("main.tf", "")
    assert "1 to destroy" in terraform(tmp_path, "plan")  # prevent_destroy goes with the block that holds it
    (block,) = re.findall(r"```hcl\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    desk.write("main.tf", block.replace("kafka_topic.orders", "terraform_data.orders"))
    said = terraform(tmp_path, "plan")
    assert "0 to destroy" in said and "will no longer be managed" in said
    terraform(tmp_path, "apply", "-auto-approve")
    assert terraform(tmp_path, "state", "list") == ""

"""Schemas in a lint as it is run: places in their own files, what a change breaks, what was not looked at."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

TOPOLOGY = """\
context: acme
projects:
- name: pay
  topics:
  - name: orders
schemas:
- {subject: acme.pay.orders-value, file: ../schemas/order.avsc, compatibility: BACKWARD}
"""


def order(*fields: dict[str, Any], namespace: str = "acme") -> str:
    """A record in a layout that people write."""
    return json.dumps({"type": "record", "name": "Order", "namespace": namespace, "fields": fields}, indent=2)


ID = {"name": "id", "type": "long"}
NOTE = {"name": "note", "type": "string"}


def git(desk: Desk, *arguments: str) -> None:
    """Run git in the repository."""
    identity = ["-c", "user.name=Ann Doe", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", "-C", str(desk.home), *identity, *arguments], check=True, capture_output=True, timeout=30)


@pytest.fixture
def repo(tmp_path: Path) -> Desk:
    """A repository with one topic and its schema, committed."""
    desk = Desk(tmp_path / "repo")
    desk.write("topologies/pay.yaml", TOPOLOGY)
    desk.write("schemas/order.avsc", order(ID))
    git(desk, "init", "-q")
    git(desk, "add", "-A")
    git(desk, "commit", "-qm", "one")
    return desk


def found(desk: Desk, *words: str) -> list[str]:
    """The findings about schemas, a line each."""
    lines = desk.run("lint", "--format", "concise", *words).out.splitlines()
    return [line for line in lines if "schema-" in line]


def test_a_good_schema_is_clean(repo: Desk) -> None:
    result = repo.run("lint")
    assert (result.code, found(repo), found(repo, "--base", "HEAD")) == (0, [], [])


def test_a_fault_has_its_place_in_the_file_of_the_schema(repo: Desk) -> None:
    repo.write("schemas/order.avsc", order(ID, {**NOTE, "default": 7}))
    said = "the default does not fit: found 7, expected a text (string)"
    assert found(repo) == [f"schemas/order.avsc:13:18: error schema-default {said}"]


def test_a_change_is_held_to_the_level_until_it_is_accepted(repo: Desk) -> None:
    repo.write("schemas/order.avsc", order(ID, NOTE))
    said = "not BACKWARD: note: the new schema needs the field, since it has no default there, and the old schema does not write it"
    line = f"schemas/order.avsc:12:15: error change-schema-incompatible {said}"
    assert found(repo) == []
    assert found(repo, "--base", "HEAD") == [line]
    accepted = repo.run("lint", "--base", "HEAD", "--accept", "change-schema-incompatible:acme.pay.orders-value")
    assert accepted.code == 0
    repo.write("schemas/order.avsc", order(ID, {**NOTE, "default": ""}))
    assert found(repo, "--base", "HEAD") == []


def test_another_namespace_is_an_error_that_no_level_forbids(repo: Desk) -> None:
    repo.write("schemas/order.avsc", order(ID, namespace="acme.v2"))
    (line,) = found(repo, "--base", "HEAD")
    assert line.startswith("schemas/order.avsc:3:11: error change-schema-namespace acme.Order -> acme.v2.Order")


def test_without_the_libraries_a_note_says_what_was_not_looked_at(repo: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("avro", "avro.errors", "avro.schema", "fastavro", "kafka_gitops.schemas.avro_compat"):
        monkeypatch.setitem(sys.modules, name, None)
    repo.write("schemas/order.avsc", order(ID, {"name": "not_judged_before", "type": "string"}))
    result = repo.run("lint", "--base", "HEAD")
    assert result.code == 0
    assert (
        "1 schema of Avro looked at by rules of our own only, and changes not judged against their level" in result.err
    )


def test_what_only_the_registry_has_is_said_not_to_be_judged(repo: Desk) -> None:
    repo.write("schemas/order.avsc", order({"name": "to", "type": "acme.Address"}))
    uses = "  references: [{name: acme.Address, subject: address, version: 3, foreign: true}]\n"
    own = "- subject: acme.pay.orders-value\n  file: ../schemas/order.avsc\n"
    repo.write("topologies/pay.yaml", TOPOLOGY.partition("- {subject")[0] + own + uses)
    result = repo.run("lint")
    assert result.code == 0
    assert "1 schema not judged as a whole: the references are in no file" in result.err


def test_a_file_by_itself_is_not_judged_by_what_others_declare(repo: Desk) -> None:
    own = "- subject: acme.risk.scores-value\n  file: ../schemas/order.avsc\n"
    uses = "  references: [{name: acme.Address, subject: address}]\n"
    repo.write(
        "topologies/risk.yaml", f"context: acme\nprojects:\n- name: risk\n  topics:\n  - name: a\nschemas:\n{own}{uses}"
    )
    repo.write("topologies/common.yaml", TOPOLOGY.replace("acme.pay.orders-value", "address").replace("pay", "common"))
    assert repo.run("lint", "--files-only", "topologies/risk.yaml").code == 0
    (orphan,) = [line for line in found(repo) if "risk" in line]
    assert "schema-subject-orphan" in orphan

"""A schema with references at a real registry: one that resolves them when it registers, and not when it tests."""

import json
from pathlib import Path

import pytest
from desk import Desk

from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.rest import Server

pytestmark = pytest.mark.kafka


@pytest.fixture
def desk(tmp_path: Path, kafka: Sandbox, registry: Server, prefix: str) -> Desk:
    """A record that uses another file's, applied, at the level FULL."""
    made = Desk(tmp_path)
    address = f"{{bootstrap: '{kafka.bootstrap}', schema_registry: {{url: '{registry.url}'}}}}"
    made.write("kafka-gitops.yaml", f"topology: files/\nenvironments:\n  test: {address}\n")
    reference = f"{{name: a.Common, subject: {prefix}common, version: latest}}"
    made.write(
        "files/all.yaml",
        f"context: c\nschemas:\n- {{subject: {prefix}common, file: schemas/common.avsc}}\n"
        f"- {{subject: {prefix}user, file: schemas/user.avsc, compatibility: FULL, references: [{reference}]}}\n",
    )
    made.write("files/schemas/common.avsc", record("Common", ("x", '["null", "long"]', "null")))
    made.write("files/schemas/user.avsc", record("User", COMMON))
    made.ok("apply", "--yes")
    made.ok("plan", "--exit-code")
    return made


COMMON = ("common", '["null", "a.Common"]', "null")


def record(name: str, *fields: tuple[str, str, str]) -> str:
    """An Avro record, a line for each field: its name, type, and default (empty for none)."""
    lines = [
        json.dumps({"name": field, "type": json.loads(kind), **({"default": json.loads(default)} if default else {})})
        for field, kind, default in fields
    ]
    return f'{{"type": "record", "name": "{name}", "namespace": "a", "fields": [\n' + ",\n".join(lines) + "\n]}\n"


def test_a_change_that_keeps_to_the_level_is_planned_and_applied(desk: Desk) -> None:
    desk.write("files/schemas/user.avsc", record("User", COMMON, ("more", '["null", "long"]', "null")))
    assert "1 schema to update" in desk.ok("plan")
    desk.ok("apply", "--yes")
    desk.ok("plan", "--exit-code")


def test_one_that_does_not_cannot_be_done_and_is_told_at_its_line(desk: Desk, prefix: str) -> None:
    desk.write("files/schemas/user.avsc", record("User", COMMON, ("more", '"long"', "")))
    said = desk.ok("plan")
    assert f"x schema {prefix}user  it does not keep to FULL: more: the new schema needs the field" in said
    assert "(files/schemas/user.avsc:3)" in said

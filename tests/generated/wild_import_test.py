"""Clusters that nobody planned: what is imported plans nothing, an apply of it writes nothing, and twice is the same."""

import json
import os
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from dumping import kafka_dump, registry_dump, worker_dump
from filling import emptied, fill
from metadata_log import written
from wild import Wild

from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.rest import Server

pytestmark = pytest.mark.kafka

COUNT = 60 if os.environ.get("KAFKA_GITOPS_LONG") else 12  # `make long`


@pytest.fixture
def desk(tmp_path: Path, bare_kafka: Sandbox, bare_registry: Server, bare_worker: Server) -> Iterator[Desk]:
    """A repository for servers of these tests alone, which are empty before and after."""
    with emptied(tmp_path, bare_kafka, bare_registry, bare_worker) as made:
        yield made


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("number", range(1, COUNT + 1))
def test_what_is_imported_is_what_is_there(
    desk: Desk, tmp_path: Path, bare_kafka: Sandbox, bare_registry: Server, bare_worker: Server, number: int
) -> None:
    (tmp_path / "db.properties").write_text("user=canary-of-a-file\n", encoding="utf-8")
    config = (tmp_path / "kafka-gitops.yaml").read_text(encoding="utf-8")
    wild = Wild(number, str(tmp_path))
    fill(wild, bare_kafka, bare_registry, bare_worker)
    said = desk.run("import", "--out", "found", "-v").out
    assert "canary-in-clear" not in said
    assert not [path for path, data in files(tmp_path / "found").items() if b"canary-in-clear" in data]
    lint = desk.run("lint", "found", "--format", "json")
    assert lint.code == 0 and not [one for one in json.loads(lint.out)["diagnostics"] if one["severity"] == "error"], (
        lint
    )
    assert desk.ok("plan", "found", "--exit-code").startswith("No changes.")

    before = (
        kafka_dump(bare_kafka),
        registry_dump(bare_registry),
        worker_dump(bare_worker),
        written(bare_kafka.data_dir),
    )
    assert desk.ok("apply", "found", "--yes").startswith("No changes.")
    assert (
        kafka_dump(bare_kafka),
        registry_dump(bare_registry),
        worker_dump(bare_worker),
        written(bare_kafka.data_dir),
    ) == before

    bounds = textwrap.dedent(said.partition("nothing else is touched then\n")[2].partition("Next:")[0])
    desk.write("kafka-gitops.yaml", f"{config}{bounds}")
    assert desk.ok("plan", "found", "--exit-code").startswith("No changes.")
    desk.ok("import", "--out", "again")
    assert files(tmp_path / "again") == files(tmp_path / "found")
    refused = desk.run("import", "--out", "found")
    assert refused.code == 1 and "found is not empty" in refused.err

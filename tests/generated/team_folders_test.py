"""Clusters that nobody planned, cut by teams that are dealt by chance: the folders and the rest are what is there."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from dealing import NAMES, dealt
from desk import Desk
from filling import emptied, fill
from wild import Wild

from kafka_gitops.adopt import proof
from kafka_gitops.adopt.inventory import Made
from kafka_gitops.model import Key, Spec
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.rest import Server
from kafka_gitops.settings import Language

pytestmark = pytest.mark.kafka

COUNT = 12 if os.environ.get("KAFKA_GITOPS_LONG") else 2  # `make long`


@pytest.fixture
def desk(tmp_path: Path, bare_kafka: Sandbox, bare_registry: Server, bare_worker: Server) -> Iterator[Desk]:
    """A repository for servers of these tests alone, which are empty before and after."""
    with emptied(tmp_path, bare_kafka, bare_registry, bare_worker) as made:
        yield made


def state(folder: Path) -> dict[Key, Spec]:
    """What the files of a folder declare."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    found = proof.read(
        [Made(str(path.relative_to(folder)), path.read_text(encoding="utf-8")) for path in files],
        Language(connect_servers=("main",)),
    )
    assert [one for one in found.problems if one.severity > 2] == []
    return found.state


def teams(wild: Wild, seed: int) -> str:
    """Three teams of what is there."""
    acls = sorted(wild.acls)
    return dealt(
        Random(seed),
        topics=[*wild.own, *(one.name for one in acls if one.resource_type == "TOPIC")],
        groups=[one.name for one in acls[::2] if one.resource_type == "GROUP"],
        principals=[one.principal for one in acls] + [f"User:{name}" for name, _ in wild.users],
        connectors=list(wild.connectors),
        client_ids=[str(value) for entity in wild.quotas for kind, value in entity if kind == "client-id" and value],
    )


@pytest.mark.parametrize("number", range(1, COUNT + 1))
def test_the_folders_of_the_teams_and_the_rest_are_what_is_there(
    desk: Desk, tmp_path: Path, bare_kafka: Sandbox, bare_registry: Server, bare_worker: Server, number: int
) -> None:
    (tmp_path / "db.properties").write_text("user=canary-of-a-file\n", encoding="utf-8")
    wild = Wild(number, str(tmp_path))
    fill(wild, bare_kafka, bare_registry, bare_worker)
    left = desk.ok("import", "--out", "whole")
    desk.write("teams.yaml", teams(wild, number))
    told = desk.ok("import", "--teams", "teams.yaml", "--out", "cut", "-v")

    whole = state(tmp_path / "whole")
    parts = {name: state(tmp_path / "cut" / name / "topologies") for name in NAMES}
    union = {key for part in parts.values() for key in part}
    assert len(union) == sum(map(len, parts.values())) > 0
    assert all(proof.equal(key, spec, whole[key]) for part in parts.values() for key, spec in part.items())
    lost = [str(key) for key in whole if key not in union]
    assert [name for name in lost if name not in told] == []
    assert counted(told, "In no team's files") == len(lost) + counted(left, "Left on the servers")

    for name in NAMES:
        team = Desk(tmp_path / "cut" / name)
        lint = team.run("lint", "--policy", f"../policies/{name}.yaml", "--format", "json")
        assert lint.code == 0 and not [d for d in json.loads(lint.out)["diagnostics"] if d["severity"] == "error"], lint
        if parts[name]:
            assert team.ok("plan", "--policy", f"../policies/{name}.yaml", "--exit-code").startswith("No changes.")
    assert [path.name for path in sorted((tmp_path / "cut" / "policies").iterdir())] == [
        f"{n}.yaml" for n in sorted(NAMES)
    ]


def counted(told: str, head: str) -> int:
    found = re.search(rf"^{head} \(([\d,]+)\):$", told, re.MULTILINE)
    return int(found[1].replace(",", "")) if found else 0

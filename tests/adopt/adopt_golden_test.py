"""The 40 goldens as a cluster: their state becomes files that say exactly it, nearly all with the roles as written."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from reading import language

from kafka_gitops.adopt import proof
from kafka_gitops.adopt.files import made
from kafka_gitops.adopt.inventory import Inventory, Shape, Split
from kafka_gitops.descriptor.build import topology
from kafka_gitops.model import Topology
from kafka_gitops.settings import Language
from kafka_gitops.text.source import parse

GOLDEN = sorted((Path(__file__).parents[1] / "golden").iterdir())
ROLES = ("consumer", "producer", "streams", "connector")
SPLITS: tuple[Split, ...] = ("one", "prefix", "owner")


@cache
def source(folder: Path) -> tuple[Topology, Language]:
    """What somebody wrote, and the settings that it is read with."""
    own = language((folder / "config.properties").read_text(encoding="utf-8"))
    text = (folder / "topology.yaml").read_text(encoding="utf-8")
    return topology({"t.yaml": parse("t.yaml", text)}, own), own


def entries(found: Topology) -> Counter[str]:
    """How many entries of each role give anything: one at a project without topics gives nothing, and is nowhere."""
    return Counter(grant.role for grant in found.grants if grant.role in ROLES and grant.acls)


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.name)
def test_the_state_of_a_golden_comes_back(folder: Path, split: Split) -> None:
    before, own = source(folder)
    found = made(Inventory(before.state), Shape(None, split), own)
    assert proof.read(found, own).state == before.state
    backwards = Inventory(dict(reversed([*before.state.items()])))
    assert made(backwards, Shape(None, split), own) == found


def test_at_least_thirty_come_back_with_the_roles_that_they_were_written_with() -> None:
    same = []
    for folder in GOLDEN:
        before, own = source(folder)
        after = proof.read(made(Inventory(before.state), Shape(), own), own)
        same += [folder.name] * (entries(after) == entries(before))
    assert len(same) == 36

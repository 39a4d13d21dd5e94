"""An inventory becomes files that declare exactly it."""

from pathlib import Path

import pytest
from reading import language

from kafka_gitops.adopt.files import made
from kafka_gitops.adopt.inventory import Inventory, Shape
from kafka_gitops.descriptor.build import topology
from kafka_gitops.text.source import parse

GOLDEN = sorted((Path(__file__).parents[1] / "golden").iterdir())


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.name)
def test_the_state_of_a_golden_comes_back(folder: Path) -> None:
    own = language((folder / "config.properties").read_text(encoding="utf-8"))
    text = (folder / "topology.yaml").read_text(encoding="utf-8")
    inventory = Inventory(topology({"t.yaml": parse("t.yaml", text)}, own).state)
    found = made(inventory, Shape(), own)
    assert [one.path for one in found] == ["topology.yaml"]
    backwards = Inventory(dict(reversed([*inventory.specs.items()])))
    assert made(backwards, Shape(), own) == found

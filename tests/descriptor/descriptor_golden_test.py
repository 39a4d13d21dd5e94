"""The 40 golden topologies come out as the reference made them, line by line."""

import json
from pathlib import Path

import pytest
from reading import acl_lines, configs, language

from kafka_gitops.descriptor.build import topology
from kafka_gitops.diagnostics import Severity
from kafka_gitops.text.source import parse

GOLDEN = sorted((Path(__file__).parents[1] / "golden").iterdir())


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.name)
def test_equals_the_reference(folder: Path) -> None:
    text = (folder / "topology.yaml").read_text(encoding="utf-8")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    found = topology({"t.yaml": parse("t.yaml", text)}, language((folder / "config.properties").read_text()))
    assert [problem for problem in found.problems if problem.severity is Severity.error] == []
    assert configs(found, special=False) == sorted(expected["topics"], key=lambda topic: str(topic["name"]))
    assert [topic["name"] for topic in configs(found, special=True)] == sorted(expected["special_topics"])
    assert acl_lines(found) == sorted(expected["acls"])


def test_there_are_forty() -> None:
    assert len(GOLDEN) == 40

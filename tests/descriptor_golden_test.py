"""The 40 golden topologies come out as the reference made them, line by line."""

import json
from pathlib import Path
from typing import Any

import pytest

from kafka_gitops.descriptor.build import topology
from kafka_gitops.diagnostics import Severity
from kafka_gitops.model import Topology
from kafka_gitops.settings import Dlq, Language, Naming
from kafka_gitops.source import parse

GOLDEN = sorted((Path(__file__).parent / "golden").iterdir())


def language(properties: str) -> Language:
    """The settings of a golden's config.properties."""
    found = dict(line.split("=", 1) for line in properties.splitlines() if "=" in line)
    get = found.get
    dlq = Dlq(
        generate=get("topology.dlq.topics.generate") == "true",
        label=get("topology.topic.dlq.label", "dlq"),
        topic=get("topology.topic.dlq.prefix.format", "default"),
    )
    naming = Naming(
        topic=get("topology.topic.prefix.format", "default"),
        project=get("topology.project.prefix.format", "default"),
        separator=get("topology.topic.prefix.separator", "."),
        dlq=dlq,
    )
    return Language(
        naming,
        optimized_acls=get("topology.acls.optimized") == "true",
        connector_topic_create=get("topology.connector.allow.topic.create") != "false",
    )


def configs(found: Topology, *, special: bool) -> list[dict[str, Any]]:
    """The topics as the goldens have them."""
    topics = []
    for topic in found.topics:
        pseudo = {"num.partitions": topic.spec.partitions, "replication.factor": topic.spec.replication}
        config = {**topic.spec.config, **{key: str(value) for key, value in pseudo.items() if value is not None}}
        if (topic.project is None) == special:
            topics.append({"name": topic.name, "config": config})
    return sorted(topics, key=lambda topic: str(topic["name"]))


def acl_lines(found: Topology) -> list[str]:
    """The bindings as the goldens have them."""
    return sorted(
        "|".join((acl.principal, acl.resource_type, acl.pattern_type, acl.name, acl.operation, acl.host))
        for acl in found.acls
    )


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

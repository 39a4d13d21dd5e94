"""The published JSON Schema agrees with what the program accepts."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import yaml
from config_file_test import MERGED, WRONG

from kafka_gitops.config.json_schema import document
from kafka_gitops.config.schema import FILE_SHAPE
from kafka_gitops.shape.check import check
from kafka_gitops.text.source import parse

GOOD = [
    MERGED,
    "{}",
    "topology: topologies/\nkafka_version: 4.10\ncontexts: many",
    "topology: [a, b]\nrules: {a: off, b: 'off', c: {severity: info, max: 3, list: [1]}}",
    "naming: {topic: name, project: '', separator: _, dlq: {generate: true, allow: [a.*]}}",
    "naming: {project: null}",
    "environments: {a: {bootstrap: 'h:1', client: {retries: 3, b: yes}, brokers: 6, cluster_id: 5}}",
    "limits: {topics: '10', percent: 100}",
    "acls: {optimized: 'true', connector_topic_create: false}",
    "environments: {}",
    "manage: {cluster: [create, ALTER, Idempotent_Write, all], delegation_tokens: [a, 'b*']}",
    "manage: {cluster: []}",
]
BAD = [
    *WRONG.splitlines()[:4],
    "[]",
    "text",
    "topology: {a: b}",
    "topology: [[a]]",
    "contexts: few",
    "rules: {a: fatal}",
    "rules: {a: {severity: fatal}}",
    "rules: [a]",
    "naming: {dlq: {generate: 3}}",
    "naming: {topics: x}",
    "overrides: [{paths: [a]}]",
    "overrides: [{paths: a, rules: {}}]",
    "protect: {groups: [a]}",
    "manage: {topics: a}",
    "manage: {cluster: true}",
    "manage: {cluster: ['*']}",
    "manage: {cluster: [READ]}",
    "manage: {delegation_tokens: true}",
    "manage: {nobody: [a]}",
    "limits: {percent: 101}",
    "environments: {a: {brokers: 0}}",
    "environments: {a: {naming: {}}}",
    "environments: {a: {client: {x: [1]}}}",
    "environments: [a]",
    "undeclared_configs: drop",
    "bootstrap: h:1",
    "kafka_version: null",
    "kafka_version: latest",
    "kafka_version: CP 7.6",
]


def agrees(text: str) -> tuple[bool, bool]:
    """Whether the program and the schema accept a text."""
    root = parse("kafka-gitops.yaml", text).root
    assert root is not None
    ours = not list(check(root, FILE_SHAPE))
    return ours, jsonschema.Draft202012Validator(document()).is_valid(yaml.safe_load(text))


@pytest.mark.parametrize("text", GOOD)
def test_both_accept(text: str) -> None:
    assert agrees(text) == (True, True)


@pytest.mark.parametrize("text", BAD)
def test_both_refuse(text: str) -> None:
    assert agrees(text) == (False, False)


def test_it_is_a_schema_of_its_draft() -> None:
    jsonschema.Draft202012Validator.check_schema(document())


def test_every_key_is_described() -> None:
    assert [name for name, key in _properties(document()) if not str(key.get("description", "")).endswith(".")] == []


def _properties(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, list):
        for item in node:
            yield from _properties(item)
    elif isinstance(node, dict):
        yield from node.get("properties", {}).items()
        for child in node.values():
            yield from _properties(child)

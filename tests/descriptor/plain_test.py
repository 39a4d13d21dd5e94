"""A part as plain data, by JSON as by marshal, is the part again, and its nodes find themselves."""

import json
import marshal
from collections.abc import Callable
from typing import Any

import pytest
from file_parts_test import LANGUAGES, SEEDS, told, understood
from mixing import artefact

from kafka_gitops.descriptor import parts, plain
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.part import Part
from kafka_gitops.settings import Language
from kafka_gitops.text.later import Later
from kafka_gitops.text.source import Source, parse

WAYS: dict[str, Callable[[Any], Any]] = {
    "json": lambda data: json.loads(json.dumps(data)),
    "marshal": lambda data: marshal.loads(marshal.dumps(data)),
}
ALIASES = """\
context: c
projects:
- name: p
  topics: &t
  - {name: a, consumers: &u [User:a, {principal: User:b, group: g}]}
  - {name: b, consumers: *u}
  - &whole {name: c, config: {retention.ms: "5"}}
  - {<<: *whole, name: d}
- name: q
  topics: *t
"""


def again(draft: Draft, source: Source, way: Callable[[Any], Any]) -> Part:
    found = plain.dump(parts.part(draft, source), source)
    assert found is not None
    return plain.load(way(found), Source.unread(source.path, source.text))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_a_part_is_the_same_again(
    way: Callable[[Any], Any], language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [told(understood(seed, language)) for seed in SEEDS]
    part, count = parts.part, 0

    def packed(draft: Draft, source: Source) -> Any:
        nonlocal count
        made = plain.dump(part(draft, source), source)
        count += made is not None
        return part(draft, source) if made is None else plain.load(way(made), Source.unread(source.path, source.text))

    monkeypatch.setattr(parts, "part", packed)
    assert [told(understood(seed, language)) for seed in SEEDS] == before
    assert count > len(SEEDS) * 7


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_aliases_repeat_is_found_again(way: Callable[[Any], Any]) -> None:
    source, draft = parse("a.yaml", ALIASES), Draft(Language())
    first, second = parts.part(draft, source), again(draft, source, way)
    pairs = [(one.node, other.node) for one, other in zip(first.topics, second.topics, strict=True)]
    pairs += [(one.node, other.node) for one, other in zip(first.grants, second.grants, strict=True)]
    for one, other in pairs:
        assert isinstance(other, Later)
        assert (one.span, one.head) == (other.span, other.head)
    assert len({id(grant.node) for grant in first.grants}) == len({id(grant.node) for grant in second.grants})
    assert first.bindings.multiplied == second.bindings.multiplied


def test_a_connector_whose_config_is_in_another_file_stays_where_it_was_read() -> None:
    text = "context: c\nprojects: []\nconnectors:\n- {name: d, file: c.json}\n"
    source = parse("a.yaml", text)
    assert plain.dump(parts.part(Draft(Language(), read=artefact), source), source) is None


def test_a_literal_that_no_report_may_show_goes_with_the_part() -> None:
    text = "context: c\nprojects: []\nusers:\n- {name: d, mechanism: SCRAM-SHA-256, password: se-cret-1}\n"
    source, draft = parse("a.yaml", text), Draft(Language())
    for _ in range(2):  # also what is known before
        assert "se-cret-1" in parts.part(draft, source).secrets
    assert "se-cret-1" in again(draft, source, WAYS["json"]).secrets


def test_only_specs_of_kinds_are_made_of_plain_data() -> None:
    with pytest.raises(ValueError, match="is no spec of a kind"):
        plain._unpacked(["os:system", "true"])
    with pytest.raises(ValueError, match="is no spec of a kind"):
        plain._unpacked(["kafka_gitops.kinds.quota.spec:load", "a", {}])

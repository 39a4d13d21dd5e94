"""Files that are read each by itself add up to what reading one after the other gives, bounds over all files included."""

from typing import Any

import pytest
from mixing import PLANS, ROLES, artefact, drawn

from kafka_gitops.descriptor import bindings, build, joining, merge, parts
from kafka_gitops.model import Topology
from kafka_gitops.reading import artefacts, bounds, draft, part, plans
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.part import Part
from kafka_gitops.settings import Language, ManagedPrefixes
from kafka_gitops.text.source import Source, parse

LANGUAGES = {
    "plain": Language(),
    "prefixes": Language(many_contexts=True, managed=ManagedPrefixes(("acme.pay",), (), ("User:a",))),
    "optimized": Language(optimized_acls=True, connect_servers=("s",)),
}
BOUNDS = {
    "far": {},
    "suggested": {"MOST_SUGGESTED": 12},
    "multiplied": {"MOST": 60, "MOST_OF_ONE": 40},
    "planned": {"MOST_PLANNED": 3},
    "all": {"MOST_SUGGESTED": 20, "MOST": 90, "MOST_PLANNED": 6},
}
SEEDS = range(60)


def one_after_the_other(draft: Draft, sources: dict[str, Source], found: dict[str, Part]) -> None:
    """What `joined` does, on one draft that knows all that was read before."""
    rest = {path: one.others for path, one in found.items() if one.others is not None}
    draft.beside = {key: path for path, others in rest.items() for key in others}
    seen = merge.Seen()
    for path, source in sources.items():
        if path not in rest:
            parts.read(draft, source, seen)
    for path in rest:
        if not artefacts.is_named(artefacts.plain(path), draft.named):
            parts.read(draft, sources[path], seen)


def understood(seed: int, language: Language) -> Topology:
    sources = {path: parse(path, text) for path, text in drawn(seed).items()}
    return build.topology(
        sources,
        language,
        roles=parse("roles.yaml", ROLES) if seed % 3 else None,
        plans=parse("plans.yaml", PLANS) if seed % 2 else None,
        read=artefact if seed % 5 else None,
    )


def told(found: Topology) -> dict[str, Any]:
    """All of a topology, its nodes as their places."""
    parts = {
        name: getattr(found, name)
        for name in ("topics", "grants", "removals", "acl_removals", "releases", "access", "declared")
    }
    places = {name: [(one.node.span, one.node.key_span) for one in many] for name, many in parts.items()}
    plain = {name: [str(one) for one in _without_nodes(many)] for name, many in parts.items()}
    rest = {name: getattr(found, name) for name in ("problems", "notes", "segments")}
    return {"places": places, "plain": plain, **rest}


def _without_nodes(many: Any) -> list[list[object]]:
    return [[getattr(one, name) for name in _fields(one) if name != "node"] for one in many]


def _fields(one: Any) -> tuple[str, ...]:
    return tuple(getattr(one, "_fields", None) or one.__dataclass_fields__)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("limits", BOUNDS.values(), ids=BOUNDS)
def test_parts_add_up(language: Language, limits: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, number in limits.items():
        for module in (bindings, bounds, draft, part, plans):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, number)
    apart = [told(understood(seed, language)) for seed in SEEDS]
    with monkeypatch.context() as patch:
        patch.setattr(joining, "joined", one_after_the_other)
        together = [told(understood(seed, language)) for seed in SEEDS]
    for seed in SEEDS:
        assert apart[seed] == together[seed], seed


def test_the_files_drawn_meet_each_other_and_the_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST", 60)
    found = [one for seed in SEEDS for one in understood(seed, Language()).problems]
    rules = {one.rule for one in found}
    assert rules >= {
        "context-conflict", "unknown-key", "acl-too-many", "artefact-syntax", "artefact-not-found", "nothing-declared",
        "file-not-found", "wrong-type", "yaml-syntax", "not-managed", "unquoted-oddity", "missing-key", "acl-still-given",
    }  # fmt: skip
    assert any("did you mean" in (one.help or "") for one in found)

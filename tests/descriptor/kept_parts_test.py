"""A topology at another time: of files that are the same what was understood once is taken, and gives the same."""

from collections.abc import Callable, Mapping

import pytest
from file_parts_test import BOUNDS, LANGUAGES, told
from mixing import PLANS, ROLES, artefact, drawn

from kafka_gitops.descriptor import bindings, build, parts
from kafka_gitops.model import Topology
from kafka_gitops.reading import bounds, draft, part, plans
from kafka_gitops.reading.draft import ReadArtefact
from kafka_gitops.settings import Language
from kafka_gitops.text.source import Source, parse

SEEDS = range(40)


def at(
    sources: Mapping[str, Source],
    language: Language,
    *,
    now: Topology | None = None,
    side: tuple[str, str] = (ROLES, PLANS),
    read: ReadArtefact = artefact,
) -> Topology:
    """The files, beside others."""
    roles, planned = (parse(f"{name}.yaml", text) for name, text in zip(("roles", "plans"), side, strict=True))
    return build.topology(sources, language, roles=roles, plans=planned, read=read, now=now, keep=now is None)


def parsed(seed: int) -> dict[str, Source]:
    return {path: parse(path, text) for path, text in drawn(seed).items()}


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("limits", BOUNDS.values(), ids=BOUNDS)
def test_the_same_files_give_the_same(
    language: Language, limits: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, number in limits.items():
        for module in (bindings, bounds, draft, part, plans):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, number)
    for seed in SEEDS:
        now = parsed(seed)
        known = at(now, language)
        then = {path: source for number, (path, source) in enumerate(now.items()) if number != seed % len(now)}
        then |= parsed(seed + 1000)  # another file, and those that have other texts under the same names
        before = told(known)
        assert told(at(then, language, now=known)) == told(at(then, language)), seed
        assert told(known) == before, "what was understood before is as it was"


def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are understood from here on."""
    found: list[str] = []
    part_of = parts.part

    def noted(one: draft.Draft, source: Source) -> part.Part:
        found.append(source.path)
        return part_of(one, source)

    monkeypatch.setattr(parts, "part", noted)
    return found


A = "context: c\nspecial_topics: [{name: a, plan: small}]\n"
B = "context: c\nprojects: [{name: p, topics: [{name: b, schemas: {value.schema.file: s.avsc}}]}]\n"


def test_what_a_file_was_understood_with_must_be_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {path: parse(path, text) for path, text in (("a.yaml", A), ("b.yaml", B))}
    known = at(sources, Language())
    found = made(monkeypatch)
    at(sources, Language(), now=known)
    assert found == ["b.yaml"], "it names a file, which may have been another one then"
    others: tuple[Callable[[], Topology], ...] = (
        lambda: at(sources, Language(optimized_acls=True), now=known),
        lambda: at(sources, Language(), now=known, side=(ROLES, PLANS + "\n")),
        lambda: at(sources, Language(), now=known, side=(ROLES + "\n", PLANS)),
        lambda: at({path: parse(path, one.text) for path, one in sources.items()}, Language(), now=known),
        lambda: at(sources, Language(), now=known._replace(parts=None)),
    )
    for again in others:
        found.clear()
        again()
        assert found == ["a.yaml", "b.yaml"]

"""The promise of `kinds/`: outside of it nobody knows one kind, and every kind goes the whole way of a plan."""

import ast
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path

import pytest
from kind_cases import Case, case

from kafka_gitops.changes import Change
from kafka_gitops.holds import Hold
from kafka_gitops.kinds import KINDS, LINES, acl, connector, quota, schema, topic, user
from kafka_gitops.kinds.contract import Kind
from kafka_gitops.model import Key
from kafka_gitops.plan import file, steps
from kafka_gitops.plan.apply import Applied, carry_out
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.plan.policy import consent, refusals
from kafka_gitops.report import apply_text, plan_markdown, plan_text, words
from kafka_gitops.report.views import PlanView

HELD: tuple[Kind, ...] = (  # mypy holds each module to the contract here
    topic,
    acl,
    quota,
    user,
    schema,
    connector,
)
PACKAGE = Path(__file__).parents[2] / "kafka_gitops"
MAY_KNOW = {
    "kinds",
    "rules",
    "clients",
    "dialects",
    "adopt",
    "snapshot",
}  # a dialect knows sections, `adopt` whose names make homes, a snapshot what plans of each kind read
WORDS = {word for kind in KINDS.values() for word in (kind.NAME, kind.PLURAL, *(one.name for one in kind.SECTIONS))}
OTHERWISE = {  # the same word, and it means no kind: where, and what it is there
    "authorizer.py": "resource types of ACLs",
    "catalog": "what Kafka's own words are about",
    "ci/approvals.py": "a user of GitHub and of GitLab",
    "ci/issues.py": "a user of GitHub",
    "ci/merges.py": "a user of GitHub",
    "ci/gitlab.py": "a user of GitLab",
    "cli/by_team.py": "keys of kafka-gitops.yaml",
    "cli/explain.py": "a word that people look for",
    "cli/main.py": "the name of a command",
    "cli/pipeline/forks.py": "what a fork's plan may look at",
    "cli/schema.py": "the name of a command",
    "config": "keys of kafka-gitops.yaml and of JulieOps' properties",
    "descriptor": "keys of the topology language",
    "lint": "what findings are about",
    "model.py": "the views of topics and ACLs, and resource types of ACLs",
    "plan/autoapprove.py": "keys of the topology language",
    "reading": "keys of the topology language",
    "report/findings.py": "a count of lint",
    "report/json_.py": "a count of lint",
    "sandbox": "what a broker is started with",
    "schemas": "parts of a schema",
    "scope.py": "lists of `manage`",
    "text": "keys of the topology language",
    "writing": "keys of the topology language",
}


def _files() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        where = path.relative_to(PACKAGE)
        if where.parts[0] not in MAY_KNOW:
            yield where.as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _about_a_kind(node: ast.AST) -> bool:
    """Whether an expression reads the kind of a change or key: `change.key.kind`, `kind`, `plural`."""
    names = {one.attr if isinstance(one, ast.Attribute) else one.id for one in ast.walk(node)
             if isinstance(one, ast.Attribute | ast.Name)}  # fmt: skip
    return bool(names & {"kind", "kinds", "NAME", "PLURAL"})


def _words(node: ast.AST) -> set[str]:
    found = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found & WORDS


def _decides(node: ast.AST) -> set[str]:
    """The words of kinds that a comparison or match over a kind decides by."""
    if isinstance(node, ast.Compare) and _about_a_kind(node):
        return _words(node)
    if isinstance(node, ast.Match) and _about_a_kind(node.subject):
        return {word for one in node.cases for word in _words(one.pattern)}
    if isinstance(node, ast.Subscript) and _about_a_kind(node.slice) and isinstance(node.value, ast.Dict):
        return _words(node.value)
    return set()


def test_every_kind_of_the_table_is_held_to_the_contract() -> None:
    assert list(KINDS.values()) == list(HELD)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_known_of_a_kind_before_it_is_loaded_is_what_it_says(name: str) -> None:
    kind, line = KINDS[name], LINES[name]
    assert (name, line.plural, line.always) == (kind.NAME, kind.PLURAL, kind.ALWAYS)
    assert tuple(one.name for one in kind.SECTIONS) == line.sections and tuple(kind.FORMS) == line.forms
    assert all(one.at == ("file", "project") for one in kind.SECTIONS)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_asked_for_everything_more_than_once(name: str) -> None:
    """What a package calls as its module would be the module from the second time on."""
    import_module(f"kafka_gitops.kinds.{name}.census")
    assert callable(KINDS[name].everything)


def test_outside_no_module_imports_one_kind() -> None:
    for where, tree in _files():
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                parts = name.split(".")
                assert parts[:2] != ["kafka_gitops", "kinds"] or parts[2:3] == [] or parts[2] not in KINDS, (
                    f"{where} imports {name}"
                )
            if isinstance(node, ast.ImportFrom) and node.module == "kafka_gitops.kinds":
                assert not {one.name for one in node.names} & {*KINDS}, f"{where} imports one kind"


def test_outside_nothing_decides_by_the_name_of_a_kind() -> None:
    assert not {where for where, tree in _files() for node in ast.walk(tree) if _decides(node)}


def test_outside_no_text_is_the_name_of_a_kind() -> None:
    breaking = set()
    for where, tree in _files():
        if _words(tree) and not any(where == one or where.startswith(f"{one}/") for one in OTHERWISE):
            breaking.add(where)
    assert breaking == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_goes_the_whole_way(kind: str) -> None:
    world = case(kind)
    plan = make(world.wish, world.settings, world.systems)
    assert _named(plan.changes) == _expected(kind, world)
    _is_told(kind, world, plan)
    assert file.loads(file.dumps(plan), "plan.json").changes == plan.changes
    given = consent([f"{risk.name}:{change.key.name}" for change in plan.changes for risk in change.risks
                     if risk.blocks], [])  # fmt: skip
    assert not refusals(plan, world.settings.limits, given, scopes=world.settings.scopes)
    _is_applied(world, plan)
    again = make(world.wish, world.settings, world.systems)
    assert not [change for change in again.changes if change.act is None]


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_is_held_is_left_alone_and_told(kind: str) -> None:
    world, single = case(kind), KINDS[kind].SINGLE
    if single is None or world.changed is None:
        return
    key = Key(kind, world.changed)
    [before] = [one for one in make(world.wish, world.settings, world.systems).changes if one.key == key]
    edited = {edit.field for edit in before.edits()}
    names = {
        name: field for name in single.names(before.after) if (field := single.field(before.after, name)) in edited
    }
    assert names, "the world of the kind changes no field that a hold can name"
    hold = Hold(datetime(2026, 6, 15, tzinfo=timezone.utc), "2026-06-14", "OPS-1", tuple(names))
    plan = make(replace(world.wish, holds={key: hold}), world.settings, world.systems)
    left = {edit.field for one in plan.changes if one.key == key for edit in one.edits()}
    assert left == edited - {*names.values()}
    [told] = plan.held
    assert told.key == key and told.reason.startswith("held until 2026-06-14: OPS-1 (")
    assert all(field in told.reason for field in names.values())
    _is_applied(world, plan)
    again = make(world.wish, world.settings, world.systems)  # the hold is over
    assert {edit.field for one in again.changes for edit in one.edits()} == {*names.values()}


def _named(changes: tuple[Change, ...]) -> set[tuple[str, str, str]]:
    return {(change.key.kind, change.action, change.key.name) for change in changes}


def _expected(kind: str, world: Case) -> set[tuple[str, str, str]]:
    names = {"create": world.created, "update": world.changed, "delete": world.deleted}
    return {(kind, action, name) for action, name in names.items() if name is not None}


def _is_told(kind: str, world: Case, plan: Plan) -> None:
    """Every change stands in every report, under its kind's own word."""
    view = PlanView(plan, plan.declared, consent([], []))
    text, markdown = plan_text.render(view), plan_markdown.render(view)
    saved = json.loads(file.dumps(plan))
    for change in plan.changes:
        assert change.key.name in text
        assert words.noun(change.key) in text
        assert KINDS[kind].LOOKS.noun in markdown
    assert {entry["kind"] for entry in saved["changes"]} == {kind}
    assert {entry["name"] for entry in saved["changes"]} == {name for _, _, name in _expected(kind, world)}


def _is_applied(world: Case, plan: Plan) -> None:
    steps.check(plan.changes)
    done: Applied = carry_out(plan, world.systems, settings=world.settings, deadline=1.0)
    assert done.fault is None
    assert not done.unseen
    assert {outcome.change.key: outcome.status for outcome in done.outcomes} == {
        change.key: "done" for change in plan.changes
    }
    assert len(done.outcomes) == len(plan.changes)
    lines = "\n".join(apply_text.lines(done.outcomes, lambda text, _style: text))
    assert all(change.key.name in lines for change in plan.changes)

"""What a reviewer reads of each kind, word for word: a plan as text and as a comment, and what an apply did."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import showing
from goldens import expected

from kafka_gitops.changes import Change, Outcome
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Key
from kafka_gitops.plan import apply_schema
from kafka_gitops.plan import schema as plan_schema
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent
from kafka_gitops.report import formats
from kafka_gitops.report.totals import total
from kafka_gitops.report.views import ApplyView, PlanView

EVERY = ("all",) if len(KINDS) == 6 else ()
GOLDEN = Path(__file__).parents[1] / "data" / "plan" / "kinds"


def view(changes: list[Change]) -> PlanView:
    """A plan of these changes, for a change request; the files declare what they make."""
    counts = {KINDS[change.key.kind].PLURAL: 3 for change in changes}
    plan = Plan("prod", "5L6g3nShT-eMCtK--X86sw", commit="3f2c1d9", changes=tuple(changes), left_alone=counts)
    declared = {change.key: change.after for change in changes if change.after is not None}
    return PlanView(plan, counts, Consent(), proposed=True, declared=declared)


@pytest.mark.parametrize("kind", [*KINDS, *EVERY])
def test_a_plan_and_its_apply_in_words(kind: str) -> None:
    changes = showing.of(*(() if kind == "all" else (kind,)))
    assert {change.action for change in changes} == {"create", "update", "delete"} or kind in ("topic", "acl")
    told = view(changes)
    outcomes = [
        Outcome(change, *(("done",) if place else ("failed", "the server's own words")))
        for place, change in enumerate(changes)
    ]
    applied = formats.outcome("text", ApplyView(told.plan, outcomes, total(outcomes), 1.3))
    for name, text in {
        f"{kind}.txt": formats.plan("text", told),
        f"{kind}.md": formats.plan("markdown", told),
        f"{kind}.applied.txt": applied,
    }.items():
        assert text == expected(GOLDEN / name, text)


def test_a_change_of_many_and_long_fields_stays_readable() -> None:
    kind, *_ = [one for one in showing.of("connector") if one.action == "create"]
    wide = showing.wide(kind, 400, "x" * 1_000_000)
    text, markdown = (formats.plan(name, view([wide])) for name in ("text", "markdown"))
    assert "and 351 more fields: --format json shows all" in text
    assert "and 381 more fields" in markdown
    assert max(map(len, text.splitlines())) < 400 and len(markdown) < 20_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_name_is_text_in_the_comment(kind: str) -> None:
    hostile = 'x|y`\n## z <img src="https://evil"> @team [a](https://evil)\u202e'
    changes = [replace(one, key=Key(kind, hostile)) for one in showing.of(kind)]
    text = formats.plan("markdown", view(changes))
    assert "\n## z" not in text and "\u202e" not in text
    assert all(
        line.count("|") - line.count("\\|") in (0, 2, 3, 4, 5, 6)
        for line in text.partition("```mermaid")[0].splitlines()
    )
    assert "\u202e" not in formats.plan("text", view(changes))


@pytest.mark.parametrize("kind", KINDS)
def test_the_documents_for_programs_are_as_their_schemas_say(kind: str) -> None:
    told = view(showing.of(kind))
    jsonschema.validate(json.loads(formats.plan("json", told)), plan_schema.document())
    outcomes = [Outcome(change, "done") for change in told.plan.changes]
    applied = json.loads(formats.outcome("json", ApplyView(told.plan, outcomes, total(outcomes))))
    jsonschema.validate(applied, apply_schema.document())
    assert [one.get("act") for one in applied["outcomes"]] == [change.act for change in told.plan.changes]


def test_a_kind_that_only_another_version_knows_is_counted_by_its_name() -> None:
    alone = Plan("prod", "c", left_alone={"topics": 1, "offsets": 2}, others={"offsets": ("a", "b")})
    told = PlanView(alone, {"topics": 1}, Consent(), named=9)
    assert "1 topic, 2 offsets\n" in formats.plan("text", told) and "offsets a" in formats.plan("text", told)
    assert "`offsets a`" in formats.plan("markdown", told)

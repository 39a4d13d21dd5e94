"""The formats of plans and of outcomes: each of a table tells everything, and the commands offer that table."""

from collections.abc import Mapping

import pytest
from plan_report_test import PLAN, SIZES

from kafka_gitops.changes import Outcome
from kafka_gitops.cli.main import parser_of
from kafka_gitops.plan.policy import Consent
from kafka_gitops.report import formats
from kafka_gitops.report.totals import total
from kafka_gitops.report.views import ApplyView, PlanView


@pytest.mark.parametrize("name", formats.PLANS)
def test_every_format_of_a_plan_tells_its_changes(name: str) -> None:
    told = formats.plan(name, PlanView(PLAN, SIZES, Consent()))
    names = [change.key.name.removeprefix("User:reporting may ") for change in PLAN.changes]
    assert [one for one in names if one not in told] == []


@pytest.mark.parametrize("name", formats.OUTCOMES)
def test_every_format_of_an_apply_tells_what_became_of_each_change(name: str) -> None:
    outcomes = [Outcome(change, "failed", "POLICY_VIOLATION: no") for change in PLAN.changes]
    told = formats.outcome(name, ApplyView(PLAN, outcomes, total(outcomes)))
    assert [change.key.name for change in PLAN.changes if change.key.name not in told] == []
    assert "POLICY_VIOLATION: no" in told
    assert bool(formats.head(name, PLAN)) is not formats.OUTCOMES[name].for_programs


@pytest.mark.parametrize(
    ("command", "table"), [("plan", formats.PLANS), ("drift", formats.PLANS), ("apply", formats.OUTCOMES)]
)
def test_a_command_takes_the_formats_of_its_table(command: str, table: Mapping[str, formats.Format]) -> None:
    options = {name: one for one in parser_of(command)._actions for name in one.option_strings}
    assert list(options["--format"].choices or ()) == list(table)
    assert f"({', '.join(table)})" in str(options["--report"].help)

"""A plan in a change request: the whole text exact, its parts, its limits, and hostile names that stay text."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from goldens import expected
from making import AT, acl, gained, lost, topic
from plan_report_test import PLAN, SIZES

from kafka_gitops.changes import Change, Origin, Risk
from kafka_gitops.ci import Context, Result, body, github, gitlab
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.kinds.acl import looks
from kafka_gitops.model import topic_key
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent, consent
from kafka_gitops.report import plan_markdown, plan_rights
from kafka_gitops.report.findings import Findings
from kafka_gitops.report.markup import lines_at, place
from kafka_gitops.report.views import PlanView

GOLDEN = Path(__file__).parents[1] / "data" / "plan"
HERE = Context(
    "github",
    head="a" * 40,
    run_url="https://ci.example.org/run/1",
    lines_url="https://git.example.org/acme/streams/blob/abc/{path}#L{line}",
)
PAY = (
    lost(acl("pay", "WRITE", "topic:acme.pay.old")),
    lost(acl("pay", "DESCRIBE", "topic:acme.pay.old")),
    gained(acl("pay", "WRITE", "topic:acme.pay.refunds")),
    gained(acl("reporting", "READ", "topic:acme.pay.*")),
)


def test_a_plan_for_a_pipe_has_no_links() -> None:
    text = plan_markdown.render(PlanView(PLAN, SIZES, Consent()))
    assert text == expected(GOLDEN / "plain.md", text)


def test_a_comment_has_links_rights_a_picture_and_a_footer() -> None:
    plan = replace(PLAN, changes=(*PLAN.changes, *PAY, replace(PLAN.changes[0], key=topic_key("late"), pending=True)))
    text = body.render(HERE, Result("plan", "plan", plan=plan, sizes=SIZES, consent=consent(["retention-shrink"], [])))
    assert text == expected(GOLDEN / "comment.md", text)


def test_no_change_is_one_line() -> None:
    text = plan_markdown.render(PlanView(Plan("prod", "c", left_alone={"topics": 3}), SIZES, Consent()))
    assert text == "**No changes.** Environment prod matches the files (348 topics, 1,204 ACLs).\n"


def test_rights_are_grouped_by_principal_who_reaches_furthest_first_and_of_each_its_losses() -> None:
    denied = acl("a", "READ", "topic:t", permission="DENY")
    allowed = lost(acl("b", "READ", "topic:t", permission="DENY"))
    found = looks.rows([*PAY, gained(denied), allowed])
    assert [(row.who, row.verb, row.what) for row in found] == [
        ("User:a", "**is denied**", "READ topic t"),
        ("User:b", "is no longer denied", "READ topic t"),
        ("User:reporting", "gains", "READ topic acme.pay.*"),
        ("User:pay", "**loses**", "WRITE, DESCRIBE topic acme.pay.old"),
        ("User:pay", "gains", "WRITE topic acme.pay.refunds"),
    ]


def test_a_deletion_stands_once_with_its_reason_or_its_risk() -> None:
    risky = Change(topic_key("full"), topic(1, 1), None, (Risk("topic-delete", "it holds records", True),), AT)
    calm = Change(topic_key("empty"), topic(1, 1), None, (), AT, because="replaced,\n| @ops")
    denied = lost(acl("b", "READ", "topic:t", permission="DENY"))
    plan = Plan("prod", "c", changes=(replace(risky, because="OPS-1"), calm, *PAY, denied))
    text = plan_markdown.render(PlanView(plan, SIZES, Consent()))
    assert "| **topic-delete** | **delete** `topic full` | it holds records<br>because: OPS\\-1 | blocks until" in text
    assert "<b>Deletes also 1 topic and 2 ACLs</b>" in text
    assert "| `topic empty`<br>because: replaced, \\| @\u200bops | `topologies/pay.yaml:51` |" in text
    assert "| `User:pay` **loses** `WRITE, DESCRIBE topic acme.pay.old` |" in text
    assert text.index("| `User:b` | is no longer denied | `READ topic t` |") < text.index("**topic-delete**")
    assert [text.count(f"`{name}`") for name in ("topic full", "topic empty", "READ topic t")] == [1, 1, 1]
    assert text.count("acme.pay.old`") == 1


def test_a_pending_deletion_stands_once_too() -> None:
    gone = Change(topic_key("old"), topic(1, 1), None, (), AT, pending=True)
    plan = Plan("prod", "c", changes=(gone, replace(gone, key=topic_key("late"), before=None, after=topic(1, 1))))
    whole = plan_markdown.render(PlanView(plan, SIZES, Consent()))
    assert whole.count("`topic old`") == 1 and "1 to create, 1 to delete</summary>" in whole
    assert plan_markdown.render(PlanView(plan, SIZES, Consent(), proposed=True)).count("`topic old`") == 1


def test_what_cannot_be_done_has_its_place() -> None:
    text = plan_markdown.render(PlanView(PLAN, SIZES, Consent(), link=lines_at("https://h/{path}#L{line}")))
    assert "not part of an apply ([`topologies/pay.yaml:40`](https://h/topologies/pay.yaml#L40))\n" in text


def test_many_rights_are_folded_and_cut_with_their_count() -> None:
    many = [gained(acl(f"u{number:03}", "READ", "topic:t")) for number in range(100)]
    assert plan_rights.render(many, None, 100_000).startswith("<details><summary>Rights of 100 principals</summary>")
    cut = plan_rights.render(many, None, 1000)
    assert len(cut.encode()) <= 1050
    assert cut.endswith(f"\nand {100 - cut.count('READ')} more rights: see the saved plan\n")


def test_a_change_request_is_counted_without_what_was_pending() -> None:
    waiting = replace(PLAN.changes[0], key=topic_key("late"), pending=True, risks=(Risk("key-order", "x", True),))
    mine = Change(topic_key("mine"), None, topic(1, 1), (), AT)
    text = plan_markdown.render(
        PlanView(replace(PLAN, changes=(waiting, mine), unsupported=()), SIZES, Consent(), proposed=True)
    )
    assert text.startswith("### Plan for prod: 1 topic to create, 0 to update, 0 to delete\n")
    assert "key-order" not in text
    assert "not applied): 1 to create; 1 risk</summary>" in text
    alone = plan_markdown.render(
        PlanView(replace(PLAN, changes=(waiting,), unsupported=()), SIZES, Consent(), proposed=True)
    )
    assert alone.startswith("**This change does nothing to prod.**\n")


def test_a_change_request_shows_the_line_that_accepts_a_risk() -> None:
    text = plan_markdown.render(PlanView(PLAN, SIZES, Consent(), proposed=True))
    assert "| blocks until accepted: `Kafka-Gitops-Accept: retention-shrink acme.pay.orders` |" in text


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("a/b c.yaml", "https://h/a/b%20c.yaml#L3"),
        ("./a.yaml", "https://h/a.yaml#L3"),
        ("x](y)|`{line}@t\n.yaml", "https://h/x%5D%28y%29%7C%60%7Bline%7D%40t%0A.yaml#L3"),
        ("../a.yaml", None),
        ("/etc/a.yaml", None),
        ("<stdin>", None),
        ("-", None),
        ("x" * 301, None),
    ],
)
def test_the_address_of_a_line(path: str, address: str | None) -> None:
    assert lines_at("https://h/{path}#L{line}")(path, 3) == address


def test_a_place_is_a_link_only_where_there_is_an_address() -> None:
    assert place(None, None) == ""
    assert place(AT, None) == "`topologies/pay.yaml:51`"
    assert place(AT, lines_at("https://h/{path}#L{line}")) == (
        "[`topologies/pay.yaml:51`](https://h/topologies/pay.yaml#L51)"
    )


def test_five_thousand_changes_still_show_every_deletion_and_every_risk() -> None:
    risk = Risk("key-order", "records with the same key may land elsewhere", True)
    calm = [Change(topic_key(f"n{n}"), None, topic(1, 1), (), Origin(f"{n % 9}.yaml", n)) for n in range(4000)]
    rights = [gained(acl(f"u{n}", "READ", "topic:t")) for n in range(500)]
    bad = [Change(topic_key(f"r{n}"), topic(1, 1), topic(2, 1), (risk,), AT) for n in range(100)]
    gone = [Change(topic_key(f"gone{n}"), topic(1, 1), None, (), AT) for n in range(200)]
    less = [lost(acl(f"v{n}", "READ", "topic:t")) for n in range(200)]
    plan = Plan("prod", "c", changes=(*calm, *rights, *bad, *gone, *less))
    text = body.render(HERE, Result("plan", "plan", plan=plan, sizes=SIZES, consent=Consent()))
    assert len(text.encode()) <= body.COMMENT
    assert text.startswith(
        "### Plan for prod: 4,000 topics and 500 ACLs to create, 100 topics to update, 200 topics and 200 ACLs to delete; 100 risks\n"
    )
    names = [f"`{change.key}`" for change in (*bad, *gone, *less)]
    assert [name for name in names if name not in text] == []
    assert text.count("**key-order**") == 100
    shown = {int(number) for number in re.findall(r"\| create \| `topic n(\d+)`", text)}
    assert f"and {len(calm) + len(bad) - _changes_in(text):,} more changes: see the saved plan" in text
    assert shown
    assert text.endswith("</sub>\n")


def _changes_in(text: str) -> int:
    return len(re.findall(r"^\| (?:create|update) \|", text, re.MULTILINE))


def test_hostile_project_names_stay_text_in_the_summary() -> None:
    origin = Origin("a.yaml", 1, "</summary><img src=x> @team **b**")
    plan = Plan("prod", "c", changes=(Change(topic_key("t"), None, topic(1, 1), (), origin),))
    text = plan_markdown.render(PlanView(plan, SIZES, Consent()))
    assert (
        "<summary><code>&#60;/summary&#62;&#60;img src&#61;x&#62; &#64;team &#42;&#42;b&#42;&#42;</code>: 1 to create</summary>"
        in text
    )


def test_github_and_gitlab_say_where_lines_are_shown() -> None:
    hub = github.detect({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/x", "GITHUB_SHA": "abc"})
    lab = gitlab.detect(
        {"GITLAB_CI": "true", "CI_PROJECT_URL": "https://lab.example.org/acme/x", "CI_COMMIT_SHA": "abc"}
    )
    assert hub is not None and hub.lines_url == "https://github.com/acme/x/blob/abc/{path}#L{line}"
    assert lab is not None and lab.lines_url == "https://lab.example.org/acme/x/-/blob/abc/{path}#L{line}"


def test_a_finding_links_to_its_line() -> None:
    found = Diagnostic(
        Span("topologies/a.yaml", 7, 1, 7, 2), "topic-owner", Severity.warning, "nobody owns it", "say who"
    )
    text = body.render(replace(HERE, head=None, run_url=None), Result("lint", "lint", findings=Findings([found])))
    assert text == (
        "### kafka-gitops lint: 1 problem \\(1 warning\\) in 0 files, 0 topics\n\n"
        "<details open><summary>1 warning</summary>\n\n"
        "| place | rule | found | do |\n| --- | --- | --- | --- |\n"
        "| [`topologies/a.yaml:7`](https://git.example.org/acme/streams/blob/abc/topologies/a.yaml#L7) "
        "| `topic-owner` | nobody owns it | say who |\n\n</details>\n\n<sub>kafka-gitops 0.1.0</sub>\n"
    )


@pytest.mark.parametrize("most", [2000, 5000, 20_000])
def test_text_beyond_ascii_is_counted_in_bytes(most: int) -> None:
    changes = [Change(topic_key("名" * 80 + str(n)), None, topic(1, 1), (), Origin("名.yaml", n)) for n in range(500)]
    text = plan_markdown.render(PlanView(Plan("prod", "c", changes=tuple(changes)), SIZES, Consent(), most=most))
    assert len(text.encode()) <= most
    assert "more changes: see the saved plan" in text


def test_a_note_is_told_with_its_command_as_it_is() -> None:
    note = "The brokers could not be asked about topic <b>: it is *new*.\nGrant Create:\n  kafka-acls --topic a`b"
    shown = plan_markdown.render(PlanView(replace(PLAN, notes=(note,), left_alone={}), SIZES, Consent()))
    assert shown.rstrip().endswith(
        "The brokers could not be asked about topic \\<b\\>: it is \\*new\\*.<br>\nGrant Create:<br>\n"
        "``kafka-acls --topic a`b``"
    )

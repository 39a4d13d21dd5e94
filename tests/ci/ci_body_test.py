"""The words of a run: limits that dangers survive, and hostile text that stays text on every channel."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hostile import inert_line, inert_markdown
from making import AT, acl, span, topic

from kafka_gitops.changes import Change, Origin, Outcome, Risk, Unsupported
from kafka_gitops.ci import Context, Result, body, github, sticky
from kafka_gitops.cli.pipeline import verdict
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.errors import Blocked, KafkaGitopsError, Stale
from kafka_gitops.model import Key, topic_key
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent
from kafka_gitops.report.findings import Findings
from kafka_gitops.report.totals import total

HERE = Context("github", run_url="https://g/run/1", head="a" * 40)
HOSTILE = (
    "a\n::stop-commands::x",
    "\r::error::b",
    "##[error]c",
    "##vso[task.complete]d",
    "@acme/everyone",
    "<img src=x onerror=alert(1)>",
    "--> <script>",
    "`code` | cell | **bold** [x](https://evil.example.org)",
    "![x](https://evil.example.org/p.png)",
    "$(touch /tmp/pwned); `id`",
    "\x1b[31mred\x07",
    "\u202egnp.exe",
    "x" * 1_000_000,
)


def planned(changes: Sequence[Change], unsupported: Sequence[Unsupported] = ()) -> Result:
    made = Plan("prod", "cluster-1", changes=tuple(changes), unsupported=tuple(unsupported))
    return Result("plan", "plan", plan=made, sizes={"topics": len(changes), "acls": 0}, consent=Consent())


def deleted(number: int) -> Change:
    return Change(topic_key(f"acme.orders.old-{number}"), topic(1, 1), None, pin=f"id-{number}")


def new(number: int) -> Change:
    return Change(topic_key(f"acme.orders.new-{number}"), None, topic(6, 3), origin=Origin("topologies/a.yaml", number))


def test_five_thousand_changes_fit_and_every_deletion_is_shown() -> None:
    changes = [new(number) for number in range(4750)] + [deleted(number) for number in range(250)]
    text = body.render(HERE, planned(changes))
    assert len(text.encode()) <= body.COMMENT
    assert "4,750 topics to create, 0 to update, 250 topics to delete" in text
    assert [change.key.name for change in changes[4750:] if f"`{change.key}`" not in text] == []
    assert "more changes: see the saved plan" in text
    assert text.rstrip().endswith("</sub>")


def test_every_blocking_risk_is_shown_among_many_changes() -> None:
    risk = Risk("retention-shrink", "older records are deleted", True)
    risky = [
        Change(topic_key(f"r{number}"), topic(1, 1, retention_ms="2"), topic(1, 1, retention_ms="1"), (risk,))
        for number in range(300)
    ]
    text = body.render(HERE, planned([*map(new, range(3000)), *risky]))
    assert len(text.encode()) <= body.COMMENT
    assert text.count("**retention-shrink**") == 300


def test_more_dangers_than_fit_are_counted() -> None:
    text = body.render(HERE, planned([deleted(number) for number in range(5000)]))
    assert len(text.encode()) <= body.COMMENT
    assert "5,000 topics to delete" in text
    assert "more dangerous ones: see the saved plan" in text


def test_a_summary_holds_more_than_a_comment_and_is_cut_on_a_row() -> None:
    text = body.render(HERE, planned([new(number) for number in range(30_000)]), most=body.SUMMARY)
    assert body.COMMENT < len(text.encode()) <= body.SUMMARY
    assert all(line.endswith("|") for line in text.splitlines() if line.startswith("|"))


def test_a_small_plan_is_shown_whole() -> None:
    text = body.render(HERE, planned([new(1), deleted(2)]))
    assert "more changes" not in text
    assert "acme.orders.new-1" in text


def test_many_findings_beside_a_plan_stay_below_the_limit() -> None:
    many = [Diagnostic(span(line), "topic-owner", Severity.warning, "nobody owns it " * 10) for line in range(1, 5000)]
    result = planned([new(number) for number in range(600)])
    both = Result("plan", "plan", findings=Findings(many), plan=result.plan, sizes=result.sizes, consent=Consent())
    text = body.render(HERE, both)
    assert len(text.encode()) <= body.COMMENT
    assert "4,999 problems" in text
    assert "600 topics to create" in text


def shrinking(severity: Severity, message: str) -> Diagnostic:
    """What lint says of the change that the plan below says as a risk."""
    return Diagnostic(span(), "change-retention-shrink", severity, message, subject="acme.t")


@pytest.mark.parametrize(
    ("by", "state"),
    [
        ({}, "blocks until accepted: `--accept retention-shrink:acme.t`"),
        (
            {("retention-shrink", "acme.t"): "Ann <a@b> (commit 1a2b3c4)"},
            "accepted by Ann \\<a@\u200bb\\> \\(commit 1a2b3c4\\)",
        ),
    ],
)
def test_a_finding_that_is_a_risk_of_the_plan_is_said_once(by: dict[tuple[str, str], str], state: str) -> None:
    risk = Risk("retention-shrink", "older records are deleted", True)
    base = planned([Change(topic_key("acme.t"), topic(1, 1, retention_ms="2"), topic(1, 1, retention_ms="1"), (risk,))])
    mine = shrinking(Severity.info if by else Severity.error, "less is kept")
    other = mine._replace(subject="acme.other", message="the other one")
    unlike = shrinking(Severity.error if by else Severity.info, "judged otherwise")
    given = Consent(frozenset(by), by=by)
    result = replace(base, consent=given, findings=Findings([mine, other, unlike]))
    text = body.render(HERE, result)
    assert f"| older records are deleted | {state} |" in text
    assert "lint: 3 problems" in text and "\n1 of them stands above, with the risks of the plan.\n" in text
    assert "less is kept" not in text
    assert "the other one" in text and "judged otherwise" in text
    assert "\n\nIt stands above, with" in body.render(HERE, replace(result, findings=Findings([mine])))
    alone = body.render(HERE, Result("lint", "plan", findings=result.findings))
    assert "less is kept" in alone and "stands above" not in alone


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_inert_everywhere(text: str) -> None:
    binding = acl("app", "READ", "topic:t")._replace(principal=f"User:{text}")
    change = Change(Key("acl", str(binding)), None, binding, origin=Origin(text, 1))
    gone = replace(deleted(1), risks=(Risk("topic-delete", text, True),), because=text)
    base = planned([change, gone, replace(deleted(2), because=text)], [Unsupported(topic_key(text), text, AT)])
    given = Consent(frozenset({("topic-delete", gone.key.name)}), by={("topic-delete", gone.key.name): text})
    result = Result(
        "apply", "apply", environment=text, paths=(text,), plan=base.plan, sizes=base.sizes, consent=given,
        findings=Findings([Diagnostic(span(), "rule", Severity.error, text, text)]),
        outcomes=[Outcome(change, "failed", text)], counts=total([Outcome(change, "failed", text)]),
        unapproved=[change], remarks=(text,), error=KafkaGitopsError(text, help=text),
    )  # fmt: skip
    markdown = body.render(HERE, result)
    assert len(markdown.encode()) <= body.COMMENT
    inert_markdown(markdown)
    marked = sticky.marker(result)
    assert marked.count("-->") == marked.count("<!--") == marked.count("\n") + 1 == 1
    assert len(body.render(HERE, result, most=body.SUMMARY).encode()) <= body.COMMENT  # each text of it was cut
    for line in body.log(result).splitlines():
        inert_line(line)
        assert len(line) <= 4001
    for name, value in body.facts(result).items():
        written = github.output(name, value).splitlines()
        assert len(written) == 3


@pytest.mark.parametrize(
    ("result", "silent"),
    [
        (Result("lint", "lint", findings=Findings([])), True),
        (planned([]), True),
        (planned([new(1)]), False),
        (planned([], [Unsupported(topic_key("a"), "moving replicas")]), False),
        (Result("lint", "plan", findings=Findings([]), remarks=("Lint only.",)), False),
        (Result("plan", "plan", error=Stale("no")), False),
    ],
)
def test_when_there_is_nothing_to_say(result: Result, silent: bool) -> None:
    assert body.silent(result) is silent


@pytest.mark.parametrize(("changes", "asked"), [([], "false"), ([new(1)], "true")])
def test_a_person_is_asked_only_of_what_an_apply_can_do(changes: list[Change], asked: str) -> None:
    result = planned(changes, [Unsupported(topic_key("a"), "moving replicas")])
    assert body.facts(result)["has-changes"] == asked
    said = verdict.nothing_possible(result)
    assert said == (
        None
        if changes
        else "Nothing can be applied: 1 difference cannot be done, see below why. Mend the files or the cluster by hand."
    )


def test_several_reasons_of_a_refusal_are_a_list_with_what_is_to_be_copied_as_code() -> None:
    help = (
        "1 topic would be deleted (limit 0, `limits.topics`): --max-deletes topics=1\n"
        "risk key-order on topic a is not accepted: --accept key-order:a\n"
        "To allow this run: --max-deletes topics=1 --accept key-order:a"
    )
    text = body.render(HERE, Result("plan", "plan", error=Blocked("Refused for 2 reasons:", help=help)))
    assert text.startswith(
        "### Refused for 2 reasons:\n\n"
        "* 1 topic would be deleted \\(limit 0, \\`limits.topics\\`\\): `--max-deletes topics=1`\n"
        "* risk key\\-order on topic a is not accepted: `--accept key-order:a`\n"
        "\nTo allow this run: `--max-deletes topics=1 --accept key-order:a`\n"
    )


def test_what_an_apply_did_comes_first() -> None:
    change = new(1)
    outcomes = [Outcome(change, "failed", "POLICY_VIOLATION"), Outcome(deleted(1), "done")]
    base = planned([change, deleted(1)])
    result = Result(
        "apply", "apply", plan=base.plan, sizes=base.sizes, consent=Consent(), outcomes=outcomes, counts=total(outcomes)
    )
    text = body.render(HERE, result)
    assert text.startswith("### kafka-gitops apply: 1 applied, 1 failed, 0 skipped\n")
    assert "* failed: `topic acme.orders.new-1` POLICY\\_VIOLATION" in text

"""How an acceptance is read: the line that a comment says to copy is the line that is understood."""

import pytest
from making import acl, span, topic

from kafka_gitops.acceptance import TRAILER, Approval, approved, said
from kafka_gitops.changes import Change
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.model import Key, topic_key
from kafka_gitops.plan.policy import accept_trailer
from kafka_gitops.report import markdown
from kafka_gitops.report.findings import Findings

DENY = acl("intern", "WRITE", "topic:acme.orders")._replace(permission="DENY")


@pytest.mark.parametrize(
    "change",
    [
        Change(topic_key("acme.orders"), topic(1, 1), None),
        Change(Key("acl", str(DENY)), None, DENY),
        Change(Key("principal", "User:CN=app,O=Acme Ltd: Berlin"), None, None),
    ],
)
def test_what_a_comment_says_to_copy_is_understood(change: Change) -> None:
    line = accept_trailer("deny-added", change)
    assert said(line.removeprefix(f"{TRAILER}:")) == ("deny-added", change.key.name)


@pytest.mark.parametrize(
    ("value", "rule", "name"),
    [
        ("RULE", "RULE", ""),
        ("RULE:User:app", "RULE", "User:app"),
        ("RULE: User:app", "RULE", "User:app"),
        (" RULE  User:app ", "RULE", "User:app"),
        ("", "", ""),
        (":", "", ""),
    ],
)
def test_the_ways_to_write_it(value: str, rule: str, name: str) -> None:
    assert said(value) == (rule, name)


def finding(severity: Severity, subject: str, help: str | None = "keep it") -> Diagnostic:
    """What a rule over the change found about a resource."""
    return Diagnostic(span(), "change-retention-shrink", severity, "less is kept", help, subject=subject)


def test_a_finding_that_stops_says_how_it_is_accepted() -> None:
    way = "accept it in the message of a commit: Kafka-Gitops-Accept: retention-shrink acme.orders"
    assert approved(finding(Severity.error, "acme.orders"), []).help == f"keep it; or {way}"
    assert approved(finding(Severity.error, "acme.orders", None), []).help == way
    assert approved(finding(Severity.warning, "acme.orders"), []).help == "keep it"
    by = [Approval("change-retention-shrink", "acme.orders", "Ann (commit 1)")]
    told = approved(finding(Severity.error, "acme.orders"), by)
    assert (told.severity, told.message, told.help) == (Severity.info, "less is kept; accepted by Ann (commit 1)", None)


@pytest.mark.parametrize("subject", ["a" * 249, "User:CN=a|b@c, O=`Acme`"])
def test_the_line_of_a_finding_is_whole_in_a_comment_and_can_be_copied(subject: str) -> None:
    row = markdown.render(Findings([approved(finding(Severity.error, subject), [])]))
    assert f"Kafka-Gitops-Accept: retention-shrink {subject}".replace("|", "\\|") in row

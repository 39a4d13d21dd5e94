"""A plan on a terminal and in a change request, exact."""

from making import acl, topic

from kafka_gitops.changes import Change, Origin, Risk, Unsupported
from kafka_gitops.model import acl_key, topic_key
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent, consent, refusals
from kafka_gitops.report import plan_markdown, plan_text, refusal
from kafka_gitops.report.views import PlanView
from kafka_gitops.settings import Limits

SHRINK = Risk(
    "retention-shrink",
    "604800000 (7 days) -> 86400000 (1 day): records older than 1 day are deleted",
    True,
)
PAY = "topologies/pay.yaml"
BINDING = acl("reporting", "READ", "topic:acme.pay.refunds")
PLAN = Plan(
    environment="prod",
    cluster="5L6g3nShT-eMCtK--X86sw",
    commit="3f2c1d90a1b2c3d4e5f60718293a4b5c6d7e8f90",
    changes=(
        Change(topic_key("acme.pay.refunds"), None, topic(6, None, retention_ms="86400000"), (), Origin(PAY, 31)),
        Change(
            topic_key("acme.pay.orders"),
            topic(3, 3, retention_ms="604800000", segment_ms="7200000"),
            topic(3, 3, retention_ms="86400000"),
            (SHRINK, Risk("undeclared-reset", "segment.ms is set on the cluster only", False)),
            Origin(PAY, 12),
            {"segment.ms": "604800000"},
        ),
        Change(
            topic_key("acme.pay.payments"),
            topic(3, 3),
            topic(6, 3),
            (Risk("partitions-grow", "records with the same key may land in another partition", False),),
            Origin(PAY, 25),
        ),
        Change(topic_key("acme.pay.old"), topic(1, 1), None, (), Origin(PAY, 50)),
        Change(acl_key(BINDING), None, BINDING, (), Origin(PAY, 22)),
    ),
    unsupported=(
        Unsupported(
            topic_key("acme.pay.audit"),
            "replication 3 -> 2: moving replicas is not part of an apply",
            Origin(PAY, 40),
        ),
    ),
    left_alone={"topics": 3, "acls": 1204},
)
SIZES = {"topics": 348, "acls": 1204}
TEXT = """\
Plan for prod (cluster 5L6g3nShT…, 348 topics, 1,204 ACLs) from commit 3f2c1d9
  1 topic and 1 ACL to create, 2 topics to update, 1 topic to delete; 1 risk; 1 cannot be done

Risks
  ! retention-shrink  topic acme.pay.orders  604800000 (7 days) -> 86400000 (1 day): records older than 1 day are deleted
      topologies/pay.yaml:12  blocks until accepted: --accept retention-shrink:acme.pay.orders

  + topic acme.pay.refunds                                  topologies/pay.yaml:31
      partitions          6
      retention.ms        86400000 (1 day)
      replication         the broker's default
  ~ topic acme.pay.orders                                   topologies/pay.yaml:12
      retention.ms        604800000 (7 days) -> 86400000 (1 day)
      segment.ms          7200000 (2 hours) -> default 604800000 (7 days)    not in the file
  ~ topic acme.pay.payments                                 topologies/pay.yaml:25
      partitions          3 -> 6
      note: partitions-grow: records with the same key may land in another partition
  - topic acme.pay.old                                      topologies/pay.yaml:50
  + acl   User:reporting may READ topic acme.pay.refunds    topologies/pay.yaml:22

Cannot be done
  x topic acme.pay.audit  replication 3 -> 2: moving replicas is not part of an apply (topologies/pay.yaml:40)

Left alone (on the cluster, in no file): 3 topics, 1,204 ACLs
"""


def test_a_plan_on_a_terminal() -> None:
    assert plan_text.render(PlanView(PLAN, SIZES, Consent())) == TEXT


def test_an_accepted_risk_says_so() -> None:
    text = plan_text.render(PlanView(PLAN, SIZES, consent(["retention-shrink"], [])))
    assert "      topologies/pay.yaml:12  accepted by --accept\n" in text


def test_a_reason_stands_below_its_deletion() -> None:
    gone = Change(topic_key("old"), topic(1, 1), None, (), Origin(PAY, 3), because="replaced,\n  \x1b[31mOPS-112")
    text = plan_text.render(PlanView(Plan("prod", "c", changes=(gone,)), SIZES, Consent()))
    assert "  - topic old" in text
    assert "topologies/pay.yaml:3\n      because: replaced, \\x1b[31mOPS-112\n" in text


def test_an_empty_plan_is_one_line() -> None:
    empty = Plan("prod", "5L6g3nShT-eMCtK--X86sw", commit="3f2c1d90a1b2c3d4-dirty", left_alone={"topics": 0})
    assert plan_text.render(PlanView(empty, SIZES, Consent())) == (
        "No changes. Environment prod matches the files (348 topics, 1,204 ACLs, commit 3f2c1d9-dirty).\n"
    )


def test_an_empty_plan_of_only_the_change_claims_nothing_about_the_rest() -> None:
    said = "This change does nothing to prod; what else differs was not looked at.\n"
    narrow = Plan("prod", "c", base="1" * 40)
    assert plan_text.render(PlanView(narrow, SIZES, Consent())) == f"No changes. {said}"
    assert plan_markdown.render(PlanView(narrow, SIZES, Consent())) == f"**No changes.** {said}"


def test_colour_only_helps() -> None:
    painted = plan_text.render(PlanView(PLAN, SIZES, Consent(), paint=lambda text, style: f"<{style}>{text}</{style}>"))
    assert "<green>  + topic acme.pay.refunds</green>" in painted
    assert "<red>  - topic acme.pay.old</red>" in painted


def test_many_changes_are_grouped_and_the_dangerous_ones_stay() -> None:
    made = tuple(
        Change(topic_key(f"t{number}"), None, topic(1, 1), (), Origin("a.yaml", number, f"p{number % 2}"))
        for number in range(60)
    )
    text = plan_text.render(PlanView(Plan("prod", "abc", changes=(*made, *PLAN.changes)), SIZES, Consent()))
    assert (
        text
        == """\
Plan for prod (cluster abc, 348 topics, 1,204 ACLs)
  61 topics and 1 ACL to create, 2 topics to update, 1 topic to delete; 1 risk

Risks
  ! retention-shrink  topic acme.pay.orders  604800000 (7 days) -> 86400000 (1 day): records older than 1 day are deleted
      topologies/pay.yaml:12  blocks until accepted: --accept retention-shrink:acme.pay.orders

  64 topics, by project (--format json shows each)
    p0  30 to create
    p1  30 to create
    topologies/pay.yaml  1 to create, 2 to update, 1 to delete
  ~ topic acme.pay.orders                                   topologies/pay.yaml:12
      retention.ms        604800000 (7 days) -> 86400000 (1 day)
      segment.ms          7200000 (2 hours) -> default 604800000 (7 days)    not in the file
  - topic acme.pay.old                                      topologies/pay.yaml:50
  + acl   User:reporting may READ topic acme.pay.refunds    topologies/pay.yaml:22
"""
    )


def test_what_was_pending_anyway_is_one_sentence() -> None:
    pending = Change(topic_key("old"), None, topic(1, 1), (), Origin(PAY, 3), pending=True)
    mine = Change(topic_key("mine"), None, topic(1, 1), (), Origin(PAY, 9))
    text = plan_text.render(PlanView(Plan("prod", "abc", changes=(pending, mine)), SIZES, Consent()))
    assert (
        text
        == """\
Plan for prod (cluster abc, 348 topics, 1,204 ACLs)
  2 topics to create, 0 to update, 0 to delete

  + topic mine                                              topologies/pay.yaml:9
      partitions          1
      replication         1

Pending anyway (drift, or earlier changes that were not applied): 1 to create: topic old
"""
    )
    markdown = plan_markdown.render(PlanView(Plan("prod", "abc", changes=(pending, mine)), SIZES, Consent()))
    assert "<details open><summary><code>topologies/pay.yaml</code>: 1 to create</summary>" in markdown
    assert (
        "<details><summary>Pending anyway (drift, or earlier changes that were not applied): 1 to create</summary>"
        in markdown
    )


def test_the_refusal_of_one_reason() -> None:
    said, help = refusal.refused(refusals(PLAN, Limits(), Consent()))
    assert said == "Refused: risk retention-shrink on topic acme.pay.orders is not accepted."
    assert help == "Look at it above. To allow this run: --accept retention-shrink:acme.pay.orders"


def test_the_refusal_of_several_reasons() -> None:
    said, help = refusal.refused(refusals(PLAN, Limits({"topics": 0}), Consent()))
    assert said == "Refused for 2 reasons:"
    assert help == (
        "1 topic would be deleted (limit 0, `limits.topics`): --max-deletes topics=1\n"
        "risk retention-shrink on topic acme.pay.orders is not accepted: "
        "--accept retention-shrink:acme.pay.orders\n"
        "To allow this run: --max-deletes topics=1 --accept retention-shrink:acme.pay.orders"
    )


def test_the_refusal_of_a_change_that_is_not_merged_names_lines_for_its_commits() -> None:
    reasons = refusals(PLAN, Limits({"topics": 0}), Consent())
    assert refusal.proposed(PLAN, reasons[1:], Consent()) == (
        "Refused: risk retention-shrink on topic acme.pay.orders is not accepted.",
        "To accept, end the message of a commit with:\nKafka-Gitops-Accept: retention-shrink acme.pay.orders",
    )
    assert refusal.proposed(PLAN, reasons, Consent()) == (
        "Refused for 2 reasons:",
        "1 topic would be deleted (limit 0, `limits.topics`)\n"
        "risk retention-shrink on topic acme.pay.orders is not accepted\n"
        "To accept, end the message of a commit with:\n"
        "Kafka-Gitops-Accept: retention-shrink acme.pay.orders\n"
        "To raise a limit, run the pipeline by hand on the main branch with: --max-deletes topics=1",
    )


def test_the_refusal_of_many_risks_shows_the_first_lines() -> None:
    risk = Risk("key-order", "x", True)
    many = tuple(Change(topic_key(f"t{number:02}"), topic(1), topic(2), (risk,)) for number in range(12))
    plan = Plan("prod", "c", changes=many)
    lines = refusal.proposed(plan, refusals(plan, Limits(), Consent()), Consent())[1].splitlines()
    assert lines[1] == "Kafka-Gitops-Accept: key-order t00"
    assert lines[-2:] == ["Kafka-Gitops-Accept: key-order t09", "and 2 more"]


def test_a_text_for_a_change_request_counts_only_its_own() -> None:
    pending = Change(topic_key("old"), topic(1, 1), None, (Risk("topic-delete", "x", True),), pending=True)
    mine = Change(topic_key("mine"), None, topic(1, 1), (), Origin(PAY, 9))
    text = plan_text.render(PlanView(Plan("prod", "abc", changes=(pending, mine)), SIZES, Consent(), proposed=True))
    assert "  1 topic to create, 0 to update, 0 to delete\n" in text
    assert "Risks" not in text
    assert text.endswith("Pending anyway (drift, or earlier changes that were not applied): 1 to delete: topic old\n")
    alone = plan_text.render(PlanView(Plan("prod", "abc", changes=(pending,)), SIZES, Consent(), proposed=True))
    assert alone.startswith("This change does nothing to prod (348 topics, 1,204 ACLs).\n\nPending anyway")


def test_hostile_names_stay_text() -> None:
    name = "a`b|<img src=x>```@team\n::error::x"
    change = Change(topic_key(name), topic(1, 1), topic(2, 1), (Risk("key-order", name, True),))
    text = plan_markdown.render(PlanView(Plan(name, "c", changes=(change,)), SIZES, Consent()))
    assert "\n::error" not in text
    assert "````topic a`b\\|<img src=x>```@team ::error::x````" in text


def test_no_word_of_a_file_or_a_server_begins_a_line_of_a_text() -> None:
    said = "a\n::error::x"
    change = Change(
        topic_key("a"), topic(1, 1), topic(2, 1), (Risk("key-order", said, True), Risk("told", said, False))
    )
    never = (Unsupported(topic_key("b"), said, None),)
    plan = Plan("prod", "c", changes=(change,), unsupported=never, stays=never, notes=(said,))
    text = plan_text.render(PlanView(plan, SIZES, Consent()))
    assert text.count("a ::error::x") == 5 and "\n::error" not in text

"""A plan file keeps everything, has stable bytes, and is refused when edited."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from jsonschema import Draft202012Validator
from making import acl, topic

from kafka_gitops.changes import Change, Origin, Risk, Unsupported
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.model import acl_key, topic_key
from kafka_gitops.plan.file import _digest, approval, dumps, loads
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.schema import document
from kafka_gitops.report.apply_text import refused

DEEP = "[" * 100_000 + "]" * 100_000
BINDING = acl("a", "READ", "topic:t")
PLAN = Plan(
    environment="prod",
    cluster="abc",
    commit="3f2c1d9",
    base="origin/main",
    changes=(
        Change(topic_key("new"), None, topic(None, 3, retention_ms="1"), (), Origin("a.yaml", 3, "pay")),
        Change(
            topic_key("old"),
            topic(1, 1, segment_ms="5"),
            topic(1, 1),
            (Risk("undeclared-reset", "segment.ms is set on the cluster only", False),),
            None,
            {"segment.ms": "604800000"},
        ),
        Change(topic_key("gone"), topic(1, 1), None, pin="xyz", because="OPS-112"),
        Change(acl_key(BINDING), None, BINDING),
    ),
    unsupported=(Unsupported(topic_key("x"), "replication 3 -> 2", Origin("a.yaml", 9)),),
    nevers=(Unsupported(topic_key("y"), "internal"),),
    left_alone={"topics": 3, "acls": 0},
    declared={"topics": 5, "acls": 6},
)


def test_a_plan_survives_the_file() -> None:
    assert loads(dumps(PLAN), "plan.json") == PLAN


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert dumps(PLAN) == dumps(loads(dumps(PLAN), "plan.json"))


def test_a_reason_is_only_where_one_is_given_and_no_part_of_the_approval() -> None:
    assert dumps(PLAN).count('"because": "OPS-112"') == dumps(PLAN).count('"because"') == 1
    other = tuple(replace(change, because=None) for change in PLAN.changes)
    assert approval(replace(PLAN, changes=other)) == approval(PLAN)


def test_an_act_is_one_that_its_kind_has() -> None:
    act = replace(PLAN, changes=(replace(PLAN.changes[1], risks=(), act="explode\n::error::"),))
    with pytest.raises(KafkaGitopsError) as caught:
        loads(dumps(act), "plan.json")
    assert caught.value.message == "plan.json is not a plan file: explode\\n::error:: is nothing that can be done"


def test_an_act_is_a_part_of_the_approval() -> None:
    again = replace(PLAN, changes=(replace(PLAN.changes[1], act="rotate"), *PLAN.changes[2:]))
    assert approval(again) != approval(replace(again, changes=PLAN.changes[1:]))


def test_an_edited_plan_is_refused() -> None:
    body = json.loads(dumps(PLAN))
    body["changes"][0]["after"]["partitions"] = 50
    with pytest.raises(KafkaGitopsError) as caught:
        loads(json.dumps(body), "plan.json")
    assert caught.value.message.startswith("plan.json was edited after it was made: its digest is sha256:")
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "plan.json is not a plan file: Expecting value: line 1 column 1 (char 0)"),
        ("[]", "plan.json is not a plan file: it has no changes"),
        (
            '{"changes": [], "format": 2}',
            "plan.json has plan format 2, expected 1: another version of kafka-gitops made it",
        ),
        (
            '{"changes": [], "format": "\\ud800"}',
            "plan.json has plan format \\ud800, expected 1: another version of kafka-gitops made it",
        ),
        (
            '{"changes": [], "format": [1]}',
            "plan.json has plan format a list, expected 1: another version of kafka-gitops made it",
        ),
        (f'{{"changes": {DEEP}}}', "plan.json is not a plan file: it is nested too deep"),
        (
            '{"changes": [], "format": 1, "x": "\\ud800"}',
            "plan.json is not a plan file: it is nested too deep, or holds half of a character (a lone surrogate)",
        ),
    ],
)
def test_what_is_no_plan_is_refused(text: str, said: str) -> None:
    with pytest.raises(KafkaGitopsError) as caught:
        loads(text, "plan.json")
    assert caught.value.message == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f'{{"changes": {DEEP}, "approval": "sha256:1"}}',
            "error: plan.json is not a plan file: it is nested too deep",
        ),
        (DEEP, "plan.json:1:1001: error yaml-syntax exceeded maximum nesting depth"),
    ],
)
def test_what_is_nested_deep_is_an_error_and_no_crash(tmp_path: Path, text: str, said: str) -> None:
    desk = Desk(tmp_path, ["-X", "bootstrap.servers=127.0.0.1:9"])
    desk.write("plan.json", text)
    result = desk.run("apply", "plan.json", "--yes")
    assert (result.code, result.err.startswith(said)) == (1, True), result


def signed(body: dict[str, object]) -> str:
    """A plan file that was made by hand, with the digest that belongs to it."""
    body = {key: value for key, value in body.items() if key != "digest"}
    return json.dumps({**body, "digest": _digest(body)})


def test_a_hand_made_plan_is_held_to_the_schema() -> None:
    body = json.loads(dumps(PLAN))
    body["changes"][0]["after"]["partitions"] = "six"
    with pytest.raises(KafkaGitopsError) as caught:
        loads(signed(body), "plan.json")
    assert caught.value.message.startswith("plan.json is not a plan file: changes/0/after")


def with_value(body: dict[str, object], place: str, value: object) -> dict[str, object]:
    """The body with another value at a place such as `changes/0/name`."""
    *folders, last = [int(part) if part.isdigit() else part for part in place.split("/")]
    inner: Any = body
    for part in folders:
        inner = inner[part]
    inner[last] = value
    return body


@pytest.mark.parametrize(
    "place",
    [
        "environment", "cluster_id", "commit", "changes/0/name", "changes/0/kind", "changes/1/risks/0/name",
        "changes/1/risks/0/sentence", "changes/1/risks/0/blocks", "changes/0/origin/path", "changes/0/origin/line",
        "changes/1/defaults/segment.ms", "changes/2/topic_id", "changes/2/pending", "changes/2/because",
        "unsupported/0/kind", "unsupported/0/name", "unsupported/0/reason", "unsupported/0/origin/project",
        "nevers/0/name", "left_alone/topics", "declared/acls",
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", [[], {}, 1.5])
def test_a_value_of_another_type_is_told_by_its_place(place: str, value: object) -> None:
    with pytest.raises(
        KafkaGitopsError, match=rf"^plan\.json is not a plan file: {place.rpartition('/origin')[0] or place}"
    ):
        loads(signed(with_value(json.loads(dumps(PLAN)), place, value)), "plan.json")


@pytest.mark.parametrize("place", ["environment", "cluster_id", "changes/0/name"])
def test_a_line_break_in_a_hand_made_plan_begins_no_command_of_a_ci(place: str) -> None:
    with pytest.raises(KafkaGitopsError) as caught:
        loads(signed(with_value(json.loads(dumps(PLAN)), place, "x\n::add-mask::y")), "plan.json")
    assert "\n" not in caught.value.message
    assert "has a control character" in caught.value.message


def test_a_binding_goes_by_its_own_name() -> None:
    """What an apply tells, and a refusal, is the name: a hand-made plan may not give another right under it."""
    with pytest.raises(KafkaGitopsError) as caught:
        loads(signed(with_value(json.loads(dumps(PLAN)), "changes/3/after/operation", "ALL")), "plan.json")
    said = "User:a may READ topic t is not the name of the binding User:a may ALL topic t"
    assert caught.value.message == f"plan.json is not a plan file: {said}"


def test_what_was_not_tried_is_told_in_one_line() -> None:
    entry = Unsupported(topic_key("x"), "why\n::add-mask::y", Origin("a\n::b", 9))
    assert [*refused([entry])] == ["  x topic x  not tried: why ::add-mask::y (a ::b:9)"]


def test_a_plan_without_a_key_is_refused() -> None:
    body = json.loads(dumps(PLAN))
    del body["nevers"]
    with pytest.raises(KafkaGitopsError) as caught:
        loads(signed(body), "plan.json")
    assert caught.value.message == "plan.json is not a plan file: the top level: 'nevers' is a required property"


def test_every_plan_fits_the_schema() -> None:
    Draft202012Validator.check_schema(document())
    Draft202012Validator(document()).validate(json.loads(dumps(PLAN)))
    Draft202012Validator(document()).validate(json.loads(dumps(Plan(None, "c"))))


def test_the_approval_covers_what_a_reviewer_agrees_to() -> None:
    moved = Plan(**{**PLAN.__dict__, "commit": "other", "base": None, "left_alone": {}})
    assert approval(moved) == approval(PLAN)
    assert approval(Plan(**{**PLAN.__dict__, "environment": "dev"})) != approval(PLAN)
    assert approval(Plan(**{**PLAN.__dict__, "cluster": "other"})) != approval(PLAN)
    assert approval(Plan(**{**PLAN.__dict__, "changes": PLAN.changes[1:]})) != approval(PLAN)

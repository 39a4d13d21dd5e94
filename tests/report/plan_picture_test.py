"""The picture of a plan: who writes to and reads from the touched topics, while it is readable; hostile names stay text."""

import re

import pytest
from making import acl, gained, lost, topic

from kafka_gitops.changes import Change
from kafka_gitops.model import Acl, Key, acl_key, topic_key
from kafka_gitops.report import plan_picture

HOSTILE = 'User:x"]; click t0 "https://evil" <b>&|`_a_```\nend'
PAY = (
    lost(acl("pay", "WRITE", "topic:acme.pay.old")),
    gained(acl("pay", "WRITE", "topic:acme.pay.refunds")),
    gained(acl("reporting", "READ", "topic:acme.pay.*")),
)


def files(*acls: Acl) -> dict[Key, Acl]:
    """What the files grant."""
    return {acl_key(binding): binding for binding in acls}


def test_a_picture_of_who_writes_and_reads() -> None:
    assert (
        plan_picture.render(PAY)
        == """\
```mermaid
flowchart LR
  p0(["User:pay"])
  p1(["User:reporting"])
  t0["acme.pay.old"]
  t1["acme.pay.refunds"]
  t2["acme.pay.#42;"]
  p0 -.->|no longer writes| t0
  p0 ==>|new: writes| t1
  t2 ==>|new: read by| p1
```"""
    )


def test_the_picture_shows_who_uses_a_touched_topic_already() -> None:
    rights = (
        acl("pay", "WRITE", "topic:acme.pay.orders"), acl("audit", "READ", "topic:*"),
        acl("reporting", "READ", "topic:acme.pay.*"), acl("pay", "DESCRIBE", "topic:acme.pay.orders"),
        acl("nobody", "READ", "topic:acme.pay.orders", permission="DENY"), acl("other", "READ", "topic:other"),
    )  # fmt: skip
    orders = Change(topic_key("acme.pay.orders"), topic(1), topic(2))
    late = Change(topic_key("acme.pay.late"), None, topic(1))
    begins = gained(acl("late", "ALL", "topic:acme.pay.late"))
    assert (
        plan_picture.render([orders, late, begins], files(*rights, acl("late", "ALL", "topic:acme.pay.late")))
        == """\
```mermaid
flowchart LR
  p0(["User:late"])
  p1(["User:pay"])
  p2(["User:audit"])
  p3(["User:reporting"])
  t0["acme.pay.orders"]
  t1["acme.pay.late (new)"]
  p0 ==>|new: writes| t1
  t1 ==>|new: read by| p0
  p1 -->|writes| t0
  t0 -->|read by| p2
  t1 -->|read by| p2
  t0 -->|read by| p3
  t1 -->|read by| p3
```"""
    )


def test_what_a_new_prefix_gives_is_drawn_once() -> None:
    prefix = acl("reporting", "READ", "topic:acme.*")
    changed = [Change(topic_key("acme.a"), topic(1), topic(2)), gained(prefix)]
    assert plan_picture.render(changed, files(prefix)).splitlines()[2:-1] == [
        '  p0(["User:reporting"])', '  t0["acme.#42;"]', "  t0 ==>|new: read by| p0",
    ]  # fmt: skip


def test_where_all_rights_are_too_many_only_what_changes_is_drawn() -> None:
    rights = [acl(f"u{number}", "READ", "topic:a") for number in range(30)]
    changed = [Change(topic_key("a"), topic(1), topic(2)), gained(acl("new", "WRITE", "topic:a"))]
    assert plan_picture.render(changed, files(*rights)).count("|") == 2
    assert plan_picture.render(changed[:1], files(*rights)) == ""


@pytest.mark.parametrize(
    ("topics", "principals", "drawn"), [(12, 1, True), (13, 1, False), (1, 20, True), (1, 21, False), (0, 0, False)]
)
def test_a_picture_is_drawn_only_while_it_is_readable(topics: int, principals: int, drawn: bool) -> None:
    changes = [gained(acl(f"u{p}", "READ", f"topic:t{t}")) for t in range(topics) for p in range(principals)]
    assert bool(plan_picture.render(changes)) is drawn


def test_groups_and_denials_are_not_in_the_picture() -> None:
    others = (
        acl("a", "READ", "group:g"),
        acl("a", "DESCRIBE", "topic:t"),
        acl("a", "READ", "topic:t", permission="DENY"),
    )
    assert plan_picture.render(map(gained, others)) == ""


def test_a_hostile_name_cannot_leave_its_label() -> None:
    binding = acl("x", "READ", "topic:t")._replace(principal=HOSTILE, name=HOSTILE)
    lines = plan_picture.render([gained(binding)]).splitlines()
    assert lines[0] == "```mermaid"
    assert lines[-1] == "```"
    shape = re.compile(r'  (?:p0\(\["[\w .:#;-]+"\]\)|t0\["[\w .:#;-]+"\]|t0 ==>\|new: read by\| p0)')
    assert all(shape.fullmatch(line) for line in lines[2:-1])
    assert len(lines) == 6


def test_a_long_label_is_clipped_and_control_characters_are_text() -> None:
    assert plan_picture.label("a" * 100) == "a" * 59 + "#8230;"
    assert plan_picture.label("a\x1b\u202eb") == "a#92;x1b#92;u202eb"

"""What is held stays as it is, is told, and is no drift; it ends by itself, whatever the files say."""

from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

import pytest
from desk import ONE_CLUSTER, Desk
from judging import BASE, Site, cluster, new, site
from linting import read
from making import topic
from recording import Recording, stand_in

from kafka_gitops.cli import clock
from kafka_gitops.errors import Stale
from kafka_gitops.holds import Hold, in_effect, joined, over
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Topology, topic_key
from kafka_gitops.plan import file
from kafka_gitops.plan.holding import stop_on_held
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.settings import Settings

__all__ = ["cluster", "site"]
WEEK, DAY = "604800000", "86400000"
NOON = datetime(2026, 6, 15, 12, tzinfo=timezone.utc)
THERE = {"acme.pay.orders": topic(3, 1, retention_ms=WEEK)}
HOLD = "hold: {until: 2026-06-15, reason: OPS-1}"


def files(*topics: str, extra: str = "") -> Topology:
    text = "context: acme\nprojects:\n- name: pay\n  topics:\n" + "".join(f"  - {{{one}}}\n" for one in topics) + extra
    return read(text)


def planned(topology: Topology, there: Mapping[str, object] = THERE, now: datetime = NOON) -> Plan:
    holds = in_effect(topology, now, 14)
    return make(Wish(topology, holds=holds), Settings(), Recording(topics=dict(there)))  # type: ignore[arg-type]


def told(plan: Plan) -> list[tuple[str, str]]:
    return [(str(entry.key), entry.reason) for entry in plan.held]


ORDERS = f'name: orders, config: {{num.partitions: "3", replication.factor: "1", retention.ms: "{DAY}"}}'


def test_what_is_held_is_told_and_is_no_difference() -> None:
    plan = planned(files(f"{ORDERS}, {HOLD}"))
    assert (plan.changes, plan.differs) == ((), False)
    assert told(plan) == [("topic acme.pay.orders", "held until 2026-06-15: OPS-1 (differs in retention.ms)")]
    assert str(plan.held[0].origin) == "t.yaml:5"
    assert file.loads(file.dumps(plan), "plan.json").held == plan.held


def test_what_is_as_it_should_be_needs_no_word() -> None:
    assert planned(files(f"{ORDERS.replace(DAY, WEEK)}, {HOLD}")).held == ()


@pytest.mark.parametrize(
    ("now", "held"),
    [
        (datetime(2026, 6, 15, 23, 59, 59, tzinfo=timezone.utc), True),
        (datetime(2026, 6, 16, tzinfo=timezone.utc), False),
        (datetime(2026, 6, 1, tzinfo=timezone.utc), True),
        (datetime(2026, 5, 31, 23, tzinfo=timezone.utc), False),  # more than 14 days ahead: it does not count
    ],
)
def test_it_ends_by_itself_with_its_last_day_in_utc(now: datetime, held: bool) -> None:
    plan = planned(files(f"{ORDERS}, {HOLD}"), now=now)
    assert (bool(plan.held), plan.differs) == (held, not held)


def test_a_creation_waits_and_what_cannot_be_done_is_no_drift_either() -> None:
    plan = planned(files(f"{ORDERS}, {HOLD}"), {})
    assert told(plan) == [("topic acme.pay.orders", "held until 2026-06-15: OPS-1 (would be created)")]
    fewer = planned(files(f"{ORDERS.replace(DAY, WEEK)}, {HOLD}"), {"acme.pay.orders": topic(9, 1, retention_ms=WEEK)})
    said = "held until 2026-06-15: OPS-1 (partitions 9 -> 3: Kafka cannot take partitions away)"
    assert (told(fewer), fewer.unsupported) == ([("topic acme.pay.orders", said)], ())


def test_of_some_fields_the_others_are_brought_to_the_files() -> None:
    config = f'config: {{num.partitions: "3", replication.factor: "1", retention.ms: "{DAY}", segment.ms: "{DAY}"}}'
    some = HOLD.replace("}", ", fields: [retention.ms, num.partitions, max.message.bytes]}")
    there = topic(9, 1, retention_ms=WEEK, max_message_bytes="5")
    plan = planned(files(f"name: orders, {config}, {some}"), {"acme.pay.orders": there})
    [change] = plan.changes
    assert [tuple(edit) for edit in change.edits()] == [("segment.ms", None, DAY)]
    said = "partitions 9 -> 3: Kafka cannot take partitions away, max.message.bytes 5 -> default, "
    said += "retention.ms 604800000 (7 days) -> 86400000 (1 day)"
    assert told(plan) == [("topic acme.pay.orders", f"held until 2026-06-15: OPS-1 ({said})")]
    gone = planned(files(f"name: orders, {config}, {some}"), {"acme.pay.orders": topic(3, 1, segment_ms=DAY)})
    assert (gone.changes, gone.unsupported) == ((), ())
    assert told(gone)[0][1].endswith("(retention.ms default -> 86400000 (1 day))")


def test_rights_and_quotas_of_an_entry_are_held() -> None:
    extra = f"""acls:
- principals: [User:a]
  allow: [READ]
  topics: [t]
  {HOLD}
quotas:
- {{user: a, producer_byte_rate: 1000, {HOLD}}}
"""
    found = in_effect(files("name: orders", extra=extra), NOON, 14)
    assert sorted(map(str, found)) == ["acl User:a may READ topic t", "quota user=a"]


def test_of_two_for_one_resource_all_of_it_and_the_later_count() -> None:
    key, late, soon = topic_key("t"), over(NOON.date()), NOON
    whole, some, longer = Hold(soon, "", "a"), Hold(late, "", "b", ("retention.ms",)), Hold(late, "", "c")
    assert joined({key: some}, {key: whole})[key] == whole
    assert joined({key: whole}, {key: some})[key] == whole
    assert joined({key: whole}, {key: longer, topic_key("u"): some}) == {key: longer, topic_key("u"): some}


def test_a_saved_plan_stops_on_what_is_held_since_it_was_made() -> None:
    changes = planned(files(ORDERS, "name: new")).changes
    stop_on_held(changes, {topic_key("other"): Hold(NOON, "noon", "OPS-1")})
    with pytest.raises(Stale) as stopped:
        stop_on_held(changes, {topic_key("acme.pay.orders"): Hold(NOON, "noon", "OPS-1")})
    said = "What this plan changes is held since it was made: topic acme.pay.orders: held until noon: OPS-1."
    assert stopped.value.message == said


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("PASSWORD", "canary")
    monkeypatch.setattr(clock, "now", lambda: NOON)
    stand_in(monkeypatch, Recording(topics={"acme.pay.orders": topic(3, 1, retention_ms=WEEK)}))
    made = Desk(tmp_path)
    made.write("kafka-gitops.yaml", ONE_CLUSTER)
    return made


def text(more: str) -> str:
    return f"context: acme\nprojects:\n- name: pay\n  topics:\n  - {{{ORDERS}, {more}}}\n"


def test_drift_tells_it_and_ends_with_0(desk: Desk) -> None:
    desk.write("topologies/t.yaml", text(HOLD))
    assert desk.ok("drift") == (
        "No changes. Environment prod matches the files, except for what is held (1 topic, 0 ACLs).\n"
        "On hold (an apply leaves this as it is, and it does not count as drift):\n"
        "  topic acme.pay.orders  held until 2026-06-15: OPS-1 (differs in retention.ms)  topologies/t.yaml:5\n"
    )
    assert desk.ok("drift", "--format", "markdown") == (
        "**No changes.** Environment prod matches the files, except for what is held (1 topic, 0 ACLs).\n\n"
        "**On hold** (an apply leaves this as it is, and it does not count as drift):\n\n"
        "<details open><summary>which</summary>\n\n"
        "| what | until, and why | where |\n| --- | --- | --- |\n"
        "| `topic acme.pay.orders` | `held until 2026-06-15: OPS-1 (differs in retention.ms)` "
        "| `topologies/t.yaml:5` |\n\n</details>\n"
    )
    desk.write("topologies/t.yaml", text("hold: {until: 2026-06-14, reason: OPS-1}"))
    assert desk.run("drift").code == 2


def test_a_hold_that_is_too_long_stops_a_plan_with_its_place(desk: Desk) -> None:
    desk.write("topologies/t.yaml", text("hold: {until: 2026-06-30, reason: OPS-1}"))
    found = desk.run("plan")
    said = "the hold lasts until 2026-06-30: at most 14 days, which is until 2026-06-29 (`max_hold`)"
    assert found.code == 1 and "hold-too-long" in found.err and said in found.err
    desk.write("kafka-gitops.yaml", "max_hold: 15\n" + ONE_CLUSTER)
    assert desk.run("plan").code == 0


def test_a_policy_has_the_last_word_on_how_long(desk: Desk) -> None:
    desk.write("topologies/t.yaml", text(HOLD.replace("15", "16")))
    desk.write("policy.yaml", "max_hold: 0\n")
    assert "nothing may be held here (`max_hold: 0`)" in desk.run("--policy", "policy.yaml", "plan").err
    desk.write("topologies/t.yaml", text(HOLD))  # not even for today
    assert "nothing may be held here (`max_hold: 0`)" in desk.run("--policy", "policy.yaml", "plan").err
    desk.write("policy.yaml", "max_hold: 1\n")
    desk.write("topologies/t.yaml", text(HOLD.replace("15", "17")))
    assert "at most 1 day, which is until 2026-06-16 (`max_hold`)" in desk.run("--policy", "policy.yaml", "plan").err


def test_a_very_long_max_hold_is_a_number_like_any_other(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", "max_hold: 9999999\n" + ONE_CLUSTER)
    desk.write("topologies/t.yaml", text("hold: {until: 9999-12-31, reason: OPS-1}"))
    assert desk.run("plan").code == 0
    desk.write("topologies/t.yaml", text(HOLD))
    assert desk.run("plan").code == 0


def test_a_change_of_what_is_on_hold_is_never_merged_without_a_person(site: Site) -> None:
    far = datetime.now(timezone.utc).date().isoformat()
    held = BASE.replace("  protected: true\n", f"  protected: true\n  hold: {{until: {far}, reason: OPS-1}}\n")
    site.begin(("topologies/a.yaml", held))
    assert site.judge(("topologies/a.yaml", held.replace(f'"{DAY}"', f'"{WEEK}"'))).code == 4
    assert site.reasons() == ["topic acme.orders is on hold"]


@pytest.mark.parametrize("change", ["added", "extended", "removed"])
def test_a_hold_is_never_merged_without_a_person(site: Site, change: str) -> None:
    far = datetime.now(timezone.utc).date().isoformat()
    held = new().replace("- name: acme.new", f"- name: acme.new\n  hold: {{until: {far}, reason: OPS-1}}")
    if change != "added":
        site.begin(("topologies/a.yaml", held.replace("OPS-1", "OPS-0") if change == "extended" else held))
    assert site.judge(("topologies/a.yaml", new() if change == "removed" else held)).code == 4
    assert any("changes hold." in reason for reason in site.reasons()), site.reasons()

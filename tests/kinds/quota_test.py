"""Quotas: their names, what files say of them, and what a plan makes of the difference."""

from dataclasses import replace
from typing import Any

import pytest
from beside_topics import Entity, InMemory
from making import node, scope

from kafka_gitops.changes import Change, Unsupported
from kafka_gitops.errors import Stale
from kafka_gitops.kinds import quota
from kafka_gitops.kinds.contract import Kind
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.kinds.quota import share
from kafka_gitops.kinds.quota.spec import Quota, address, name, parse, told
from kafka_gitops.kinds.wish import Part, Wish
from kafka_gitops.model import Declared, Key, Removal, Topology
from kafka_gitops.plan.apply import run
from kafka_gitops.plan.make import Plan
from kafka_gitops.settings import Settings

KIND: Kind = quota  # mypy holds the module to the contract
BATCH: Entity = (("client-id", "batch"), ("user", "orders"))
ORDERS: Entity = (("user", "orders"),)
EVERYBODY: Entity = (("user", None),)


def declared(entity: Entity, **limits: str) -> Declared:
    return Declared(Key("quota", name(entity)), Quota(entity, limits), node())


def planned(
    cluster: InMemory,
    *declarations: Declared,
    base: tuple[Declared, ...] | None = None,
    removals: tuple[Removal, ...] = (),
    settings: Settings | None = None,
    only_change: bool = False,
) -> Part:
    files = Topology(declared=declarations, removals=removals)
    wish = Wish(files, Topology(declared=base) if base is not None else None, only_change=only_change)
    part: Part | None = quota.plan(wish, settings or Settings(), cluster)
    assert part is not None
    return part


def risks(part: Part) -> list[tuple[str, bool]]:
    return [(risk.name, risk.blocks) for change in part.changes for risk in change.risks]


def removal(text: str) -> Removal:
    return Removal(Key("quota", text), False, "OPS-1", node())


@pytest.mark.parametrize(
    ("entity", "written"),
    [
        (BATCH, "user=orders client-id=batch"),
        (EVERYBODY, "user=<default>"),
        ((("client-id", None), ("user", None)), "user=<default> client-id=<default>"),
        ((("user", "<default>"),), 'user="<default>"'),
        ((("user", "a b"),), 'user="a b"'),
        ((("user", "a client-id=b"),), 'user="a client-id=b"'),
        ((("user", 'say "x"\\'),), 'user="say \\"x\\"\\\\"'),
        ((("user", "CN=a,O=ü"),), "user=CN=a,O=ü"),
        ((("user", "a\nb\u2028"),), 'user="a\\nb\\u2028"'),
        ((("client-id", "x"),), "client-id=x"),
        ((("ip", "::1"),), "ip=::1"),
    ],
)
def test_a_name_is_unique_and_read_back(entity: Entity, written: str) -> None:
    assert name(entity) == written
    assert parse(written) == entity


@pytest.mark.parametrize("text", ["", "orders", "user=", "user=a user=b", "user=a  b", "ip=1.2.3.4 user=a", 'user="a'])
def test_what_is_no_name_of_a_quota(text: str) -> None:
    assert parse(text) is None


def test_client_id_may_be_written_as_in_files() -> None:
    assert parse("client_id=batch user=orders") == BATCH


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("fe80::1%eth0", None),
        ("localhost", None),
        ("10.0.0.0/8", None),
        ("010.1.2.3", None),
        ("10.1", None),
    ],
)
def test_an_address_has_one_form(text: str, one: str | None) -> None:
    assert address(text) == one


def test_limits_are_told_with_their_units() -> None:
    assert told("producer_byte_rate", "10485760") == "10485760 (10 MiB/s per broker)"
    assert told("consumer_byte_rate", "100") == "100 bytes/s per broker"
    assert told("request_percentage", "0.5") == "0.5 % of one thread's time per broker"
    assert told("of_a_newer_broker", "7") == "7"


def test_a_spec_goes_into_a_plan_file_and_back() -> None:
    spec = Quota(BATCH, {"producer_byte_rate": "1", "request_percentage": "0.5"})
    data = quota.dump(spec)
    assert data == {
        "entity": {"client-id": "batch", "user": "orders"},
        "limits": {"producer_byte_rate": "1", "request_percentage": "0.5"},
    }
    assert quota.load("user=orders client-id=batch", data) == spec
    odds: tuple[dict[str, Any], ...] = (
        {**data, "entity": {"user": "other"}},
        {**data, "entity": {"user": 1}},
        {**data, "limits": {"producer_byte_rate": 1}},
        {**data, "limits": {"producer_byte_rate": "1e3"}},
        {"entity": {}, "limits": {}},
    )
    for odd in odds:
        with pytest.raises((KeyError, TypeError, ValueError)):
            quota.load("user=orders client-id=batch", odd)


def test_what_is_equal_changes_nothing_and_what_differs_is_told_by_limit() -> None:
    cluster = InMemory(quota={ORDERS: {"producer_byte_rate": 10.0, "consumer_byte_rate": 5.0}})
    same = declared(ORDERS, producer_byte_rate="10", consumer_byte_rate="5")
    assert planned(cluster, same).changes == []
    (change,) = planned(cluster, declared(ORDERS, producer_byte_rate="20"), base=(same,)).changes
    assert [tuple(edit) for edit in change.edits()] == [
        ("producer_byte_rate", "10 bytes/s per broker", "20 bytes/s per broker"),
        ("consumer_byte_rate", "5 bytes/s per broker", None),
    ]


def test_limits_that_no_file_names_stay_where_the_settings_say_so() -> None:
    cluster = InMemory(quota={ORDERS: {"producer_byte_rate": 10.0, "consumer_byte_rate": 5.0}})
    keep = Settings(keep_undeclared_configs=True)
    assert planned(cluster, declared(ORDERS, producer_byte_rate="10"), settings=keep).changes == []
    (change,) = planned(cluster, declared(ORDERS, producer_byte_rate="20"), settings=keep).changes
    assert [edit.field for edit in change.edits()] == ["producer_byte_rate"]
    assert quota.actual(cluster, [change], keep) == {change.key: change.before}


def test_a_value_that_is_no_number_is_no_trouble() -> None:
    cluster = InMemory(quota={ORDERS: {"producer_byte_rate": float("nan")}})
    (change,) = planned(cluster, declared(ORDERS, producer_byte_rate="20"), base=()).changes
    assert [tuple(edit) for edit in change.edits()] == [
        ("producer_byte_rate", "nan bytes/s per broker", "20 bytes/s per broker")
    ]
    assert isinstance(change.before, Quota)
    assert quota.load(change.key.name, quota.dump(change.before)) == change.before


def test_two_spellings_of_an_address_are_one_and_the_brokers_keep_theirs() -> None:
    long: Entity = (("ip", "0:0:0:0:0:0:0:1"),)
    cluster = InMemory(quota={long: {"connection_creation_rate": 5.0}})
    wanted = declared((("ip", "::1"),), connection_creation_rate="6")
    (change,) = planned(cluster, wanted).changes
    assert quota.phases()[0].write(cluster, [change]) == {Key("quota", "ip=::1"): None}
    assert cluster.quota == {long: {"connection_creation_rate": 6.0}}
    assert planned(cluster, wanted).changes == []


def test_a_first_limit_beside_others_that_stay_is_no_stale_plan() -> None:
    cluster = InMemory(quota={ORDERS: {"producer_byte_rate": 5.0}})
    keep = Settings(keep_undeclared_configs=True)
    (change,) = planned(cluster, declared(ORDERS, consumer_byte_rate="6"), settings=keep).changes
    (outcome,) = run(Plan("prod", cluster.id, changes=(change,)), cluster, settings=keep)
    assert outcome.status == "done"
    assert cluster.quota == {ORDERS: {"producer_byte_rate": 5.0, "consumer_byte_rate": 6.0}}


def test_a_lower_limit_is_told_with_old_and_new_and_does_not_block() -> None:
    cluster = InMemory(quota={ORDERS: {"producer_byte_rate": 2048.0}})
    before = declared(ORDERS, producer_byte_rate="2048")
    (change,) = planned(cluster, declared(ORDERS, producer_byte_rate="1024"), base=(before,)).changes
    ((found, sentence, blocks),) = change.risks
    assert (found, blocks) == ("quota-tightened", False)
    assert sentence == "producer_byte_rate was 2048 (2 KiB/s per broker), now 1024 (1 KiB/s per broker)"
    higher = planned(cluster, declared(ORDERS, producer_byte_rate="4096"), base=(before,))
    assert risks(higher) == []


def test_a_default_blocks_and_a_lower_default_counts_for_whoever_loses_its_own() -> None:
    cluster = InMemory(quota={EVERYBODY: {"producer_byte_rate": 1.0}, ORDERS: {"producer_byte_rate": 5.0}})
    changed = planned(cluster, declared(EVERYBODY, producer_byte_rate="2"), base=(declared(EVERYBODY),))
    assert risks(changed) == [("quota-default", True)]
    gone = planned(cluster, removals=(removal("user=orders"),))
    assert risks(gone) == [("quota-tightened", False)]
    assert "the default 1 bytes/s per broker counts then" in gone.changes[0].risks[0].sentence


def test_a_quota_that_limited_nobody_blocks_before_it_limits_its_user() -> None:
    dead: Entity = (("user", "User:orders"),)
    cluster = InMemory(quota={dead: {"producer_byte_rate": 1.0}})
    part = planned(cluster, declared(ORDERS, producer_byte_rate="1"))
    assert risks(part) == [("quota-first", True)]
    assert "user=User:orders, which limits nobody" in part.changes[0].risks[0].sentence
    cluster.quota[ORDERS] = {"producer_byte_rate": 1.0}
    assert planned(cluster, declared(ORDERS, producer_byte_rate="1")).changes == []
    (taken,) = planned(cluster, removals=(removal("user=User:orders"),)).changes
    assert (taken.action, taken.because) == ("delete", "OPS-1")


def test_what_no_file_declared_before_is_taken_over_with_a_yes() -> None:
    cluster = InMemory(quota={ORDERS: {"producer_byte_rate": 1.0}})
    wanted = declared(ORDERS, producer_byte_rate="2")
    assert risks(planned(cluster, wanted)) == [("taken-over", False)]
    assert risks(planned(cluster, wanted, base=())) == [("taken-over", True)]
    assert risks(planned(cluster, wanted, base=(declared(ORDERS, producer_byte_rate="1"),))) == []
    assert planned(cluster, declared(ORDERS, producer_byte_rate="1"), base=()).changes == []


def test_absence_is_no_deletion_but_with_prune() -> None:
    cluster = InMemory(quota={ORDERS: {"producer_byte_rate": 1.0}, EVERYBODY: {"producer_byte_rate": 1.0}})
    base = (declared(ORDERS, producer_byte_rate="1"),)
    kept = planned(cluster, base=base)
    assert kept.changes == [] and [entry.key.name for entry in kept.stays] == ["user=orders"]
    assert kept.others == ("user=<default>", "user=orders")
    pruned = planned(cluster, base=base, settings=Settings(prune=frozenset({"quotas"})))
    assert [(change.key.name, change.action) for change in pruned.changes] == [("user=orders", "delete")]
    protected = Settings(protect={"quotas": ("user=ord*",)})
    refused = planned(cluster, removals=(removal("user=orders"),), settings=protected)
    assert refused.changes == []
    assert refused.nevers[0].reason == "it is protected (`protect` in the settings) and never deleted"


def test_only_the_change_is_looked_at() -> None:
    cluster = InMemory()
    old, new = declared(ORDERS, producer_byte_rate="1"), declared(BATCH, producer_byte_rate="1")
    part = planned(cluster, old, new, base=(old,), only_change=True)
    assert [change.key.name for change in part.changes] == ["user=orders client-id=batch"]
    wish = Wish(Topology(declared=(old,)), Topology(declared=(old,)), only_change=True)
    assert quota.plan(wish, Settings(), InMemory()) is None


def test_where_no_file_speaks_of_quotas_nobody_is_asked() -> None:
    cluster = InMemory(quota={ORDERS: {"producer_byte_rate": 1.0}})
    assert quota.plan(Wish(Topology()), Settings(), cluster) is None
    assert cluster.calls == []


@pytest.mark.parametrize("entity", [ORDERS, BATCH])
def test_users_of_quotas_may_have_a_list_of_their_own(entity: Entity) -> None:
    key, spec = Key("quota", name(entity)), Quota(entity, {})
    assert quota.outside([scope(quota_users=("ord*",))], key, spec) is None
    both = scope(quota_users=("pay*",), principals=("User:orders",))
    assert quota.outside([both], key, spec) == "it is not in `manage.quota_users` (pay*)"


@pytest.mark.parametrize(
    ("entity", "lists"),
    [
        (ORDERS, {"principals": ("User:ord*",)}),
        (BATCH, {"principals": ("User:orders",)}),
        ((("client-id", None), ("user", "orders")), {"principals": ("User:orders",)}),
        ((("client-id", "batch"),), {"client_ids": ("batch",)}),
        ((("ip", "10.1.2.3"),), {"ips": ("10.1.*",)}),
        (EVERYBODY, {"quota_defaults": ("user=<default>",)}),
        ((("client-id", "batch"), ("user", None)), {"quota_defaults": ("*",)}),
        ((("ip", None),), {"quota_defaults": ("*",)}),
    ],
)
def test_the_scope_is_closed(entity: Entity, lists: dict[str, Any]) -> None:
    key, spec = Key("quota", name(entity)), Quota(entity, {})
    assert quota.outside([], key, spec) is None
    assert quota.outside([scope(**lists)], key, spec) is None
    (found,) = lists
    others = {"topics", "principals", "client_ids", "ips", "quota_defaults"} - {found}
    every: dict[str, Any] = dict.fromkeys(others, ("*",))
    everything_else = scope(**every)
    assert found in (quota.outside([everything_else], key, spec) or "")
    wanted = Declared(key, Quota(entity, {"producer_byte_rate": "1"}), node())
    part = planned(InMemory(), wanted, settings=Settings(scopes=(everything_else,)))
    assert part.changes == [] and isinstance(part.nevers[0], Unsupported)


def test_what_the_brokers_refuse_is_asked_before() -> None:
    problem = Problem("INVALID_REQUEST", "no")
    cluster = InMemory(fails={ORDERS: problem})
    changes = planned(
        cluster, declared(ORDERS, producer_byte_rate="1"), declared(BATCH, producer_byte_rate="1")
    ).changes
    ask = quota.phases()[0].preview
    assert ask is not None and list(ask(cluster, changes)) == [(Key("quota", "user=orders"), problem)]
    assert cluster.quota == {}


def test_what_is_written_is_what_differs_only() -> None:
    cluster = InMemory(
        quota={ORDERS: {"producer_byte_rate": 1.0, "consumer_byte_rate": 5.0, "request_percentage": 9.0}}
    )
    before = {"producer_byte_rate": "1", "consumer_byte_rate": "5", "request_percentage": "9"}
    after = {"producer_byte_rate": "1", "consumer_byte_rate": "6"}
    change = Change(Key("quota", "user=orders"), Quota(ORDERS, before), Quota(ORDERS, after))
    assert share.edits([change]) == {ORDERS: {"consumer_byte_rate": 6.0, "request_percentage": None}}
    quota.phases()[0].write(cluster, [change])
    assert quota.actual(cluster, [change], Settings()) == {change.key: change.after}
    gone = replace(change, before=change.after, after=None)
    quota.phases()[1].write(cluster, [gone])
    assert quota.actual(cluster, [gone], Settings()) == {}


def test_an_entry_of_a_file_is_made_of_a_quota() -> None:
    section, entry = quota.export(
        Key("quota", "x"), Quota(BATCH, {"producer_byte_rate": "5", "request_percentage": "0.5"})
    )
    assert (section, entry) == (
        "quotas",
        {"user": "orders", "client_id": "batch", "producer_byte_rate": 5, "request_percentage": 0.5},
    )


def test_a_person_looks_at_every_quota() -> None:
    key, one, other = Key("quota", "user=orders"), Quota(ORDERS, {"producer_byte_rate": "5"}), Quota(ORDERS, {})
    for before, after in ((None, one), (one, other), (one, None)):
        assert list(quota.by_itself(key, before, after, Settings()))


def test_a_plan_that_no_longer_fits_is_stale() -> None:
    cluster = InMemory(quota={ORDERS: {"producer_byte_rate": 5.0}})
    changes = tuple(planned(cluster, declared(ORDERS, producer_byte_rate="6")).changes)
    plan = Plan("prod", cluster.id, changes=changes)
    cluster.quota[ORDERS]["producer_byte_rate"] = 7.0
    with pytest.raises(Stale) as caught:
        list(run(plan, cluster, settings=Settings()))
    assert "producer_byte_rate: planned from 5 bytes/s per broker, now 7 bytes/s per broker" in (
        caught.value.help or ""
    )
    cluster.quota[ORDERS]["producer_byte_rate"] = 6.0
    assert [outcome.status for outcome in run(plan, cluster, settings=Settings())] == ["already"]

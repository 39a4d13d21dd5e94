"""What differs between files and cluster becomes changes, refusals or nothing: exact, without a broker."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from making import acl, declared, grant, node, removal, scope, topic, topology
from recording import Recording

from kafka_gitops.changes import Change
from kafka_gitops.errors import KafkaGitopsError, MissingRight, NoAuthorizer
from kafka_gitops.kinds.topic import steps as topic_steps
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Acl, AclRemoval, Topic, Topology, topic_key
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.plan.policy import consent, refusals
from kafka_gitops.settings import Limits, Scope, Settings

WEEK, DAY = "604800000", "86400000"
SCOPE = scope(topics=("new.*",), places={"topics": "policy.yaml:1"})


def plan(
    files: Topology, cluster: Recording, settings: Settings | None = None, *, base: Topology | None = None
) -> Plan:
    return make(Wish(files, base), settings or Settings(), cluster)


def one(made: Plan) -> Change:
    (change,) = made.changes
    return change


def edits(change: Change) -> list[tuple[str, str | None, str | None]]:
    return [(edit.field, edit.before, edit.after) for edit in change.edits()]


def risks(change: Change) -> list[tuple[str, bool]]:
    return [(risk.name, risk.blocks) for risk in change.risks]


def test_a_missing_topic_is_created() -> None:
    made = plan(topology(declared("a", topic(3, 1, retention_ms=DAY), line=4)), Recording())
    change = one(made)
    assert (change.action, change.before, change.after) == ("create", None, Topic(3, 1, {"retention.ms": DAY}))
    assert str(change.origin) == "t.yaml:4"
    assert change.risks == ()


def test_an_equal_topic_is_no_change() -> None:
    cluster = Recording(topics={"a": topic(3, 1, retention_ms=DAY)})
    assert plan(topology(declared("a", topic(3, 1, retention_ms=DAY))), cluster).changes == ()


def test_a_value_that_equals_the_default_is_no_change() -> None:
    cluster = Recording(topics={"a": topic(1, 1)}, defaults={"retention.ms": WEEK})
    assert plan(topology(declared("a", topic(1, 1, retention_ms=WEEK))), cluster).changes == ()


def test_values_are_compared_by_type() -> None:
    cluster = Recording(topics={"a": topic(1, 1, retention_ms="0604800000", preallocate="TRUE")})
    assert plan(topology(declared("a", topic(1, 1, retention_ms=WEEK, preallocate="true"))), cluster).changes == ()


def test_partitions_and_replication_left_to_the_broker_are_not_compared() -> None:
    assert plan(topology(declared("a", topic())), Recording(topics={"a": topic(7, 3)})).changes == ()


def test_an_undeclared_override_is_reset_and_says_what_takes_over() -> None:
    cluster = Recording(topics={"a": topic(1, 1, segment_ms="7200000")}, defaults={"segment.ms": WEEK})
    change = one(plan(topology(declared("a", topic(1, 1))), cluster))
    assert edits(change) == [("segment.ms", "7200000", None)]
    assert change.defaults == {"segment.ms": WEEK}
    assert risks(change) == [("undeclared-reset", False)]


def test_keep_leaves_undeclared_overrides() -> None:
    cluster = Recording(topics={"a": topic(1, 1, segment_ms="7200000")})
    assert plan(topology(declared("a", topic(1, 1))), cluster, Settings(keep_undeclared_configs=True)).changes == ()


def test_ignored_configs_are_never_touched() -> None:
    cluster = Recording(topics={"a": topic(1, 1, leader_replication_throttled_replicas="0:1", x_ms="1")})
    settings = Settings(ignore_configs=("*.replication.throttled.replicas", "x.*"))
    assert plan(topology(declared("a", topic(1, 1))), cluster, settings).changes == ()


def test_a_reset_that_shortens_the_retention_blocks() -> None:
    cluster = Recording(topics={"a": topic(1, 1, retention_ms="-1")}, defaults={"retention.ms": WEEK})
    change = one(plan(topology(declared("a", topic(1, 1))), cluster))
    assert risks(change) == [("retention-shrink", True), ("undeclared-reset", False)]
    sentence = "-1 (no limit) -> 604800000 (7 days): records older than 7 days are deleted; none is that old now"
    assert change.risks[0].sentence == sentence


def test_a_longer_retention_is_no_risk() -> None:
    cluster = Recording(topics={"a": topic(1, 1, retention_ms=DAY)})
    assert risks(one(plan(topology(declared("a", topic(1, 1, retention_ms="-1"))), cluster))) == []


def test_a_shorter_retention_of_a_compacted_topic_is_no_risk() -> None:
    compacted = {"cleanup_policy": "compact"}
    cluster = Recording(topics={"a": topic(1, 1, retention_ms=WEEK, **compacted)})
    assert risks(one(plan(topology(declared("a", topic(1, 1, retention_ms=DAY, **compacted))), cluster))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("delete", "compact"), ("compact", "delete"), ("delete", "compact,delete"), ("compact,delete", "compact")],
)
def test_another_cleanup_policy_blocks(old: str, new: str) -> None:
    cluster = Recording(topics={"a": topic(1, 1, cleanup_policy=old)})
    change = one(plan(topology(declared("a", topic(1, 1, cleanup_policy=new))), cluster))
    assert ("cleanup-policy", True) in risks(change)


def test_the_order_of_cleanup_policies_is_no_change() -> None:
    cluster = Recording(topics={"a": topic(1, 1, cleanup_policy="compact,delete")})
    assert plan(topology(declared("a", topic(1, 1, cleanup_policy="delete,compact"))), cluster).changes == ()


def test_more_partitions_of_a_keyed_topic_block() -> None:
    cluster = Recording(topics={"a": topic(3, 1)})
    change = one(plan(topology(declared("a", topic(6, 1), keyed=True)), cluster))
    assert edits(change) == [("partitions", "3", "6")]
    assert risks(change) == [("key-order", True)]


def test_more_partitions_of_a_compacted_topic_block() -> None:
    cluster = Recording(topics={"a": topic(3, 1)}, defaults={"cleanup.policy": "compact"})
    assert risks(one(plan(topology(declared("a", topic(6, 1))), cluster))) == [("key-order", True)]


def test_more_partitions_elsewhere_are_told() -> None:
    change = one(plan(topology(declared("a", topic(6, 1))), Recording(topics={"a": topic(3, 1)})))
    assert risks(change) == [("partitions-grow", False)]


def test_fewer_partitions_and_another_replication_cannot_be_done_and_the_rest_goes_on() -> None:
    cluster = Recording(topics={"a": topic(3, 2, retention_ms=DAY)})
    made = plan(topology(declared("a", topic(2, 3, retention_ms=WEEK))), cluster)
    assert [entry.reason for entry in made.unsupported] == [
        "partitions 3 -> 2: Kafka cannot take partitions away",
        "replication 2 -> 3: moving replicas is not part of an apply",
    ]
    assert edits(one(made)) == [("retention.ms", DAY, WEEK)]


def test_while_replicas_move_another_replication_is_no_difference() -> None:
    cluster = Recording(topics={"a": topic(3, 2)}, moving={"a"})
    assert plan(topology(declared("a", topic(3, 3))), cluster).unsupported == ()


def test_a_topic_that_the_listing_hides_is_asked_for_by_name() -> None:
    cluster = Recording(topics={"a": topic(3, 1)}, hidden={"a"})
    assert plan(topology(declared("a", topic(3, 1))), cluster).changes == ()
    assert "describe_topics 1" in cluster.calls


def test_unclean_election_and_min_isr_are_told() -> None:
    cluster = Recording(topics={"a": topic(1, 3, min_insync_replicas="2")})
    wanted = topic(1, 3, min_insync_replicas="1", unclean_leader_election_enable="true")
    assert risks(one(plan(topology(declared("a", wanted)), cluster))) == [
        ("unclean-election", False),
        ("min-isr-shrink", False),
    ]


def test_absence_is_not_deletion() -> None:
    cluster = Recording(
        topics={"a": topic(1, 1), "_x": topic(1, 1)}, internal={"_x"}, acls={acl("a", "READ", "topic:a")}
    )
    made = plan(topology(declared("b", topic(1, 1)), grant(acl("b", "READ", "topic:b"))), cluster)
    assert [change.action for change in made.changes] == ["create", "create"]
    assert made.left_alone == {"topics": 1, "acls": 1}


def test_left_alone_counts_inside_manage_only() -> None:
    cluster = Recording(topics={"acme.a": topic(1, 1), "other": topic(1, 1)})
    settings = Settings(scopes=(scope(topics=("acme.*",)),))
    made = plan(topology(declared("acme.b", topic())), cluster, settings)
    assert (made.left_alone, made.others) == ({"topics": 1, "acls": 0}, {"topics": ("acme.a",)})


@pytest.mark.parametrize("refused", [None, MissingRight("no DESCRIBE"), NoAuthorizer("no authorizer")])
def test_without_acls_in_the_files_those_of_the_cluster_are_named_where_they_may_be_read(
    monkeypatch: pytest.MonkeyPatch, refused: KafkaGitopsError | None
) -> None:
    cluster = Recording(topics={"b": topic(1, 1)}, acls={acl("x", "READ", "topic:b"), acl("x", "READ", "topic:a*")})

    def refuse() -> Iterable[Acl]:
        assert refused is not None
        raise refused

    if refused is not None:
        monkeypatch.setattr(cluster, "list_acls", refuse)
    made = plan(topology(declared("a", topic())), cluster)
    names = {} if refused else {"acls": ("User:x may READ topic a*", "User:x may READ topic b")}
    assert made.left_alone == {"topics": 1, **({} if refused else {"acls": 2})}
    assert made.others == {"topics": ("b",), **names}


PRUNE = Settings(prune=frozenset({"acls"}))


def stays(made: Plan) -> list[tuple[str, str, str]]:
    return [(entry.key.name, entry.reason, str(entry.origin)) for entry in made.stays]


@pytest.mark.parametrize("only_change", [False, True])
def test_a_right_that_leaves_the_files_and_stays_is_named_with_the_reason(only_change: bool) -> None:
    old, kept, foreign = (acl(name, "READ", "topic:a") for name in ("old", "kept", "foreign"))
    never = acl("never", "READ", "topic:a")  # declared at the base, and not on the cluster
    base, files = topology(grant(old, never, line=12), grant(kept)), topology(grant(kept))
    cluster = Recording(acls={old, kept, foreign}, broker=CLOSED)
    made = make(Wish(files, base, only_change=only_change), Settings(), cluster)
    assert made.changes == ()
    assert stays(made) == [("User:old may READ topic a", "`prune` names no acls", "t.yaml:12")]
    assert not make(Wish(files, base, only_change=only_change), PRUNE, cluster).stays
    assert not plan(files, cluster).stays


@pytest.mark.parametrize("only_change", [False, True])
def test_a_topic_that_leaves_the_files_and_stays_is_named_too(only_change: bool) -> None:
    here = declared("new.kept", topic(1, 1))
    gone = ("new.gone", "old.gone", "never", "new.stated", "new.lent")
    base = topology(here, *(declared(name, topic(1, 1), line=8) for name in gone))
    cluster = Recording(topics={name: topic(1, 1) for name in ("new.kept", "foreign", *gone) if name != "never"})
    files = topology(here, removal("new.stated"), removal("new.lent", release=True))
    scoped = Settings(scopes=(SCOPE,))
    made = make(Wish(files, base, only_change=only_change), scoped, cluster)
    assert stays(made) == [
        ("new.gone", "no `removed:` names it and `prune` names no topics", "t.yaml:8"),
        ("old.gone", "it is not in `manage.topics` of policy.yaml:1 (new.*)", "t.yaml:8"),
    ]
    pruned = make(Wish(files, base, only_change=only_change), scoped._replace(prune=frozenset({"topics"})), cluster)
    assert [name for name, _, _ in stays(pruned)] == ["old.gone"]


@pytest.mark.parametrize("prune", [frozenset(), frozenset({"acls"})])
def test_a_right_that_leaves_the_files_outside_manage_stays_with_the_command_for_a_person(
    prune: frozenset[str],
) -> None:
    old, kept = acl("app", "ALTER_CONFIGS", "cluster"), acl("app", "READ", "topic:new.a")
    cluster = Recording(acls={old, kept}, broker=CLOSED)
    own = scope(topics=("new.*",), places={"": "kafka-gitops.yaml:2"})
    base = topology(grant(kept), grant(old, line=7))
    made = plan(topology(grant(kept)), cluster, Settings(prune=prune, scopes=(own,)), base=base)
    assert (made.changes, made.nevers) == ((), ())
    assert stays(made) == [
        (
            "User:app may ALTER_CONFIGS cluster",
            "ALTER_CONFIGS on the cluster is not in `manage.cluster` of kafka-gitops.yaml:2 (not stated); by hand: "
            "kafka-acls --remove --allow-principal User:app --operation AlterConfigs --cluster",
            "t.yaml:7",
        )
    ]


def test_a_removed_statement_deletes_and_tells_what_is_lost() -> None:
    cluster = Recording(topics={"old": topic(1, 1)}, records={"old"}, groups={"old": ("billing",)})
    change = one(plan(topology(removal("old")), cluster))
    assert (change.action, change.pin, str(change.origin)) == ("delete", "id-old", "t.yaml:9")
    assert [tuple(risk) for risk in change.risks] == [
        ("topic-delete", "its records are lost: up to 1 record (about 0 bytes); read by billing (1 member)", True)
    ]


def test_an_empty_topic_is_deleted_without_a_risk() -> None:
    gone = one(plan(topology(removal("old")), Recording(topics={"old": topic(1, 1)})))
    assert (risks(gone), gone.because) == ([], "no longer used")


def test_an_empty_topic_whose_readers_may_not_be_seen_blocks() -> None:
    change = one(plan(topology(removal("old")), Recording(topics={"old": topic(1, 1)}, all_groups=False)))
    sentence = "it holds no records, but a group may read it: not all may be seen (needs Describe on all groups)"
    assert [tuple(risk) for risk in change.risks] == [("topic-delete", sentence, True)]


def test_a_removed_topic_that_is_gone_is_no_change() -> None:
    assert plan(topology(removal("old")), Recording()).changes == ()


def test_a_released_topic_stays() -> None:
    base = topology(declared("old", topic(1, 1)))
    cluster = Recording(topics={"old": topic(1, 1)})
    settings = Settings(prune=frozenset({"topics"}))
    assert plan(topology(removal("old", release=True)), cluster, settings, base=base).changes == ()


def test_prune_deletes_what_the_base_declared_and_nothing_else() -> None:
    base = topology(declared("old", topic(1, 1)), declared("kept", topic(1, 1)))
    files = topology(declared("kept", topic(1, 1)))
    cluster = Recording(topics={name: topic(1, 1) for name in ("old", "kept", "foreign")})
    change = one(plan(files, cluster, Settings(prune=frozenset({"topics"})), base=base))
    assert str(change.key) == "topic old"
    assert plan(files, cluster, Settings(), base=base).changes == ()


@pytest.mark.parametrize(
    ("settings", "internal", "protected", "why"),
    [
        (Settings(), True, False, "it is internal to Kafka and never deleted"),
        (
            Settings(protect={"topics": ("ol*",)}),
            False,
            False,
            "it is protected (`protect` in the settings) and never deleted",
        ),
        (
            Settings(),
            False,
            True,
            "the base commit declares it `protected: true`: take that away in a change of its own first",
        ),
        (Settings(scopes=(SCOPE,)), False, False, "it is not in `manage.topics` of policy.yaml:1 (new.*)"),
    ],
)
def test_some_topics_are_never_deleted(settings: Settings, internal: bool, protected: bool, why: str) -> None:
    cluster = Recording(topics={"old": topic(1, 1)}, internal={"old"} if internal else set())
    base = topology(declared("old", topic(1, 1), protected=protected))
    made = plan(topology(removal("old")), cluster, settings, base=base)
    assert made.changes == ()
    assert [entry.reason for entry in made.nevers] == [why]


SETTING = "allow.everyone.if.no.acl.found"
OPEN: dict[str, str | None] = {SETTING: "true"}
HIDDEN: dict[str, str | None] = {SETTING: None}
CLOSED: dict[str, str | None] = {}


def test_bindings_are_created_and_pruned_by_the_base() -> None:
    old, kept, foreign = (acl(name, "READ", "topic:a") for name in ("old", "kept", "foreign"))
    cluster = Recording(acls={old, kept, foreign, acl("old", "READ", "topic:b")}, broker=CLOSED)
    base, files = topology(grant(old), grant(kept)), topology(grant(kept))
    change = one(plan(files, cluster, Settings(prune=frozenset({"acls"})), base=base))
    assert (change.action, change.before) == ("delete", old)
    assert risks(change) == []


def test_the_last_grant_of_a_principal_blocks() -> None:
    old = acl("old", "READ", "topic:a")
    cluster = Recording(acls={old, acl("x", "READ", "topic:a")}, broker=CLOSED)
    made = plan(
        topology(grant(acl("x", "READ", "topic:a"))),
        cluster,
        Settings(prune=frozenset({"acls"})),
        base=topology(grant(old)),
    )
    assert risks(one(made)) == [("last-grant", True)]


def test_a_deny_blocks_and_one_against_the_run_itself_twice() -> None:
    cluster = Recording(acls={acl("x", "READ", "topic:a")}, broker=CLOSED)
    deny = acl("x", "WRITE", "topic:a", permission="DENY")
    assert risks(one(plan(topology(grant(deny)), cluster))) == [("deny-added", True)]
    everyone = deny._replace(principal="User:*")
    assert risks(one(plan(topology(grant(everyone)), cluster))) == [("deny-added", True), ("self-lockout", True)]


@pytest.mark.parametrize("there", ["topic:a", "topic:*", "topic:a*"])
def test_the_first_acl_of_a_resource_blocks_on_an_open_broker_only(there: str) -> None:
    wanted = topology(grant(acl("x", "READ", "topic:ab" if there == "topic:a*" else "topic:a")))
    assert risks(one(plan(wanted, Recording(broker=OPEN)))) == [("first-acl", True)]
    assert risks(one(plan(wanted, Recording(broker=OPEN, acls={acl("y", "READ", there)})))) == []
    assert risks(one(plan(wanted, Recording()))) == []


def test_a_setting_that_is_hidden_counts_as_open_unless_the_environment_tells_it() -> None:
    files = topology(grant(acl("x", "READ", "topic:a")))
    assert risks(one(plan(files, Recording(broker=HIDDEN), Settings(broker_defaults={SETTING: "false"})))) == []
    change = one(plan(files, Recording(broker=HIDDEN)))
    assert change.risks[0].sentence == (
        "the first ACL there, and the broker may allow everyone where there is no ACL "
        "(it hides allow.everyone.if.no.acl.found): all others lose access"
    )


def test_the_last_acl_of_a_resource_blocks_on_an_open_broker() -> None:
    old = acl("x", "READ", "topic:a")
    cluster = Recording(acls={old, acl("x", "READ", "topic:b")}, broker=OPEN)
    keep = topology(grant(acl("x", "READ", "topic:b")))
    made = plan(keep, cluster, Settings(prune=frozenset({"acls"})), base=topology(grant(old)))
    assert risks(one(made)) == [("last-acl", True)]


def test_the_first_acl_on_the_cluster_may_lock_the_run_out() -> None:
    change = one(plan(topology(grant(acl("x", "DESCRIBE", "cluster"))), Recording(broker=OPEN)))
    assert risks(change) == [("first-acl", True), ("self-lockout", True)]


@pytest.mark.parametrize(
    ("operation", "resource", "sentence"),
    [
        ("ALTER", "cluster", "User:x can create and delete every ACL, give itself every right too"),
        ("ALTER_CONFIGS", "cluster", "User:x can change the configuration of all brokers"),
        ("CLUSTER_ACTION", "cluster", "User:x can act as a broker, read and write every topic too"),
        ("ALL", "cluster", "User:x can do everything on the cluster, give itself every right too"),
        ("CREATE", "cluster", "User:x can create every topic, also outside `manage.topics`"),
        ("CREATE_TOKENS", "user:User:admin", "User:x can log in as User:admin, with a delegation token"),
        ("ALL", "user:*", "User:x can log in as any user, with a delegation token"),
        ("CREATE_TOKENS", "user:User:a*", "User:x can log in as any User:a*, with a delegation token"),
    ],
)
@pytest.mark.parametrize(
    "scopes",
    [(), (scope(cluster=("ALL",), principals=("*",)),), (scope(topics=("a*",), cluster=("ALL",), principals=("*",)),)],
)
def test_a_right_of_an_administrator_blocks_whatever_the_scope(
    operation: str, resource: str, sentence: str, scopes: tuple[Scope, ...]
) -> None:
    files = topology(grant(acl("x", operation, resource)))
    assert [tuple(risk) for risk in one(plan(files, Recording(), Settings(scopes=scopes))).risks] == [
        ("cluster-admin", sentence, True)
    ]


def test_nobody_is_an_administrator_by_other_rights_on_the_cluster_or_a_denial() -> None:
    harmless = [acl("x", name, "cluster") for name in ("DESCRIBE", "DESCRIBE_CONFIGS", "IDEMPOTENT_WRITE")]
    harmless += [
        acl("x", "ALL", "delegation_token:*"),
        acl("x", "DESCRIBE_TOKENS", "user:*"),
        acl("x", "ALL", "topic:a"),
    ]
    assert [risks(change) for change in plan(topology(grant(*harmless)), Recording()).changes] == [[]] * 6
    denial = acl("x", "ALTER", "cluster", permission="DENY")
    assert risks(one(plan(topology(grant(denial)), Recording()))) == [("deny-added", True)]


def test_topics_may_be_created_by_a_connector_and_where_all_topics_are_the_repositorys() -> None:
    create = acl("x", "CREATE", "cluster")
    everything = Settings(scopes=(scope(topics=("*",), cluster=("CREATE",)),))
    assert risks(one(plan(topology(grant(create)), Recording(), everything))) == []
    connector = grant(create)._replace(role="connector")
    assert risks(one(plan(topology(connector), Recording()))) == []
    assert risks(one(plan(topology(grant(create), connector), Recording()))) == []
    other = grant(create)._replace(role="batch")
    assert risks(one(plan(topology(other), Recording()))) == [("cluster-admin", True)]


def test_taking_away_a_denial_of_an_administrators_right_blocks() -> None:
    denial, kept = acl("x", "ALTER", "cluster", permission="DENY"), acl("x", "READ", "topic:a")
    cluster = Recording(acls={denial, kept}, broker=CLOSED)
    settings = Settings(prune=frozenset({"acls"}))
    made = plan(topology(grant(kept)), cluster, settings, base=topology(grant(denial, kept)))
    assert [risk.sentence for risk in one(made).risks] == [
        "User:x is no longer denied to create and delete every ACL, give itself every right too"
    ]


OWN = "User:ci, which this run logs in as, loses its rights on {}: give it its own ACLs first"


@pytest.mark.parametrize(
    ("resource", "topics", "lost"),
    [
        ("topic:*", (), "all topics"),
        ("topic:*", ("na.p.a", "na.p.b"), "topic na.p.a, topic na.p.b"),
        ("topic:na.*", ("na.p.a", "other"), "topic na.p.a"),
        ("topic:na.*", ("other",), None),
        ("topic:na.p.a", ("na.p.a",), "topic na.p.a"),
        ("topic:na.p", ("na.p.a",), None),
        ("group:*", (), "all consumer groups"),
        ("group:g", (), None),
        ("cluster", (), "the cluster"),
        ("transactional_id:*", ("na.p.a",), None),
    ],
)
def test_a_first_acl_on_what_the_run_needs_may_lock_it_out(
    resource: str, topics: tuple[str, ...], lost: str | None
) -> None:
    binding = acl("monitor", "DESCRIBE", resource)
    live = {name: topic(1, 1) for name in topics}
    files = topology(*(declared(name, topic(1, 1)) for name in topics), grant(binding))

    def told(**facts: Any) -> list[str]:
        settings = Settings(broker_defaults=facts.pop("defaults", {}))
        change = one(plan(facts.pop("files", files), Recording(topics=live, **{"broker": OPEN, **facts}), settings))
        return [risk.sentence for risk in change.risks if risk.name == "self-lockout"]

    assert told() == ([OWN.format(lost)] if lost else [])
    assert told(broker=HIDDEN) == told()
    assert told(broker=CLOSED) == []
    assert told(principal=None) == []
    assert told(defaults={"super.users": "User:admin; User:ci"}) == []


@pytest.mark.parametrize("owner", ["ci", "*"])
@pytest.mark.parametrize("made", [False, True])
def test_nobody_is_locked_out_who_has_a_right_there(owner: str, made: bool) -> None:
    for resource, own in (
        ("topic:*", "topic:na.*"), ("topic:na.*", "topic:na.p.a"), ("topic:na.p.a", "topic:na.*"), ("group:*", "group:*"),
        ("cluster", "cluster"),
    ):  # fmt: skip
        mine, other = acl(owner, "READ", own), acl("monitor", "DESCRIBE", resource)
        files = topology(declared("na.p.a", topic(1, 1)), grant(other), *([grant(mine)] if made else []))
        cluster = Recording(topics={"na.p.a": topic(1, 1)}, acls=set() if made else {mine}, broker=OPEN)
        changes = {change.after: risks(change) for change in plan(files, cluster).changes}
        assert ("self-lockout", True) not in changes[other]
    refused = acl("ci", "READ", "topic:na.*", permission="DENY")
    files = topology(declared("na.p.a", topic(1, 1)), grant(acl("monitor", "DESCRIBE", "topic:*")))
    cluster = Recording(topics={"na.p.a": topic(1, 1)}, acls={refused}, broker=OPEN)
    assert risks(one(plan(files, cluster))) == [("first-acl", True)]  # it had no right there before


def test_the_rights_of_the_run_itself_are_never_revoked() -> None:
    own = acl("ci", "ALTER", "cluster")
    keep = topology(grant(acl("x", "READ", "topic:a")))
    cluster = Recording(acls={own, acl("x", "READ", "topic:a")}, broker=CLOSED)
    made = plan(keep, cluster, Settings(prune=frozenset({"acls"})), base=topology(grant(own)))
    assert made.changes == ()
    assert [(entry.key.name, entry.reason) for entry in made.nevers] == [
        ("User:ci may ALTER cluster", "it is a right of User:ci, which this run logs in as")
    ]


def test_bindings_outside_manage_are_left_alone() -> None:
    old = acl("x", "READ", "topic:other")
    cluster = Recording(acls={old}, broker=CLOSED)
    settings = Settings(prune=frozenset({"acls"}), scopes=(scope(topics=("acme.*",)),))
    keep = topology(declared("acme.a", topic()), grant(acl("x", "READ", "topic:acme.a")))
    made = plan(keep, cluster, settings, base=topology(grant(old)))
    assert [change.action for change in made.changes] == ["create", "create"]


@pytest.mark.parametrize("there", [{}, {"old": topic(3, 1)}, {"old": topic(6, 1)}])
def test_a_topic_outside_manage_is_no_change_whatever_the_cluster_has(there: dict[str, Topic]) -> None:
    files = topology(declared("old", topic(6, 1), line=4), declared("new.a", topic(1, 1)))
    cluster = Recording(topics=there)
    made = plan(files, cluster, Settings(scopes=(scope(), SCOPE)))
    assert [str(change.key) for change in made.changes] == ["topic new.a"]
    assert [tuple(map(str, entry)) for entry in made.nevers] == [
        ("topic old", "it is not in `manage.topics` of policy.yaml:1 (new.*)", "t.yaml:4")
    ]


def test_bindings_outside_manage_are_no_changes() -> None:
    own = scope(topics=("new.*",), groups=("g",), transactional_ids=(), principals=("User:x", "User:ci"))
    ours = acl("x", "READ", "topic:new.*")
    others = [acl("y", "ALTER", "cluster"), *(acl("x", "READ", at) for at in ("topic:ne*", "group:*"))]
    files = topology(
        grant(ours), *(grant(other, line=7) for other in (*others, acl("x", "WRITE", "transactional_id:t")))
    )
    made = plan(files, Recording(broker=CLOSED), Settings(scopes=(own,)))
    assert [change.after for change in made.changes] == [ours]
    assert [tuple(map(str, entry)) for entry in made.nevers] == [
        ("acl User:x may READ group *", "it is not in `manage.groups` (g)", "t.yaml:7"),
        ("acl User:x may READ topic ne*", "it is not in `manage.topics` (new.*)", "t.yaml:7"),
        ("acl User:x may WRITE transactional id t", "it is not in `manage.transactional_ids` (none)", "t.yaml:7"),
        ("acl User:y may ALTER cluster", "`User:y` is not in `manage.principals` (User:x, User:ci)", "t.yaml:7"),
    ]


def test_a_grant_that_is_not_made_saves_nobody_from_a_lockout() -> None:
    scopes = (scope(principals=("User:x",), cluster=("ALL",)),)
    files = topology(grant(acl("x", "DESCRIBE", "cluster")), grant(acl("ci", "DESCRIBE", "cluster")))
    made = plan(files, Recording(broker=OPEN), Settings(scopes=scopes))
    assert risks(one(made)) == [("first-acl", True), ("self-lockout", True)]


def test_what_leaves_the_files_outside_manage_refuses_nothing() -> None:
    base = topology(declared("old", topic(1, 1)), grant(acl("x", "READ", "topic:old")))
    settings = Settings(prune=frozenset({"topics", "acls"}), scopes=(SCOPE,))
    cluster = Recording(topics={"old": topic(1, 1)}, acls={acl("x", "READ", "topic:old")})
    made = plan(topology(declared("new.a", topic(1, 1))), cluster, settings, base=base)
    assert ([str(change.key) for change in made.changes], made.nevers) == (["topic new.a"], ())


def revoke(*acls: Acl) -> Topology:
    """Files that give User:kept a right and state the removal of these bindings in line 9."""
    kept = grant(acl("kept", "READ", "topic:a"))
    return topology(kept)._replace(acl_removals=(AclRemoval(acls, "made by hand", node(line=9)),))


HAND = (acl("x", "ALTER", "cluster"), acl("y", "READ", "topic:*"), acl("y", "READ", "topic:*", permission="DENY"))


@pytest.mark.parametrize("settings", [Settings(), PRUNE])
def test_a_stated_removal_takes_exactly_these_bindings_without_prune_or_base(settings: Settings) -> None:
    near = (acl("x", "ALTER", "cluster", host="h"), acl("y", "READ", "topic:a"), acl("y", "READ", "topic:a*"))
    cluster = Recording(acls={*HAND, *near, acl("kept", "READ", "topic:a")}, broker=CLOSED)
    made = plan(revoke(*HAND, acl("z", "READ", "topic:gone")), cluster, settings)
    assert {change.before for change in made.changes} == set(HAND)
    assert {(change.because, str(change.origin), change.pending) for change in made.changes} == {
        ("made by hand", "t.yaml:9", False)
    }
    assert made.others == {"acls": tuple(sorted(map(str, near)))}


def test_a_stated_removal_was_pending_where_the_base_stated_it() -> None:
    cluster = Recording(acls={*HAND, acl("kept", "READ", "topic:a")}, broker=CLOSED)
    base = revoke(HAND[0])
    made = plan(revoke(*HAND), cluster, base=base)
    assert {change.before: change.pending for change in made.changes} == {
        HAND[0]: True, HAND[1]: False, HAND[2]: False
    }  # fmt: skip
    only = make(Wish(revoke(*HAND), base, only_change=True), Settings(), cluster)
    assert {change.before for change in only.changes} == set(HAND[1:])
    assert make(Wish(base, base, only_change=True), Settings(), cluster).changes == ()


def test_a_stated_removal_holds_to_manage_and_to_the_rights_of_the_run() -> None:
    own = acl("ci", "DESCRIBE", "cluster")
    cluster = Recording(acls={*HAND, own, acl("kept", "READ", "topic:a")}, broker=CLOSED)
    managed = scope(principals=("User:x", "User:ci", "User:kept"), cluster=("ALTER", "DESCRIBE"))
    made = plan(revoke(*HAND, own), cluster, Settings(scopes=(managed,)))
    assert [change.before for change in made.changes] == [HAND[0]]
    assert [(entry.key.name, entry.reason) for entry in made.nevers] == [
        (str(HAND[1]), "`User:y` is not in `manage.principals` (User:x, User:ci, User:kept)"),
        (str(HAND[2]), "`User:y` is not in `manage.principals` (User:x, User:ci, User:kept)"),
        (str(own), "it is a right of User:ci, which this run logs in as"),
    ]


def test_a_stated_removal_has_the_risks_of_any_removal_and_counts_for_the_limits() -> None:
    cluster = Recording(acls={HAND[0], acl("kept", "READ", "topic:a")}, broker=CLOSED)
    made = plan(revoke(HAND[0]), cluster)
    assert risks(one(made)) == [("last-grant", True)]
    found = refusals(made, Limits({"acls": 0}), consent(["last-grant"], []))
    assert [refusal.way for refusal in found] == ["--max-deletes acls=1"]


def test_only_one_kind_is_looked_at() -> None:
    cluster = Recording()
    files = topology(declared("a", topic()), grant(acl("x", "READ", "topic:a")))
    made = make(Wish(files, kinds=frozenset({"topics"})), Settings(), cluster)
    assert [change.key.kind for change in made.changes] == ["topic"]
    assert "list_acls" not in cluster.calls


def test_portions_stay_below_the_controllers_record_limit() -> None:
    wide = Change(topic_key("a"), None, topic(4000, 1))
    assert [len(chunk) for chunk in topic_steps.chunks([wide] * 5)] == [2, 2, 1]
    thin = Change(topic_key("a"), None, topic(3, 1, a="1", b="2", c="3"))
    assert [len(chunk) for chunk in topic_steps.chunks([thin] * 1200)] == [1000, 200]


def test_a_plan_tells_the_change_from_what_was_pending() -> None:
    base = topology(declared("drifted", topic(1, 1, retention_ms=WEEK)), declared("edited", topic(1, 1)))
    files = topology(declared("drifted", topic(1, 1, retention_ms=WEEK)), declared("edited", topic(2, 1)))
    cluster = Recording(topics={"drifted": topic(1, 1, retention_ms=DAY), "edited": topic(1, 1)})
    made = plan(files, cluster, base=base)
    assert {change.key.name: change.pending for change in made.changes} == {"drifted": True, "edited": False}


def test_a_move_that_ends_between_two_reads_is_no_difference() -> None:
    cluster = Recording(topics={"a": topic(1, 6), "b": topic(1, 2)})

    def ended() -> frozenset[str]:
        cluster.topics["a"] = topic(1, 3)
        return frozenset()

    cluster.reassigning = ended  # type: ignore[method-assign]
    made = plan(topology(declared("a", topic(1, 3)), declared("b", topic(1, 3))), cluster)
    said = "replication 2 -> 3: moving replicas is not part of an apply"
    assert cluster.calls.count("describe_topics 1") == 2  # of b, which really differs
    assert (made.changes, [(entry.key.name, entry.reason) for entry in made.unsupported]) == ((), [("b", said)])


def test_who_may_not_ask_takes_unequal_numbers_of_replicas_for_a_move() -> None:
    cluster = Recording(topics={"a": topic(2, 4), "b": topic(2, 4)}, moving=None, uneven={"a"})
    made = plan(topology(declared("a", topic(2, 3)), declared("b", topic(2, 3))), cluster)
    assert [entry.key.name for entry in made.unsupported] == ["b"]


def test_only_the_change_reads_and_plans_what_the_change_touches() -> None:
    names = [f"n{number}" for number in range(50)]
    base = topology(*(declared(name, topic(1, 1)) for name in names), grant(acl("x", "READ", "topic:n1")))
    files = topology(
        *(declared(name, topic(2 if name == "n7" else 1, 1)) for name in names), grant(acl("x", "READ", "topic:n1"))
    )
    cluster = Recording(topics={name: topic(1, 1, retention_ms=DAY) for name in names})
    made = make(Wish(files, base, only_change=True), Settings(), cluster)
    assert [change.key.name for change in made.changes] == ["n7"]
    assert made.left_alone == {}
    reads = ["describe_topics 1", "topic_configs 1", "reassigning"]
    assert cluster.calls == [*reads, "ask create_partitions n7", "ask alter_configs n7"]
    assert (made.whole, plan(files, cluster, base=base).whole) == (False, True)


def test_only_the_change_plans_its_bindings_and_removals() -> None:
    kept, new, old = (acl(name, "READ", "topic:a") for name in ("kept", "new", "old"))
    base = topology(declared("a", topic()), grant(kept), grant(old), removal("earlier"))
    files = topology(declared("a", topic()), grant(kept), grant(new), removal("earlier"), removal("now"))
    cluster = Recording(topics={"now": topic(1, 1), "earlier": topic(1, 1)}, acls={old, acl("old", "READ", "topic:b")})
    made = make(Wish(files, base, only_change=True), Settings(prune=frozenset({"acls"})), cluster)
    assert [(change.action, change.key.name) for change in made.changes] == [
        ("delete", "now"),
        ("create", "User:new may READ topic a"),
        ("delete", "User:old may READ topic a"),
    ]


def test_what_takes_over_from_resets_is_asked_once() -> None:
    names = [f"n{number}" for number in range(20)]
    asked = []

    class Counting(Recording):
        def topic_defaults(self, names: Sequence[str], keys: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
            asked.append(len(names))
            return super().topic_defaults(names, keys)

    cluster = Counting(topics={name: topic(1, 1, segment_ms="1") for name in names})
    assert len(plan(topology(*(declared(name, topic(1, 1)) for name in names)), cluster).changes) == 20
    assert asked == [20]

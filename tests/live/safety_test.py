"""Each blocking risk, each brake and each never on a real broker: the refusal, its sentence, and the way through."""

import subprocess
from pathlib import Path

import pytest
from desk import Desk, topology
from making import acl

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


@pytest.fixture
def desk(tmp_path: Path, kafka: Sandbox) -> Desk:
    return Desk(tmp_path, ["-X", f"bootstrap.servers={kafka.bootstrap}"])


@pytest.fixture
def open_desk(tmp_path: Path, open_kafka: Sandbox) -> Desk:
    return Desk(tmp_path, ["-X", f"bootstrap.servers={open_kafka.bootstrap}"])


def produce(kafka: Sandbox, topic: str, number: int = 3) -> None:
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": kafka.bootstrap})
    for index in range(number):
        producer.produce(topic, str(index).encode())
    assert producer.flush(10) == 0


def commit(home: Path) -> None:
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    if not (home / ".git").exists():
        subprocess.run([*git, "init", "-q"], cwd=home, check=True)
    subprocess.run([*git, "add", "-A"], cwd=home, check=True)
    subprocess.run([*git, "commit", "-q", "-m", "x"], cwd=home, check=True)


def blocked(desk: Desk, sentence: str, way: str, *words: str) -> None:
    """The plan is refused with a sentence and an option, also when applied; with the option it passes and converges."""
    for command in (["plan"], ["apply", "--yes"]):
        result = desk.run(*command, *words)
        assert result.code == 4, result
        assert sentence in result.out + result.err, result
        assert way in result.out + result.err, result
    desk.ok("apply", "--yes", *way.replace("'", "").split(" ", 1), *words)
    base = [word for word in words if word != "t.yaml"]
    assert "No changes." in desk.ok("plan", "--exit-code", *base, *(["t.yaml"] if "t.yaml" in words else []))


def test_a_shorter_retention(desk: Desk, prefix: str) -> None:
    desk.write("t.yaml", topology(prefix, "a retention.ms=604800000"))
    desk.ok("apply", "t.yaml", "--yes")
    desk.write("t.yaml", topology(prefix, "a retention.ms=86400000"))
    sentence = "604800000 (7 days) -> 86400000 (1 day): records older than 1 day are deleted; none is that old now"
    blocked(desk, sentence, f"--accept retention-shrink:{prefix}a", "t.yaml")


def test_a_shorter_retention_by_a_reset(desk: Desk, prefix: str) -> None:
    desk.write("t.yaml", topology(prefix, "a retention.ms=-1"))
    desk.ok("apply", "t.yaml", "--yes")
    desk.write("t.yaml", topology(prefix, "a"))
    sentence = "-1 (no limit) -> 604800000 (7 days): records older than 7 days are deleted; none is that old now"
    blocked(desk, sentence, f"--accept retention-shrink:{prefix}a", "t.yaml")


def test_another_cleanup_policy(desk: Desk, prefix: str) -> None:
    desk.write("t.yaml", topology(prefix, "a"))
    desk.ok("apply", "t.yaml", "--yes")
    desk.write("t.yaml", topology(prefix, "a cleanup.policy=compact"))
    sentence = "delete -> compact: only the last record of each key is kept, and records without a key are refused"
    blocked(desk, sentence, f"--accept cleanup-policy:{prefix}a", "t.yaml")


@pytest.mark.parametrize(
    ("config", "keyed", "sentence"),
    [
        ("cleanup.policy=compact", "", "the topic is compacted: new records of a key go to another partition"),
        (
            "retention.ms=1000",
            "  keyed: true",
            "the topic is declared keyed: new records of a key go to another partition",
        ),
    ],
)
def test_more_partitions_where_keys_matter(desk: Desk, prefix: str, config: str, keyed: str, sentence: str) -> None:
    desk.write("t.yaml", topology(prefix, f"a num.partitions=1 {config}", extra=keyed))
    desk.ok("apply", "t.yaml", "--yes")
    desk.write("t.yaml", topology(prefix, f"a num.partitions=2 {config}", extra=keyed))
    blocked(desk, sentence, f"--accept key-order:{prefix}a", "t.yaml")


def test_deleting_a_topic_that_holds_records(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    desk.write("t.yaml", topology(prefix, "a", "empty"))
    desk.ok("apply", "t.yaml", "--yes")
    produce(kafka, f"{prefix}a")
    removed = "\n".join(f"- {{topic: {prefix}{name}, because: done}}" for name in ("a", "empty"))
    desk.write("t.yaml", topology("", extra=f"removed:\n{removed}\n"))
    blocked(desk, "its records are lost: up to ", f"--accept topic-delete:{prefix}a", "t.yaml")


def test_deleting_a_topic_that_is_being_read(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    from confluent_kafka import Consumer

    desk.write("t.yaml", topology(prefix, "a"))
    desk.ok("apply", "t.yaml", "--yes")
    settings = {"bootstrap.servers": kafka.bootstrap, "group.id": f"{prefix}readers", "auto.offset.reset": "earliest"}
    consumer = Consumer(settings)
    try:
        consumer.subscribe([f"{prefix}a"])
        while not consumer.assignment():
            consumer.poll(0.2)
        desk.write("t.yaml", topology("", extra=f"removed:\n- {{topic: {prefix}a, because: done}}\n"))
        sentence = f"it holds no records; read by {prefix}readers (1 member)"
        result = desk.run("plan", "t.yaml")
        assert result.code == 4
        assert sentence in result.out
    finally:
        consumer.close()


def acls(*items: str) -> str:
    return "acls:\n" + "".join(f"- {{{item}}}\n" for item in items)


def test_a_new_deny(desk: Desk, prefix: str) -> None:
    allow = f'principals: ["User:bob"], allow: [READ], topics: [{prefix}a]'
    deny = f'principals: ["User:bob"], deny: [WRITE], topics: [{prefix}a]'
    desk.write("t.yaml", topology("", extra=acls(allow)))
    desk.ok("apply", "t.yaml", "--yes")
    desk.write("t.yaml", topology("", extra=acls(allow, deny)))
    way = f"--accept 'deny-added:User:bob must not WRITE topic {prefix}a'"
    blocked(desk, "User:bob loses WRITE there, whatever else is granted", way, "t.yaml")


def test_the_last_grant_of_a_principal(desk: Desk, prefix: str) -> None:
    who = prefix.rstrip(".")
    gone = f'principals: ["User:{who}"], allow: [READ], topics: [{prefix}a]'
    kept = f'principals: ["User:bob"], allow: [READ], topics: [{prefix}a]'
    desk.write("topologies/t.yaml", topology("", extra=acls(gone, kept)))
    desk.ok("apply", "--yes")
    commit(desk.home)
    desk.write("topologies/t.yaml", topology("", extra=acls(kept)))
    sentence = f"User:{who} has no other right on this cluster"
    way = f"--accept 'last-grant:User:{who} may READ topic {prefix}a'"
    blocked(desk, sentence, way, "--base", "HEAD", "--prune", "acls")


def test_the_first_acl_where_the_broker_allows_everyone(open_desk: Desk, prefix: str) -> None:
    rule = f'principals: ["User:bob"], allow: [READ], topics: [{prefix}a]'
    open_desk.write("t.yaml", topology("", extra=acls(rule)))
    way = f"--accept 'first-acl:User:bob may READ topic {prefix}a'"
    blocked(open_desk, "the first ACL there, and the broker", way, "t.yaml")


def test_the_last_acl_where_the_broker_allows_everyone(open_desk: Desk, prefix: str) -> None:
    gone = f'principals: ["User:bob"], allow: [READ], topics: [{prefix}a]'
    kept = f'principals: ["User:bob"], allow: [READ], topics: [{prefix}b]'
    open_desk.write("topologies/t.yaml", topology("", extra=acls(gone, kept)))
    open_desk.ok("apply", "--yes", "--accept", "first-acl")
    commit(open_desk.home)
    open_desk.write("topologies/t.yaml", topology("", extra=acls(kept)))
    way = f"--accept 'last-acl:User:bob may READ topic {prefix}a'"
    blocked(open_desk, "the last ACL there, and the broker", way, "--base", "HEAD", "--prune", "acls")


def test_a_first_acl_that_locks_the_run_out(tmp_path: Path, open_desk: Desk, open_kafka: Sandbox, prefix: str) -> None:
    """Who is no super user loses its own topics to the first ACL on their prefix, unless it has one too."""
    dave = Desk(
        tmp_path, [word for key, value in open_kafka.client("dave").items() for word in ("-X", f"{key}={value}")]
    )
    lock = f'principals: ["User:monitor"], allow: [DESCRIBE], topics: ["{prefix}*"]'
    own = f'principals: ["User:dave"], allow: [ALL], topics: ["{prefix}*"]'
    dave.write("t.yaml", topology(prefix, "a"))
    dave.ok("apply", "t.yaml", "--yes")
    dave.write("t.yaml", topology(prefix, "a", extra=acls(lock)))
    result = dave.run("plan", "t.yaml")
    assert result.code == 4, result
    said = f"User:dave, which this run logs in as, loses its rights on topic {prefix}a: give it its own ACLs first"
    assert f"self-lockout  acl   User:monitor may DESCRIBE topic {prefix}*  {said}" in result.out
    assert dave.run("apply", "t.yaml", "--yes", "--accept", "first-acl").code == 4
    dave.write("t.yaml", topology(prefix, "a", extra=acls(lock, own)))
    assert "self-lockout" not in dave.run("plan", "t.yaml").out
    dave.write("t.yaml", topology(prefix, "a", extra=acls(lock)))
    way = ["--accept", "first-acl", "--accept", "self-lockout"]
    open_desk.ok("apply", "t.yaml", "--yes", *way)  # a super user, which no broker tells
    result = dave.run("plan", "t.yaml", "--only", "topics")
    assert (result.code, f"User:dave may not describe topic {prefix}a" in result.err) == (1, True), result


def test_a_right_that_leaves_the_files_and_stays(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    kept = f'principals: ["User:{prefix}app"], allow: [READ], topics: [{prefix}a]'
    gone = f'principals: ["User:{prefix}app"], allow: [READ], topics: [{prefix}b]'
    desk.write("topologies/t.yaml", topology("", extra=acls(kept, gone)))
    desk.ok("apply", "--yes")
    commit(desk.home)
    desk.write("topologies/t.yaml", topology("", extra=acls(kept)))
    said = "1 right that this change takes out of the files stays on the cluster, because `prune` names no acls:"
    line = f"  acl   User:{prefix}app may READ topic {prefix}b  topologies/t.yaml:"
    for words in (["plan"], ["apply", "--yes"], ["plan", "--only-change"]):
        out = desk.ok(*words, "--base", "HEAD")
        assert f"{said}\n{line}" in out, out
    assert f"  acl   User:{prefix}app may READ topic {prefix}b" in desk.ok("drift", "-v")
    desk.ok("apply", "--yes", "--base", "HEAD", "--prune", "acls")
    with open_cluster({"bootstrap.servers": kafka.bootstrap}, timeout=30) as cluster:
        assert [str(one) for one in cluster.list_acls() if one.principal == f"User:{prefix}app"] == [
            f"User:{prefix}app may READ topic {prefix}a"
        ]


def test_a_right_that_somebody_made_by_hand_is_removed_by_a_statement(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    """Exactly this one: without prune or a base, with its reason, and harmless once it is gone."""
    hand = acl("intern", "WRITE", f"topic:{prefix}*")
    near = (hand._replace(pattern_type="LITERAL"), hand._replace(operation="READ"), hand._replace(host="10.0.0.1"))
    kept = f'principals: ["User:bob"], allow: [READ], topics: [{prefix}a]'
    item = (
        f'- acl: {{principals: ["User:intern"], allow: [WRITE], topics: ["{prefix}*"]}}\n  because: by hand, OPS-113\n'
    )
    with open_cluster({"bootstrap.servers": kafka.bootstrap}, timeout=30) as cluster:
        cluster.create_acls([hand, *near])
        desk.write("t.yaml", topology("", extra=f"{acls(kept)}removed:\n{item}"))
        plan = desk.ok("plan", "t.yaml")
        assert f"  - acl   User:intern may WRITE topic {prefix}*" in plan
        assert "because: by hand, OPS-113" in plan
        desk.ok("apply", "t.yaml", "--yes")
        assert {one for one in cluster.list_acls() if one.principal == "User:intern"} == set(near)
    assert "No changes." in desk.ok("plan", "t.yaml")


def test_a_deny_that_locks_the_run_out(tmp_path: Path, desk: Desk, kafka: Sandbox, prefix: str) -> None:
    rights = 'principals: ["User:dave"], allow: [ALTER, DESCRIBE, DESCRIBE_CONFIGS], cluster: true'
    desk.write("t.yaml", topology("", extra=acls(rights)))
    desk.ok("apply", "t.yaml", "--yes", "--accept", "cluster-admin")
    dave = Desk(tmp_path, [word for key, value in kafka.client("dave").items() for word in ("-X", f"{key}={value}")])
    deny = f'principals: ["User:*"], deny: [WRITE], topics: [{prefix}a]'
    dave.write("t.yaml", topology("", extra=acls(deny)))
    result = dave.run("plan", "t.yaml")
    assert result.code == 4
    assert "it also denies User:dave, which this run logs in as" in result.out
    assert "--accept 'self-lockout:User:* must not WRITE topic" in result.out
    dave.ok("apply", "t.yaml", "--yes", "--accept", "self-lockout", "--accept", "deny-added")


def test_the_runs_own_rights_are_never_revoked(tmp_path: Path, desk: Desk, kafka: Sandbox, prefix: str) -> None:
    own = 'principals: ["User:reporting"], allow: [ALTER, DESCRIBE, DESCRIBE_CONFIGS], cluster: true'
    kept = f'principals: ["User:bob"], allow: [READ], topics: [{prefix}a]'
    desk.write("topologies/t.yaml", topology("", extra=acls(own, kept)))
    desk.ok("apply", "--yes", "--accept", "cluster-admin")
    commit(desk.home)
    desk.write("topologies/t.yaml", topology("", extra=acls(kept)))
    options = [word for key, value in kafka.client("reporting").items() for word in ("-X", f"{key}={value}")]
    result = Desk(tmp_path, options).run(
        "apply", "--yes", "--base", "HEAD", "--prune", "acls", "--accept", "last-grant"
    )
    assert result.code == 4
    assert "it is a right of User:reporting, which this run logs in as" in result.err
    assert "No changes." in Desk(tmp_path, options).ok("plan")


def test_too_many_deletions(desk: Desk, prefix: str) -> None:
    names = [f"n{number}" for number in range(12)]
    desk.write("t.yaml", topology(prefix, *names))
    desk.ok("apply", "t.yaml", "--yes")
    removed = "".join(f"- {{topic: {prefix}{name}, because: done}}\n" for name in names)
    desk.write("t.yaml", topology("", extra=f"removed:\n{removed}"))
    blocked(desk, "12 topics would be deleted (limit 10, `limits.topics`)", "--max-deletes topics=12", "t.yaml")


def test_too_large_a_share_of_deletions(desk: Desk, prefix: str) -> None:
    names = [f"n{number}" for number in range(20)]
    desk.write("topologies/t.yaml", topology(prefix, *names))
    desk.ok("apply", "--yes")
    commit(desk.home)
    desk.write("topologies/t.yaml", topology(prefix, *names[7:]))
    sentence = "7 of 20 declared topics would be deleted (35 %, limit 30 %, `limits.percent`)"
    blocked(desk, sentence, "--max-deletes topics=7", "--base", "HEAD", "--prune", "topics")


def test_an_internal_topic_is_never_deleted(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    test_group = prefix.rstrip(".")
    from confluent_kafka import Consumer

    desk.write("t.yaml", topology(prefix, "a"))
    desk.ok("apply", "t.yaml", "--yes")
    consumer = Consumer({"bootstrap.servers": kafka.bootstrap, "group.id": test_group})
    consumer.subscribe([f"{prefix}a"])
    while not consumer.assignment():
        consumer.poll(0.2)
    consumer.close()
    desk.write("t.yaml", topology("", extra="removed:\n- {topic: __consumer_offsets, because: oops}\n"))
    result = desk.run("apply", "t.yaml", "--yes", "--accept", "topic-delete", "--max-deletes", "topics=9")
    assert result.code == 4
    assert "topic __consumer_offsets may not be touched: it is internal to Kafka and never deleted" in result.err


def test_a_protected_topic_is_never_deleted(desk: Desk, prefix: str) -> None:
    desk.write("topologies/t.yaml", topology(prefix, "a"))
    desk.write("kafka-gitops.yaml", f'protect: {{topics: ["{prefix}*"]}}\n')
    desk.ok("apply", "--yes")
    desk.write("topologies/t.yaml", topology("", extra=f"removed:\n- {{topic: {prefix}a, because: done}}\n"))
    result = desk.run("apply", "--yes")
    assert result.code == 4
    assert "it is protected (`protect` in the settings) and never deleted" in result.err
    desk.write("kafka-gitops.yaml", "protect: {topics: []}\n")
    desk.ok("apply", "--yes")


def test_a_topic_that_its_file_protects_needs_two_changes(desk: Desk, prefix: str) -> None:
    desk.write("topologies/t.yaml", topology(prefix, "a", extra="  protected: true"))
    desk.ok("apply", "--yes")
    commit(desk.home)
    desk.write("topologies/t.yaml", topology("", extra=f"removed:\n- {{topic: {prefix}a, because: done}}\n"))
    result = desk.run("apply", "--yes", "--base", "HEAD")
    assert result.code == 4
    assert "the base commit declares it `protected: true`: take that away in a change of its own first" in result.err
    desk.write("topologies/t.yaml", topology(prefix, "a"))
    commit(desk.home)
    desk.write("topologies/t.yaml", topology("", extra=f"removed:\n- {{topic: {prefix}a, because: done}}\n"))
    desk.ok("apply", "--yes", "--base", "HEAD")


def test_what_is_outside_manage_is_never_touched(desk: Desk, prefix: str) -> None:
    desk.write("t.yaml", topology(prefix, "a"))
    desk.ok("apply", "t.yaml", "--yes")
    desk.write("kafka-gitops.yaml", 'manage: {topics: ["elsewhere.*"]}\n')
    desk.write("t.yaml", topology("", extra=f"removed:\n- {{topic: {prefix}a, because: done}}\n"))
    result = desk.run("apply", "t.yaml", "--yes")
    assert result.code in (1, 4)
    assert "outside" in result.err


def test_prune_needs_the_whole_topology(desk: Desk, prefix: str) -> None:
    desk.write("topologies/t.yaml", topology(prefix, "a"))
    desk.write("topologies/u.yaml", topology(prefix, "b"))
    commit(desk.home)
    result = desk.run("plan", "topologies/t.yaml", "--base", "HEAD", "--prune", "topics")
    assert result.code == 64
    assert "With prune the whole topology is read" in result.err


def test_prune_refuses_a_topology_that_is_read_in_part(desk: Desk, prefix: str) -> None:
    desk.write("topologies/t.yaml", topology(prefix, "a"))
    desk.write("topologies/more/u.yaml", topology(prefix, "b"))
    commit(desk.home)
    result = desk.run("plan", "--base", "HEAD", "--prune", "topics")
    assert result.code == 4
    assert "with prune the whole topology is read, and topologies/more is not" in result.err
    desk.ok("plan", "--base", "HEAD", "--prune", "topics", "--recursive")


def test_an_empty_desired_state_is_refused_with_prune(desk: Desk, prefix: str) -> None:
    desk.write("topologies/t.yaml", topology(prefix, "a"))
    desk.ok("apply", "--yes")
    commit(desk.home)
    desk.write("topologies/t.yaml", "context: c\nprojects: []\n")
    result = desk.run("apply", "--yes", "--base", "HEAD", "--prune", "topics")
    assert result.code == 4
    assert "the files declare nothing, and with prune that would remove everything" in result.err


def test_removing_a_consumer_revokes_its_rights_and_nothing_else(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    project = f"context: {prefix.rstrip('.')}\nprojects:\n- name: p\n  topics: [{{name: t}}]\n"
    both = "  consumers: [{principal: 'User:bob', group: g1}, {principal: 'User:alice', group: g2}]\n"
    one = "  consumers: [{principal: 'User:bob', group: g1}]\n"
    desk.write("topologies/t.yaml", project + both)
    desk.ok("apply", "--yes")
    foreign = f'principals: ["User:ci"], allow: [READ], topics: [{prefix}p.t]'
    other = Desk(desk.home / "other", desk.options)
    other.write("t.yaml", topology("", extra=acls(foreign)))
    other.ok("apply", "t.yaml", "--yes")
    (desk.home / "other" / "t.yaml").unlink()
    commit(desk.home)
    desk.write("topologies/t.yaml", project + one)
    out = desk.ok("apply", "--yes", "--base", "HEAD", "--prune", "acls", "--accept", "last-grant")
    assert "3 applied and verified" in out
    with open_cluster({"bootstrap.servers": kafka.bootstrap}, timeout=10) as cluster:
        left = sorted(
            str(acl) for acl in cluster.list_acls() if acl.name.startswith(prefix) or acl.name in ("g1", "g2")
        )
    assert left == [
        f"User:bob may DESCRIBE topic {prefix}p.t",
        f"User:bob may READ topic {prefix}p.t",
        "User:bob may READ group g1",
        f"User:ci may READ topic {prefix}p.t",
    ] or set(left) == {
        f"User:bob may DESCRIBE topic {prefix}p.t",
        f"User:bob may READ topic {prefix}p.t",
        "User:bob may READ group g1",
        f"User:ci may READ topic {prefix}p.t",
    }


def test_no_authorizer_is_told(tmp_path: Path, no_authorizer: Sandbox, prefix: str) -> None:
    desk = Desk(tmp_path, ["-X", f"bootstrap.servers={no_authorizer.bootstrap}"])
    desk.write("t.yaml", topology(prefix, "a", extra=acls('principals: ["User:bob"], allow: [READ], topics: [x]')))
    result = desk.run("plan", "t.yaml")
    assert result.code == 1
    assert "authorizer" in result.err
    assert "1 applied and verified" in desk.ok("apply", "t.yaml", "--yes", "--only", "topics")


def test_stale_foreign_and_edited_plans_are_refused(
    desk: Desk, kafka: Sandbox, open_kafka: Sandbox, prefix: str
) -> None:
    desk.write("t.yaml", topology(prefix, "a retention.ms=86400000"))
    desk.ok("apply", "t.yaml", "--yes")
    desk.write("t.yaml", topology(prefix, "a retention.ms=96400000"))
    desk.ok("plan", "t.yaml", "-o", "plan.json")
    with open_cluster({"bootstrap.servers": kafka.bootstrap}, timeout=10) as cluster:
        cluster.alter_configs({f"{prefix}a": {"retention.ms": "3600000"}})
    stale = desk.run("apply", "plan.json")
    assert stale.code == 3
    assert f"topic {prefix}a  retention.ms: planned from 86400000, now 3600000" in stale.err
    foreign = Desk(desk.home, ["-X", f"bootstrap.servers={open_kafka.bootstrap}"]).run("apply", "plan.json")
    assert foreign.code == 1
    assert f"This plan is for cluster {kafka.cluster_id}, this is cluster {open_kafka.cluster_id}." in foreign.err
    edited = (desk.home / "plan.json").read_text().replace("96400000", "1")
    desk.write("plan.json", edited)
    refused = desk.run("apply", "plan.json")
    assert refused.code == 1
    assert "plan.json was edited after it was made" in refused.err


def test_no_right_on_the_cluster_comes_past_a_policy(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    """Lint, the plan and the apply of a saved plan, with the waiver that silenced the only warning: nothing is granted."""
    scope = f'manage: {{topics: ["{prefix}*"], groups: ["{prefix}*"], principals: ["User:{prefix}*"]}}\n'
    desk.write("policy.yaml", scope)
    desk.write("kafka-gitops.yaml", scope)
    admin = (
        f'acls:\n# kafka-gitops: allow acl-operation-broad: batch\n- principals: ["User:{prefix}app"]\n'
        "  allow: [ALTER, CREATE, ALTER_CONFIGS, CLUSTER_ACTION, ALL]\n  cluster: true\n"
        f'- {{principals: ["User:{prefix}app"], allow: [CREATE_TOKENS], users: ["User:admin"]}}\n'
        f'- {{principals: ["User:{prefix}app"], allow: [DESCRIBE], delegation_tokens: ["*"]}}\n'
    )
    desk.write("t.yaml", topology(prefix, extra=admin))
    for words in (["lint"], ["plan"], ["apply", "--yes"]):
        found = desk.run(*words, "t.yaml", "--policy", "policy.yaml")
        assert (found.code, (found.out + found.err).count("outside-scope")) == (1, 3), found
    (desk.home / "kafka-gitops.yaml").unlink()
    plan = desk.run("plan", "t.yaml", "-o", "plan.json")
    assert plan.code == 4
    assert "risk cluster-admin on 6 resources is not accepted" in plan.err
    found = desk.run("apply", "plan.json", "--yes", "--policy", "policy.yaml", "--accept", "cluster-admin")
    assert found.code == 4, found
    assert "ALTER on the cluster is not in `manage.cluster` of policy.yaml:1 (not stated)" in found.err
    assert "`User:admin` is not in `manage.principals` of policy.yaml:1" in found.err
    with open_cluster({"bootstrap.servers": kafka.bootstrap}, timeout=30) as cluster:
        assert not [acl for acl in cluster.list_acls() if acl.principal == f"User:{prefix}app"]
    named = scope.replace("}", ", cluster: [alter]}")
    desk.write("policy.yaml", named)
    desk.write(
        "t.yaml",
        topology(
            prefix,
            extra=admin[: admin.index("- {")].replace("ALTER, CREATE, ALTER_CONFIGS, CLUSTER_ACTION, ALL", "ALTER"),
        ),
    )
    way = f"--accept 'cluster-admin:User:{prefix}app may ALTER cluster'"
    sentence = f"User:{prefix}app can create and delete every ACL, give itself every right too"
    blocked(desk, sentence, way, "t.yaml", "--policy", "policy.yaml")

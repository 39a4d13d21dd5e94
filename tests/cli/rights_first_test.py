"""The one far-reaching right of a long change stands at the top of the comment, the summary and the log."""

from dataclasses import replace
from pathlib import Path

import pytest
from desk import ONE_CLUSTER, Desk
from making import acl

from kafka_gitops.changes import Change, Origin, Risk
from kafka_gitops.ci import Context, Result, body
from kafka_gitops.model import Acl, acl_key, topic_key
from kafka_gitops.model import Topic as Spec
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent
from kafka_gitops.sandbox import Sandbox

HERE = Context("github", head="a" * 40)
TOPICS = 500
ADMIN = [acl("zzz", operation, "cluster") for operation in ("ALL", "ALTER", "ALTER_CONFIGS", "CLUSTER_ACTION")]
FAR = [
    *ADMIN,
    acl("zzz", "CREATE_TOKENS", "user:victim"),
    acl("zzz", "DESCRIBE", "delegation_token:x"),
    acl("*", "READ", "topic:t"),
    acl("ANONYMOUS", "READ", "topic:t"),
    acl("zzz", "WRITE", "topic:__consumer_offsets"),
    acl("zzz", "READ", "topic:*", pattern_type="LITERAL", name="*"),
    acl("zzz", "WRITE", "topic:x", pattern_type="PREFIXED", name=""),
    acl("zzz", "WRITE", "transactional_id:*", pattern_type="LITERAL", name="*"),
    acl("zzz", "DELETE", "group:*", pattern_type="LITERAL", name="*"),
    acl("zzz", "ALL", "topic:acme.*"),
    acl("zzz", "ALTER_CONFIGS", "topic:a*"),
    acl("zzz", "DELETE", "topic:acme.p1*"),
    acl("zzz", "READ", "topic:acme.p1.t", permission="DENY"),
]
NEXT = [
    acl("zzz", "DELETE", "topic:acme.p1.t"),
    acl("zzz", "CREATE", "cluster"),
    acl("zzz", "READ", "topic:acme.*"),
]


def gained(binding: Acl, path: str = "topologies/zz.yaml", *, pending: bool = False) -> Change:
    return Change(acl_key(binding), None, binding, (), Origin(path, 3, path), pending=pending)


def bulk() -> list[Change]:
    """500 topics with a consumer each, whose principals come first by name."""
    changes = []
    for number in range(TOPICS):
        name, path = f"acme.p{number}.t", f"topologies/p{number}.yaml"
        changes.append(Change(topic_key(name), None, Spec(1, 1, {}), (), Origin(path, 5, f"p{number}")))
        rights = ("READ", f"topic:{name}"), ("DESCRIBE", f"topic:{name}"), ("READ", f"group:g{number}")
        changes += [gained(acl(f"a{number:03}", operation, where), path) for operation, where in rights]
        changes.append(gained(acl(f"a{number:03}", "IDEMPOTENT_WRITE", "cluster"), path))
    return changes


def result(*more: Change, proposed: bool = True) -> Result:
    changes = (*bulk(), *more)
    made = Plan("prod", "cluster-1", changes=changes)
    return Result(
        "plan", "plan", plan=made, sizes={"topics": TOPICS, "acls": 4 * TOPICS}, consent=Consent(), proposed=proposed
    )


def before_any_fold(text: str) -> str:
    """What is seen of a comment without opening or scrolling."""
    return text.partition("<details")[0]


@pytest.mark.parametrize("binding", FAR, ids=str)
@pytest.mark.parametrize("pending", [False, True])
def test_a_far_reaching_right_stands_at_the_top_everywhere(binding: Acl, pending: bool) -> None:
    told = result(gained(binding, pending=pending), proposed=not pending)
    resource = str(binding._replace(permission="ALLOW")).removeprefix(f"{binding.principal} may ")
    for most in (body.COMMENT, body.SUMMARY):
        text = body.render(HERE, told, most=most)
        assert len(text.encode()) <= most
        assert f"| `{binding.principal}` | " in before_any_fold(text) and f"`{resource}`" in before_any_fold(text)
        assert "topologies/zz.yaml:3" in before_any_fold(text)
    first = body.log(told).splitlines()[:6]
    assert any(str(acl_key(binding).name) in line and "topologies/zz.yaml:3" in line for line in first), first


@pytest.mark.parametrize("binding", NEXT, ids=str)
def test_the_next_ones_come_before_all_that_name_one_resource(binding: Acl) -> None:
    told = result(gained(binding))
    assert f"`{str(binding).removeprefix('User:zzz may ')}`" in before_any_fold(body.render(HERE, told))
    assert any(str(binding) in line for line in body.log(told).splitlines()[:6])


def test_the_rule_of_the_cluster_is_hidden_by_no_crowd_of_lesser_rights() -> None:
    crowd = [gained(acl(f"b{number:04}", "ALL", "topic:*", name="*", pattern_type="LITERAL")) for number in range(3000)]
    denied = [gained(acl(f"c{number:04}", "READ", f"topic:t{number}", permission="DENY")) for number in range(3000)]
    told = result(*crowd, *denied, *map(gained, ADMIN))
    for most in (body.COMMENT, body.SUMMARY):
        text = body.render(HERE, told, most=most)
        assert len(text.encode()) <= most
        assert "| `User:zzz` | gains | `ALL, ALTER, ALTER_CONFIGS, CLUSTER_ACTION cluster` |" in text[:1000]
    assert "more rights: see the saved plan" in body.render(HERE, told)
    lines = body.log(told).splitlines()
    assert [line.rpartition("  ")[0].strip() for line in lines[4:8]] == [f"+ acl   {binding}" for binding in ADMIN]
    assert "more: --format json shows all" in "\n".join(lines)


def test_every_rule_of_the_cluster_is_in_the_log() -> None:
    every = [gained(acl(f"d{number:03}", "ALTER", "cluster")) for number in range(200)]
    text = body.log(result(*every))
    assert [change.key.name for change in every if change.key.name not in text] == []


def test_a_right_with_a_risk_stands_first_among_the_risks() -> None:
    first = Risk("first-acl", "the first ACL there: all others lose access", True)
    others = [replace(change, risks=(first,)) for change in bulk() if change.key.kind == "acl"]
    mine = replace(gained(ADMIN[1]), risks=(first,))
    made = Plan("prod", "cluster-1", changes=(*others, mine))
    told = Result("plan", "plan", plan=made, sizes={"topics": 1, "acls": 1}, consent=Consent(), proposed=True)
    assert "acl User:zzz may ALTER cluster" in body.render(HERE, told)[:600]
    lines = body.log(told).splitlines()
    assert lines[3:5] == [
        "Risks",
        "  ! first-acl  acl   User:zzz may ALTER cluster  the first ACL there: all others lose access",
    ]
    assert lines[6].startswith("  ! first-acl  2000 ACLs, first: ")


def test_a_denial_that_goes_is_a_right_that_comes() -> None:
    gone = replace(gained(acl("zzz", "READ", "topic:*", name="*", permission="DENY")), after=None)
    gone = replace(gone, before=acl("zzz", "READ", "topic:*", name="*", permission="DENY"))
    told = result(gone)
    assert "| `User:zzz` | is no longer denied | `READ topic *` |" in before_any_fold(body.render(HERE, told))
    assert any("- acl   User:zzz must not READ" in line for line in body.log(told).splitlines()[:6])


def test_a_few_rights_are_no_case_for_an_extra_table() -> None:
    few = [gained(binding) for binding in (acl("a", "READ", "topic:t"), acl("a", "READ", "group:*", name="*"))]
    made = Plan("prod", "c", changes=tuple(few))
    told = Result("plan", "plan", plan=made, sizes={"topics": 1, "acls": 2}, consent=Consent())
    assert "look at first" not in body.render(HERE, told) + body.log(told)


@pytest.mark.kafka
def test_one_file_among_five_hundred_on_a_real_broker(
    tmp_path: Path, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    for number in range(TOPICS):
        who = f"    consumers: [{{principal: 'User:a{number}', group: g{number}}}]\n"
        text = f"context: {prefix[:-1]}\nprojects:\n- name: p{number}\n  topics:\n  - name: t\n{who}"
        desk.write(f"topologies/p{number}.yaml", text)
    grants = (
        "{principals: ['User:zzz'], allow: [ALTER], cluster: true}",
        "{principals: ['User:zzy'], allow: [DELETE], topics: ['acme.*']}",
    )
    desk.write("topologies/zz.yaml", f"context: {prefix[:-1]}\nprojects: []\nacls:\n- {grants[0]}\n- {grants[1]}\n")
    desk.write("kafka-gitops.yaml", ONE_CLUSTER.replace("127.0.0.1:9", kafka.sasl_bootstrap))
    monkeypatch.setenv("PASSWORD", kafka.admin_password)
    result = desk.run("ci", "plan", "topologies", "--fail-on", "never")
    assert "Plan for" in result.out, (result.code, result.out[-1500:], result.err[-1500:])
    log = result.out[result.out.index("Plan for") :].splitlines()
    summary = (desk.home / "kafka-gitops-reports" / "summary.md").read_text(encoding="utf-8")
    top = summary[summary.index("### Plan for") :].partition("<details")[0]
    for right, place in (("ALTER cluster", 4), ("DELETE topic acme.*", 5)):
        assert right in top and f"topologies/zz.yaml:{place}" in top, (right, top)
        assert any(right in line for line in log[:12]), (right, log[:12])
    assert len(summary.encode()) <= body.COMMENT and "500 topics and 1,502 ACLs to create" in summary

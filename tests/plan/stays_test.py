"""What a change takes out of the files and an apply does not take from the cluster is never passed over in silence."""

import json
from pathlib import Path

import pytest
from acting import repository
from desk import ONE_CLUSTER, Desk
from hooking import git
from making import acl, topic
from recording import Recording, stand_in

READER = "- principals: [User:reporting]\n  allow: [READ, DESCRIBE]\n  topics: [acme.orders]\n"
FILE = f"""\
context: unused
special_topics:
- name: acme.orders
  config: {{num.partitions: "1", replication.factor: "1"}}
acls:
- {{principals: [User:reporting], allow: [READ], groups: [reporting]}}
{READER}"""
SENTENCE = "2 rights that this change takes out of the files stay on the cluster, because `prune` names no acls"


@pytest.fixture
def cluster() -> Recording:
    rights = {acl("reporting", name, "topic:acme.orders") for name in ("READ", "DESCRIBE")}
    mine = {acl("reporting", "READ", "group:reporting"), acl("hand", "READ", "topic:acme.orders")}
    return Recording(topics={"acme.orders": topic(1, 1), "acme.old": topic(1, 1)}, acls={*rights, *mine})


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: Recording) -> Desk:
    """A repository in which a change revokes two rights of three."""
    stand_in(monkeypatch, cluster)
    monkeypatch.setenv("PASSWORD", "secret-of-admin")
    made = Desk(tmp_path / "repo")
    repository(made.home, ONE_CLUSTER)
    made.write("topologies/a.yaml", FILE)
    git(made.home, "add", "-A")
    git(made.home, "commit", "-qm", "before")
    git(made.home, "checkout", "-qb", "change")
    made.write("topologies/a.yaml", FILE.replace(READER, ""))
    git(made.home, "commit", "-qam", "revoke")
    return made


def test_plan_with_a_base_names_them(desk: Desk) -> None:
    out = desk.ok("plan", "--base", "main")
    assert out.splitlines()[1:] == [
        f"{SENTENCE}:",
        "  acl   User:reporting may READ topic acme.orders  topologies/a.yaml:7",
        "  acl   User:reporting may DESCRIBE topic acme.orders  topologies/a.yaml:7",
        "Left alone (on the cluster, in no file): 1 topic, 3 ACLs",
    ]
    assert SENTENCE not in desk.ok("plan")


@pytest.mark.parametrize("words", [[], ["--only-change"]])
def test_the_comment_and_the_log_of_a_pipeline_name_them(desk: Desk, words: list[str]) -> None:
    ran = desk.run("ci", "plan", "--base", "main", *words)
    assert ran.code == 0, ran
    assert SENTENCE in ran.out
    summary = (desk.home / "kafka-gitops-reports" / "summary.md").read_text(encoding="utf-8")
    assert f"**{SENTENCE.split(',', maxsplit=1)[0]}**, because \\`prune\\` names no acls." in summary
    assert "`User:reporting may READ topic acme.orders` | `topologies/a.yaml:7` |" in summary
    plan = json.loads((desk.home / "kafka-gitops-reports" / "plan.json").read_text(encoding="utf-8"))
    assert [entry["name"] for entry in plan["stays"]] == [
        "User:reporting may READ topic acme.orders",
        "User:reporting may DESCRIBE topic acme.orders",
    ]


def test_lint_with_a_base_names_them(desk: Desk) -> None:
    found = desk.run("lint", "--base", "main", "--format", "concise").out
    said = (
        "warning change-right-stays 2 rights of User:reporting leave the files and stay on the cluster, because "
        "`prune` names no acls: may READ topic acme.orders, may DESCRIBE topic acme.orders"
    )
    assert said in found
    desk.write("kafka-gitops.yaml", f"prune: [acls]\n{ONE_CLUSTER}")
    found = desk.run("lint", "--base", "main", "--format", "concise").out
    assert "info change-right-revoked User:reporting loses 2 rights: may READ topic acme.orders" in found
    assert "change-right-stays" not in found


def test_with_prune_they_go(desk: Desk, cluster: Recording) -> None:
    desk.ok("apply", "--base", "main", "--prune", "acls", "--yes")
    assert cluster.acls == {acl("reporting", "READ", "group:reporting"), acl("hand", "READ", "topic:acme.orders")}


NAMES = [
    "  topic acme.old",
    "  acl   User:hand may READ topic acme.orders",
    "  acl   User:reporting may DESCRIBE topic acme.orders",
    "  acl   User:reporting may READ topic acme.orders",
]


@pytest.mark.parametrize("words", [["drift"], ["plan", "-v"], ["-v", "plan"], ["ci", "drift"]])
def test_what_nobody_declares_is_listed_by_name(desk: Desk, words: list[str]) -> None:
    out = desk.ok(*words)
    assert "Left alone (on the cluster, in no file): 1 topic, 3 ACLs\n" + "\n".join(NAMES) in out


@pytest.mark.parametrize("words", [["drift"], ["ci", "drift"], ["plan"]])
def test_only_a_plan_without_a_base_says_that_nothing_is_pruned(desk: Desk, words: list[str]) -> None:
    desk.write("kafka-gitops.yaml", f"prune: [acls]\n{ONE_CLUSTER}")
    assert ("nothing is pruned" in desk.run(*words).err) is (words == ["plan"])


def test_only_what_is_inside_manage_is_listed(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", f'manage: {{topics: ["acme.*"], principals: ["User:reporting"]}}\n{ONE_CLUSTER}')
    out = desk.ok("drift")
    assert "1 topic, 2 ACLs\n" + "\n".join([NAMES[0], *NAMES[2:]]) in out
    assert "User:hand" not in out


def test_json_names_it_and_a_report_of_drift_folds_it(desk: Desk) -> None:
    told = json.loads(desk.ok("drift", "--format", "json", "--report", "markdown=drift.md"))
    assert told["left_alone"] == {"topics": 1, "acls": 3}
    assert told["others"] == {"topics": ["acme.old"], "acls": [line.removeprefix("  acl   ") for line in NAMES[1:]]}
    assert "* `acl User:hand may READ topic acme.orders`" in (desk.home / "drift.md").read_text(encoding="utf-8")
    assert "User:hand" not in desk.ok("plan")


def test_many_names_are_cut_and_counted(desk: Desk, cluster: Recording) -> None:
    cluster.topics.update({f"more.{number:04}": topic(1, 1) for number in range(1200)})
    out = desk.ok("drift")
    assert "  topic more.0048\n  and 1,151 more: -v shows all\n" in out
    assert "  topic more.1199\n" in desk.ok("drift", "-v")
    told = json.loads(desk.ok("plan", "--format", "json"))
    assert (told["left_alone"]["topics"], len(told["others"]["topics"])) == (1201, 1000)


def test_a_change_of_a_right_that_stays_is_worth_a_comment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is spared the sentence because the plan is empty."""
    from kafka_gitops.changes import Unsupported
    from kafka_gitops.ci import Result, body
    from kafka_gitops.model import Key
    from kafka_gitops.plan.make import Plan

    stays = (Unsupported(Key("acl", "User:a may READ topic t"), "`prune` names no acls"),)
    assert body.silent(Result("plan", plan=Plan("prod", "c")))
    assert not body.silent(Result("plan", plan=Plan("prod", "c", stays=stays)))

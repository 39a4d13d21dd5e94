"""The brokers are asked in the plan: what they refuse is not tried, and the run that wants it fails."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk
from hooking import git
from jsonschema import Draft202012Validator
from judging import BASE, NEW, Site, cluster, new, site
from making import acl, declared, grant, removal, topic, topology
from recording import Recording, stand_in

from kafka_gitops.changes import Refused
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Topology
from kafka_gitops.plan import file as plan_file
from kafka_gitops.plan.apply import run
from kafka_gitops.plan.apply_schema import document
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.settings import Settings

__all__ = ["cluster", "site"]
POLICY = Problem("POLICY_VIOLATION", "at most 4 partitions here")
LACKS = Problem("TOPIC_AUTHORIZATION_FAILED", "User:ci lacks Create on the topic", help="Grant Create:\n  kafka-acls x")


def planned(cluster: Recording, *parts: object, base: Topology | None = None) -> Plan:
    return make(Wish(topology(*parts), base), Settings(), cluster)  # type: ignore[arg-type]


def said(plan: Plan) -> list[tuple[str, str, str, bool]]:
    return [(str(e.key), e.reason, str(e.origin), isinstance(e, Refused)) for e in plan.unsupported]


def test_what_the_brokers_refuse_stands_with_our_place_and_their_words() -> None:
    cluster = Recording(topics={"old": topic(1, 1)}, refuses={"new": POLICY, "old": Problem("INVALID_CONFIG", "no x")})
    plan = planned(
        cluster,
        declared("new", topic(6, 1), line=4),
        declared("good", topic(1, 1), line=6),
        declared("old", topic(1, 1, x="1"), line=8),
    )
    assert said(plan) == [
        ("topic new", "the brokers refuse it: POLICY_VIOLATION: at most 4 partitions here", "t.yaml:4", True),
        ("topic old", "the brokers refuse it: INVALID_CONFIG: no x", "t.yaml:8", True),
    ]
    assert [change.key.name for change in plan.changes] == ["good"]
    assert cluster.calls[-2:] == ["ask create_topics good,new", "ask alter_configs old"]
    assert set(cluster.topics) == {"old"}


def test_growth_and_configs_of_a_topic_are_asked_together() -> None:
    cluster = Recording(topics={"a": topic(1, 1)}, refuses={"a": POLICY})
    plan = planned(cluster, declared("a", topic(3, 1, retention_ms="5")))
    assert [entry.reason for entry in plan.unsupported] == [f"the brokers refuse it: {POLICY}"]
    assert (plan.changes, cluster.calls[-2:]) == ((), ["ask create_partitions a", "ask alter_configs a"])


def test_partitions_that_are_there_already_are_no_refusal() -> None:
    """Another broker's metadata may be older than the controller's, for instance after a run that died."""
    there = Problem("INVALID_PARTITIONS", "Topic already has 3 partition(s).")
    cluster = Recording(topics={"a": topic(1, 1)}, refuses={("create_partitions", "a"): there})
    plan = planned(cluster, declared("a", topic(3, 1)))
    assert (said(plan), [change.key.name for change in plan.changes]) == ([], ["a"])


def test_a_refusal_counts_beside_a_missing_right_and_all_missing_rights_are_told() -> None:
    grow = Problem("TOPIC_AUTHORIZATION_FAILED", "lacks Alter", help="Grant Alter")
    edit = Problem("TOPIC_AUTHORIZATION_FAILED", "lacks AlterConfigs", help="Grant AlterConfigs")
    refuses: dict[object, Problem] = {("create_partitions", "a"): grow, ("alter_configs", "a"): POLICY}
    cluster = Recording(topics={"a": topic(1, 1)}, refuses=refuses)
    wanted = declared("a", topic(3, 1, retention_ms="5"))
    assert (said(planned(cluster, wanted))[0][1], planned(cluster, wanted).notes) == (
        f"the brokers refuse it: {POLICY}",
        (),
    )
    refuses[("alter_configs", "a")] = edit
    (note,) = planned(cluster, wanted).notes
    assert note.splitlines()[1:] == ["Grant Alter", "Grant AlterConfigs"]


def test_a_plan_without_changes_asks_nothing() -> None:
    cluster = Recording(topics={"a": topic(1, 1)})
    planned(cluster, declared("a", topic(1, 1)))
    assert not [call for call in cluster.calls if call.startswith("ask")]


def test_many_topics_are_asked_in_portions() -> None:
    cluster = Recording()
    planned(cluster, *(declared(f"n{number:04}", topic(1, 1)) for number in range(1_500)))
    assert [call.count(",") + 1 for call in cluster.calls if call.startswith("ask")] == [1_000, 500]


def test_a_missing_right_is_no_refusal_but_a_note_with_the_grant() -> None:
    cluster = Recording(refuses={"a": LACKS, "b": LACKS})
    plan = planned(cluster, declared("a", topic(1, 1)), declared("b", topic(1, 1)))
    assert ([change.key.name for change in plan.changes], plan.unsupported) == (["a", "b"], ())
    assert plan.notes == (
        "The brokers could not be asked about topic a, topic b (TOPIC_AUTHORIZATION_FAILED: User:ci lacks Create on the "
        "topic): what they refuse shows only when it is applied.\nGrant Create:\n  kafka-acls x",
    )
    assert plan_file.loads(plan_file.dumps(plan), "p.json") == replace(plan, notes=())  # it names no principal


@pytest.mark.parametrize("code", ["REQUEST_TIMED_OUT", "NETWORK_EXCEPTION", "THROTTLING_QUOTA_EXCEEDED"])
def test_no_answer_is_no_refusal(code: str) -> None:
    plan = planned(Recording(refuses={"a": Problem(code, "")}), declared("a", topic(1, 1)))
    assert (len(plan.changes), plan.unsupported) == (1, ())
    assert plan.notes == (
        f"The brokers gave no clear answer about topic a ({code}): what they refuse shows only when it is applied.",
    )


def test_more_replicas_than_brokers_are_known_without_the_right_to_ask() -> None:
    plan = planned(Recording(refuses={"a": LACKS}, brokers=2), declared("a", topic(1, 3)))
    assert [entry.reason for entry in plan.unsupported] == ["replication factor 3: the cluster has 2 brokers"]


def test_names_that_collide_are_known_without_asking() -> None:
    cluster = Recording(topics={"a.b": topic(1, 1), "_x.y": topic(1, 1)}, internal={"_x.y"})
    names = ("a.b", "a_b", "c.d", "c_d", "_x_y", "a.bc")
    plan = planned(cluster, *(declared(name, topic(1, 1)) for name in names))
    same = 'Kafka takes "." and "_" for the same in metrics'
    assert [(entry.key.name, entry.reason) for entry in plan.unsupported] == [
        ("_x_y", f'its name collides with "_x.y": {same}'),
        ("a_b", f'its name collides with "a.b": {same}'),
        ("c_d", f'its name collides with "c.d": {same}'),
    ]
    assert [change.key.name for change in plan.changes] == ["a.bc", "c.d"]


def test_a_refused_plan_comes_back_from_its_file() -> None:
    plan = planned(Recording(refuses={"a": POLICY}), declared("a", topic(6, 1)))
    again = plan_file.loads(plan_file.dumps(plan), "p.json")
    assert [type(entry) for entry in again.unsupported] == [Refused]
    assert '"refused": true' in plan_file.dumps(plan)
    few = planned(Recording(topics={"a": topic(6, 1)}), declared("a", topic(1, 1)))
    assert "refused" not in plan_file.dumps(few)


def test_a_refused_topic_gets_no_acls_and_nothing_is_removed_beside_it() -> None:
    cluster = Recording(topics={"old": topic(1, 1)}, refuses={"new": POLICY}, broker={})
    plan = planned(
        cluster,
        declared("new", topic(6, 1)),
        grant(acl("x", "READ", "topic:new")),
        grant(acl("x", "READ", "group:g")),
        removal("old"),
    )
    assert plan.notes == (
        "1 ACL of refused topics: an apply leaves them out",
        "an apply removes nothing while the brokers refuse a part of the plan",
    )
    outcomes = {one.change.key.name: (one.status, one.detail) for one in run(plan, cluster, settings=Settings())}
    assert outcomes == {
        "User:x may READ topic new": ("skipped", "topic new is refused by the brokers"),
        "User:x may READ group g": ("done", None),
        "old": ("skipped", "nothing is removed when an addition failed"),
    }


FILE = "context: unused\nspecial_topics:\n- {name: bad, config: {num.partitions: '6', replication.factor: '1'}}\n"
GOOD = "- {name: good, config: {num.partitions: '1', replication.factor: '1'}}\n"
REFUSED = "x topic bad  the brokers refuse it: POLICY_VIOLATION: at most 4 partitions here (t.yaml:3)"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    stand_in(monkeypatch, Recording(refuses={"bad": POLICY}))
    made = Desk(tmp_path, ["-X", "bootstrap.servers=127.0.0.1:9"])
    made.write("t.yaml", FILE)
    return made


@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize(
    ("text", "code", "counts"), [(FILE, 1, "0 applied"), (FILE + GOOD, 6, "1 applied and verified")]
)
def test_an_apply_of_what_is_refused_never_ends_with_0(
    desk: Desk, text: str, code: int, counts: str, saved: bool
) -> None:
    desk.write("t.yaml", text)
    assert REFUSED in desk.ok("plan", "t.yaml", "-o", "plan.json")
    words = ("plan.json",) if saved else ("t.yaml", "--yes")
    result = desk.run("apply", *words)
    assert (result.code, counts in result.out) == (code, True)
    assert f"  {REFUSED.replace('the brokers', 'not tried: the brokers')}\n" in result.out
    assert desk.run("apply", *words).code == 1  # all else is done


def test_the_json_of_an_apply_names_what_is_refused(desk: Desk) -> None:
    told = json.loads(desk.run("apply", "t.yaml", "--yes", "--format", "json").out)
    reason = "the brokers refuse it: POLICY_VIOLATION: at most 4 partitions here"
    assert list(Draft202012Validator(document()).iter_errors(told)) == []
    assert told["refused"] == [{"kind": "topic", "name": "bad", "reason": reason}]


def test_ci_plan_fails_and_ci_apply_too(desk: Desk) -> None:
    desk.write("t.yaml", FILE + GOOD)
    made = desk.run("ci", "plan", "t.yaml")
    assert (made.code, REFUSED in made.out) == (1, True)
    assert "The brokers refuse 1 change of this plan: topic bad." in made.err
    assert desk.run("ci", "apply", "t.yaml", "--yes").code == 6
    assert desk.run("ci", "apply", "t.yaml", "--yes").code == 1


def test_a_refused_change_needs_a_person_and_fails(site: Site, cluster: Recording) -> None:
    cluster.refuses["acme.new"] = POLICY
    result = site.judge(("topologies/a.yaml", new()))
    assert result.code == 1
    assert [why for why in site.reasons() if "acme.new" in why] == [
        "topic acme.new cannot be brought to what the files say: the brokers refuse it: "
        "POLICY_VIOLATION: at most 4 partitions here"
    ]


def test_what_the_target_wants_in_vain_fails_no_other_change(
    site: Site, cluster: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.refuses["acme.new"] = POLICY
    site.begin(("topologies/a.yaml", new()))
    other = NEW.replace("acme.new", "acme.other").replace("CONFIG", "")
    site.commit(("topologies/a.yaml", BASE + NEW.replace("CONFIG", "") + other))
    for name, value in {"GITLAB_CI": "true", "CI_MERGE_REQUEST_IID": "7", "CI_PROJECT_ID": "1"}.items():
        monkeypatch.setenv(name, value)
    git(site.home, "update-ref", "refs/remotes/origin/main", "main")
    for name in ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_DEFAULT_BRANCH"):
        monkeypatch.setenv(name, "main")
    monkeypatch.setenv("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "1")
    result = site.run("ci", "plan", "--base", "main")
    assert "x topic acme.new  the brokers refuse it" in result.out
    assert result.code == 0, result

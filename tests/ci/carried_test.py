"""What was merged since the last apply by approved change requests carries that approval, and nothing else does."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from desk import Desk, Result
from forge import Answer, forge
from ledgered import CONFIG, Ledgered
from making import topic
from memory_log import MemoryLog
from merging import Repo
from recording import stand_in

from kafka_gitops.ci import merges
from kafka_gitops.ci.approvals import User
from kafka_gitops.ci.merges import Merge, Told
from kafka_gitops.cli import clock
from kafka_gitops.cli.pipeline import merged
from kafka_gitops.clients.http import ApiError
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.ledger import state

FILE, OTHER = "topologies/a.yaml", "topologies/b.yaml"
ANNA = User("anna", "1")
IGNORED = "kafka-gitops-*\nplan.json\nout/\n"
NEW = '\n- {name: acme.new, config: {num.partitions: "1", replication.factor: "1"}}'
BEFORE = topic(1, 1, **{"retention.ms": "70000"})
AFTER = topic(1, 1, **{"retention.ms": "80000"})


def files(retention: int | None, *, right: bool = False, more: str = "") -> str:
    """A topic, perhaps; a right, perhaps."""
    text = "context: unused\nspecial_topics:"
    if retention is not None:
        config = f'{{num.partitions: "1", replication.factor: "1", retention.ms: "{retention}"}}'
        text += f"\n- {{name: acme.orders, config: {config}}}"
    text += more or ("" if retention is not None else " []")
    return text + ("\nacls:\n- {principals: [User:x], allow: [READ], topics: [acme.orders]}" if right else "") + "\n"


class Case(NamedTuple):
    """A repository whose first commit is applied, the plan of which is approved, and what a platform says."""

    repo: Repo
    cluster: Ledgered
    said: dict[str, Told]

    @property
    def desk(self) -> Desk:
        return self.repo.desk

    def push(self, retention: int | None, **more: object) -> str:
        """A commit on the main branch."""
        return self.repo.commit("edit", **{FILE: files(retention, **more)})  # type: ignore[arg-type]

    def branch(self, retention: int | None, name: str = "change") -> str:
        """A commit on a branch; the main branch is as it was."""
        self.repo.git("checkout", "-q", "-B", name)
        found = self.push(retention)
        self.repo.git("checkout", "-q", "main")
        return found

    def approve(self, commit: str, number: int = 12, head: str = "f" * 40) -> str:
        """The platform says that a commit is of a change request that somebody approved."""
        self.said[commit] = Merge(f"#{number}", (ANNA,), frozenset([head]))
        return commit

    def apply(self, approved: str = "plan.json") -> Result:
        return self.desk.run("ci", "apply", "--merged", "--approved", approved, "--reports", "out")


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    cluster = Ledgered(MemoryLog())
    stand_in(monkeypatch, cluster)
    repo = Repo(Desk(tmp_path))
    config = CONFIG.format(mode="required").replace("owner: acme", "owner: acme\nprune: [topics, acls]")
    begin = {"kafka-gitops.yaml": config, ".gitignore": IGNORED, FILE: files(70000)}
    repo.commit("Begin", **begin)
    repo.desk.ok("apply", "--yes")
    repo.desk.ok("plan", "-o", "plan.json")
    made = Case(repo, cluster, {})

    def asking(*_: object) -> merges.Ask:
        return lambda commit: made.said.get(commit, merges._NONE)

    monkeypatch.setattr(merges, "asking", asking)
    return made


Do = Callable[[Case], object]


def merge(case: Case, *, approved: bool = True) -> None:
    head = case.branch(80000)
    made = case.repo.merge("change", "Merge")
    if approved:
        case.approve(made, head=head)


def squash(case: Case) -> None:
    case.branch(80000)
    case.approve(case.push(80000))


def rebase(case: Case) -> None:
    case.approve(case.push(75000))
    case.approve(case.push(80000))


def revert(case: Case) -> None:
    case.approve(case.push(60000), 11)
    case.approve(case.push(80000), 12)


CARRIED: Mapping[str, Do] = {
    "a merge": merge,
    "a squash": squash,
    "a rebase of two commits": rebase,
    "a change, and another one on top": revert,
}


@pytest.mark.parametrize("name", CARRIED)
def test_what_was_approved_is_applied(case: Case, name: str) -> None:
    CARRIED[name](case)
    ran = case.apply()
    assert ran.code == 0, ran.out + ran.err
    assert case.cluster.topics["acme.orders"] == AFTER
    assert re.search(r"1 change comes with (a change request|change requests) that (was|were) approved: #1", ran.out)


def unapproved(case: Case) -> None:
    case.said[case.push(80000)] = "#12 was approved by nobody else than who wrote it"


def drifted(case: Case) -> None:
    case.approve(case.push(80000))
    case.cluster.topics["acme.orders"] = topic(1, 1, **{"retention.ms": "60000"})


def drift_beside(case: Case) -> None:
    case.approve(case.push(80000))
    case.cluster.topics["acme.orders"] = topic(1, 1, **{"retention.ms": "70000", "compression.type": "gzip"})


def half_pushed(case: Case) -> None:
    case.approve(case.push(75000))
    case.push(80000)


def between(case: Case) -> None:
    case.approve(case.push(75000), 11)
    case.push(90000)
    case.approve(case.push(80000), 12)


def taken_back(case: Case) -> None:
    case.approve(case.push(80000), 11)
    case.approve(case.push(70000), 12)
    case.cluster.topics["acme.orders"] = topic(1, 1, **{"retention.ms": "60000"})


def edited_merge(case: Case) -> None:
    head = case.branch(75000)
    case.repo.git("merge", "-q", "--no-ff", "--no-commit", "change")
    case.approve(case.push(80000), head=head)


def merge_that_undoes(case: Case) -> None:
    """The branch left before the retention was shorter and did not touch it: the merge takes the branch's anyhow."""
    case.repo.git("checkout", "-q", "-b", "change")
    head = case.repo.commit("aside", **{"README.md": "hello\n"})
    case.repo.git("checkout", "-q", "main")
    case.push(60000)
    case.desk.ok("apply", "--yes", "--accept", "retention-shrink")
    case.desk.ok("plan", "-o", "plan.json")
    case.repo.git("merge", "-q", "--no-ff", "--no-commit", "change")
    case.approve(case.push(70000), head=head)


def on_top_of_a_push(case: Case) -> None:
    """Somebody pushed the branch, and a commit on top: the platform takes that for its merge."""
    head = case.push(75000)
    case.said[head] = Merge("#12", (ANNA,), frozenset([head]))
    case.approve(case.push(80000), head=head)


def config_pushed(case: Case) -> None:
    case.approve(case.push(80000))
    text = (case.desk.home / "kafka-gitops.yaml").read_text()
    case.repo.commit("config", **{"kafka-gitops.yaml": text.replace("prune: [topics, acls]", "prune: [topics]")})


def broken_between(case: Case) -> None:
    """A push that cannot be read, which the next commit mends."""
    case.repo.commit("broken", **{OTHER: files(None, right=True).replace("principals", "principles")})
    case.approve(case.push(80000), 11)
    case.approve(case.repo.commit("mended", **{OTHER: files(None)}), 12)


def let_go(case: Case, statement: str) -> None:
    text = files(None, more=NEW)
    released = "removed:\n- {topic: acme.orders, release: true}\n"
    case.approve(case.repo.commit("let go", **{FILE: f"{text}{released}"}))
    case.repo.commit("pushed", **{FILE: f"{text}{statement}"})


def hold_lifted(case: Case, *, approved: bool = False) -> None:
    until = (clock.now().date() + timedelta(days=3)).isoformat()
    held = files(70000).replace("acme.orders,", f"acme.orders, hold: {{until: {until}, reason: incident}},")
    case.approve(case.repo.commit("hold", **{FILE: held}))
    case.desk.ok("apply", "--yes")
    case.desk.ok("plan", "-o", "plan.json")
    case.approve(case.repo.commit("change", **{FILE: held.replace("70000", "80000")}))
    lifted = case.push(80000)
    if approved:
        case.approve(lifted)


def another_place(case: Case) -> None:
    """What was approved was in a place that did not count."""
    case.approve(case.repo.commit("beside", **{"topology.yaml": files(80000)}))
    case.repo.git("rm", "-qr", "topologies")
    case.repo.commit("pushed")


def link(case: Case) -> None:
    """What was approved is where a link leads to by now."""
    case.approve(case.repo.commit("beside", **{"other/a.yaml": files(80000)}))
    case.repo.git("rm", "-qr", "topologies")
    (case.desk.home / "topologies").symlink_to("other")
    case.repo.commit("pushed")


def beside(case: Case) -> None:
    squash(case)
    case.repo.commit("pushed", **{"README.md": "hello\n"})


PUSHED = "no change request brought it to this branch"
NOT: Mapping[str, tuple[Do, str]] = {
    "nobody approved": (lambda case: merge(case, approved=False), "no change request brought it to this branch"),
    "the author alone": (unapproved, "#12 was approved by nobody else than who wrote it"),
    "a push": (lambda case: case.push(80000), "no change request brought it to this branch"),
    "the cluster differs": (drifted, "the cluster does not have it as the files of the last apply do"),
    "the cluster differs beside": (drift_beside, "the cluster does not have it as the files of the last apply do"),
    "a push on top": (half_pushed, "no change request brought it to this branch"),
    "a push between": (between, "no change request brought it to this branch"),
    "twice, and taken back": (taken_back, "no commit since the last apply changed it, so the cluster did"),
    "a merge that was edited": (edited_merge, "it is not what was approved in #12"),
    "a merge that undoes": (merge_that_undoes, "it is not what was approved in #12"),
    "on top of what was pushed": (on_top_of_a_push, "it is not what was approved in #12"),
    "a commit that cannot be read": (broken_between, PUSHED),
    "a release becomes a deletion": (lambda case: let_go(case, "removed:\n- {topic: acme.orders}\n"), PUSHED),
    "a release is taken back": (lambda case: let_go(case, ""), PUSHED),
    "a hold is lifted": (hold_lifted, PUSHED),
    "another place": (another_place, PUSHED),
    "a link": (link, "topologies is a link or a submodule, so it is not certain which files counted"),
    "a hold is lifted by a request": (
        lambda case: hold_lifted(case, approved=True),
        "it was on hold otherwise at the last apply",
    ),
    "something else was pushed": (beside, PUSHED),
    "the config was pushed": (config_pushed, "no change request brought it to this branch"),
}


@pytest.mark.parametrize("name", NOT)
def test_what_was_not_approved_is_listed_with_the_reason(case: Case, name: str) -> None:
    do, why = NOT[name]
    do(case)
    before = dict(case.cluster.topics)
    ran = case.apply()
    assert ran.code == 3, ran.out + ran.err
    assert "the plan made now has changes that nobody approved: " in ran.err
    assert re.search(rf"^  .*{re.escape(why)}: (.*, )?(update|delete) topic acme.orders$", ran.err, re.M), ran.err
    assert dict(case.cluster.topics) == before


def test_a_creation_and_a_deletion_and_rights(case: Case) -> None:
    case.approve(case.push(None, more=NEW))
    case.approve(case.repo.commit("right", **{OTHER: files(None, right=True).replace("acme.orders", "acme.new")}), 9)
    ran = case.desk.run(
        "ci", "apply", "--merged", "--approved", "plan.json", "--accept", "topic-delete", "--reports", "out"
    )
    assert ran.code == 0, ran.out + ran.err
    assert sorted(case.cluster.topics) == ["acme.new"]
    assert len(case.cluster.acls) >= 1
    assert "3 changes come with change requests that were approved: #9 by anna, #12 by anna" in ran.out


def test_a_deletion_of_what_drifted_is_listed(case: Case) -> None:
    case.approve(case.push(None, more=NEW))
    case.cluster.topics["acme.orders"] = topic(1, 1, **{"retention.ms": "70000", "compression.type": "gzip"})
    ran = case.apply()
    assert ran.code == 3
    assert "the cluster does not have it as the files of the last apply do: delete topic acme.orders" in ran.err


def test_what_was_deleted_by_hand_is_not_made_anew(case: Case) -> None:
    case.approve(case.push(80000))
    del case.cluster.topics["acme.orders"]
    ran = case.apply()
    assert ran.code == 3
    assert "the cluster does not have it as the files of the last apply do: create topic acme.orders" in ran.err


def test_risks_hold_as_ever(case: Case) -> None:
    case.approve(case.push(60000))
    ran = case.apply()
    assert ran.code == 4, ran.out + ran.err
    assert "retention-shrink" in ran.err
    assert case.cluster.topics["acme.orders"] == BEFORE


def test_a_risk_must_be_in_an_approved_plan(case: Case) -> None:
    case.approve(case.push(60000))
    ran = case.desk.run(
        "ci", "apply", "--merged", "--approved", "plan.json", "--accept", "retention-shrink", "--reports", "out"
    )
    assert ran.code == 3, ran.out + ran.err
    assert "it has a risk (retention-shrink) that an approved plan must show: update topic acme.orders" in ran.err


def test_who_approved_a_part_is_not_said_to_have_approved_the_run(case: Case) -> None:
    case.repo.git("checkout", "-q", "-b", "aside")
    case.repo.commit("right", **{OTHER: files(None, right=True)})
    case.desk.ok("plan", "-o", "plan.json")
    case.repo.git("checkout", "-q", "main")
    case.approve(case.repo.commit("right", **{OTHER: files(None, right=True)}))
    case.approve(case.push(80000))
    ran = case.apply()
    assert ran.code == 0, ran.out + ran.err
    assert "1 change comes with a change request that was approved: #12 by anna" in ran.out
    found = state.read(case.cluster.ledger)
    assert found.owner is not None and found.owner.run is not None
    run = found.run(found.owner.run)
    assert run.approvers == ()
    assert run.notes == ("1 change comes with a change request that was approved: #12",)


@pytest.mark.parametrize("how", ["part", "dirty"])
def test_after_a_run_of_a_part_nothing_is_carried(case: Case, how: str) -> None:
    if how == "dirty":
        case.desk.write(FILE, files(70000) + "# a comment\n")
        case.desk.ok("apply", "--yes")
        case.repo.git("checkout", "-q", ".")
    squash(case)
    if how == "part":
        case.desk.ok("apply", "--yes", "--only", "topics")
        case.cluster.topics["acme.orders"] = BEFORE
    ran = case.apply()
    assert ran.code == 3, ran.out + ran.err
    assert "the last run was not of all files of the commit that counts as applied" in ran.err


def test_a_platform_that_takes_too_long(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merged, "SECONDS", -1.0)
    squash(case)
    ran = case.apply()
    assert ran.code == 3
    assert "the platform took longer than" in ran.err


def test_by_a_digest_all_must_come_with_their_approvals(case: Case) -> None:
    digest = json.loads((case.desk.home / "plan.json").read_text())["approval"]
    squash(case)
    assert case.apply(digest).code == 0
    case.approve(case.push(90000))
    case.repo.commit("pushed", **{OTHER: files(None, right=True)})
    ran = case.apply(digest)
    assert ran.code == 3
    assert ran.err.count("no change request brought it to this branch: ") == 1
    assert "with a change request" not in (case.desk.home / "out" / "summary.md").read_text()


def test_who_approved_is_recorded_and_in_the_history(case: Case) -> None:
    squash(case)
    assert case.apply().code == 0
    found = state.read(case.cluster.ledger)
    assert found.owner is not None and found.owner.run is not None
    people = found.run(found.owner.run).approvers
    assert [(one.name, one.source) for one in people] == [("anna", "platform API")]
    assert "approved by     anna: platform API" in case.desk.ok("history", "-e", "prod", "topic", "acme.orders")


@pytest.mark.parametrize(("mode", "told"), [("id", "#12 by 1"), ("none", "#12")])
def test_people_are_named_as_the_ledger_may(case: Case, mode: str, told: str) -> None:
    text = (case.desk.home / "kafka-gitops.yaml").read_text()
    named = text.replace("ledger: required", f"ledger: {{mode: required, actors: {mode}}}")
    case.approve(case.repo.commit("actors", **{"kafka-gitops.yaml": named}), 8)
    squash(case)
    ran = case.apply()
    assert ran.code == 0, ran.out + ran.err
    assert told in ran.out and "anna" not in ran.out
    found = state.read(case.cluster.ledger)
    assert found.owner is not None and found.owner.run is not None
    assert found.run(found.owner.run).approvers == ()  # of two requests


def test_where_the_platform_fails_nothing_is_carried_and_it_is_asked_once(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(commit: str) -> Told:
        asked.append(commit)
        raise ApiError("GET x: no answer")

    monkeypatch.setattr(merges, "asking", lambda *_: ask)
    case.push(80000)
    case.repo.commit("right", **{OTHER: files(None, right=True)})
    ran = case.apply()
    assert ran.code == 3
    assert ran.err.count("it is not known who approved it: GET x: no answer: ") == 1
    assert len(asked) == 1


def test_a_platform_that_tells_nobody(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    stand_in(monkeypatch, case.cluster)
    case.push(80000)
    ran = case.apply()
    assert ran.code == 3
    assert "this platform does not tell who approved a change request" in ran.err


def test_no_more_than_fifty_commits_are_asked_about(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merged, "MOST", 2)
    for retention in (71000, 72000, 80000):
        case.approve(case.push(retention))
    ran = case.apply()
    assert ran.code == 3
    assert "3 commits came since the last apply, and at most 2 are looked up" in ran.err


@pytest.mark.parametrize("how", ["same", "off", "unread", "elsewhere"])
def test_without_what_was_applied_last_it_is_as_ever(case: Case, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    if how == "same":
        case.cluster.topics["acme.orders"] = topic(1, 1, **{"retention.ms": "60000"})
    else:
        squash(case)
    config = (case.desk.home / "kafka-gitops.yaml").read_text()
    if how == "off":
        case.approve(
            case.repo.commit("off", **{"kafka-gitops.yaml": config.replace("ledger: required", "ledger: off")})
        )
    if how == "unread":
        case.approve(case.repo.commit("o", **{"kafka-gitops.yaml": config.replace("required", "optional")}))
        monkeypatch.setattr(MemoryLog, "bounds", _fails)
    if how == "elsewhere":
        monkeypatch.setattr("kafka_gitops.cli.remembered.bounded", _unknown(case))
    ran = case.apply()
    assert ran.code in (1, 3), ran.out + ran.err
    assert "come with" not in ran.out and "comes with" not in ran.out
    if how != "elsewhere":
        assert ran.code == 3
        help = "The files or the cluster changed since the approval. Look at the new plan and approve it.\n"
        assert ran.err.endswith(f"update topic acme.orders\n  {help}")


def _fails(*_: object) -> tuple[int, int]:
    raise KafkaGitopsError("no leader for 15 s")


def _unknown(case: Case) -> Callable[..., object]:
    def bounded(*args: object) -> object:
        found = state.bounded(case.cluster.ledger)
        assert found.owner is not None
        vars(found)["owner"] = replace(found.owner, commit="e" * 40)
        return found

    return bounded


@pytest.mark.parametrize("later", [False, True])
def test_gitlab_is_asked_by_its_token(case: Case, monkeypatch: pytest.MonkeyPatch, later: bool) -> None:
    monkeypatch.undo()
    stand_in(monkeypatch, case.cluster)
    commit = case.push(80000)
    request = {"iid": 5, "state": "merged", "target_branch": "main", "target_project_id": 42, "author": {"id": 2}}
    request |= {"merge_commit_sha": None, "squash_commit_sha": commit, "sha": "f" * 40}
    version = [{"created_at": f"2026-01-0{3 if later else 1}T00:00:00.000Z"}]
    approval = {"user": {"id": 1, "username": "anna"}, "approved_at": "2026-01-02T00:00:00.000Z"}
    answers = {"merge_requests": [request], "versions": version, "approvals": {"approved_by": [approval]}}
    with forge(lambda asked: Answer(body=answers.get(asked.path.rpartition("/")[2], []))) as hub:
        variables = {"GITLAB_CI": "true", "CI_API_V4_URL": hub.url, "CI_PROJECT_ID": "42", "CI_COMMIT_SHA": commit}
        variables |= {"CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main", "CI_PROJECT_PATH": "acme/streams"}
        for name, value in {**variables, "KAFKA_GITOPS_GITLAB_TOKEN": "secret-token"}.items():
            monkeypatch.setenv(name, value)
        ran = case.desk.run("ci", "apply", "--approved", "plan.json", "--reports", "out", "--no-comment")
        assert {one.headers["private-token"] for one in hub.asked} == {"secret-token"}
    assert ran.code == (3 if later else 0), ran.out + ran.err
    told = "!5 was approved before its last commit came" if later else "was approved: !5 by anna"
    assert told in ran.out + ran.err

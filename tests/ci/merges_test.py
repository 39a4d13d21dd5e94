"""By which change request a commit came, and who approved just that, as GitHub and GitLab tell it."""

from typing import Any

import pytest
from approvals_test import Api

from kafka_gitops.ci import Context
from kafka_gitops.ci.approvals import User
from kafka_gitops.ci.merges import Merge, asking, of_github, of_gitlab

PUSH = Context("github", head="c3", repository="acme/streams", target="main")
LAB = Context("gitlab", head="c3", repository="acme/streams", target="main")
ANNA, BEN, BOT = (
    {"login": name, "id": n, "type": of}
    for n, (name, of) in enumerate([("anna", "User"), ("ben", "User"), ("bot", "Bot")], 1)
)
LINE = {"c3": ("c2",), "c2": ("c1",), "c1": ("c0",)}  # newest first


def pull(**more: Any) -> dict[str, Any]:
    base = {"ref": "main", "repo": {"full_name": "acme/streams"}}
    usual = {"number": 7, "merged_at": "x", "merge_commit_sha": "c3", "base": base, "head": {"sha": "h2"}, "user": BEN}
    return {**usual, **more}


def review(user: Any, state: str = "APPROVED", commit: str = "h2", of: str = "MEMBER") -> dict[str, Any]:
    return {"user": user, "state": state, "author_association": of, "commit_id": commit}


def github(
    commit: str,
    pulls: list[Any],
    *reviews: Any,
    commits: int = 1,
    line: Any = LINE,
    writers: tuple[Any, ...] = (BEN,),
    events: tuple[str, ...] = (),
) -> object:
    wrote = [{"author": one, "committer": BEN} for one in writers]
    answers = {f"commits__{commit}__pulls": pulls, "pulls__7__reviews": [*reviews], "pulls__7": {"commits": commits}}
    answers |= {"pulls__7__commits": wrote, "issues__7__events": [{"event": one} for one in ("labeled", *events)]}
    api: Any = Api(**answers)
    return of_github(api, PUSH, line, commit)


MERGED = Merge("#7", (User("anna", "1"),), frozenset(["h2"]))
NONE = "no change request brought it to this branch"
ALONE = "#7 was approved by nobody else than who wrote it"
EARLY = "#7 was approved before its last commit came"
ASKED = "somebody asked for changes in #7"


@pytest.mark.parametrize(
    ("reviews", "told"),
    [
        ([review(ANNA)], MERGED),
        ([review(ANNA, "CHANGES_REQUESTED"), review(ANNA)], MERGED),
        ([review(ANNA), review(ANNA, "COMMENTED")], MERGED),
        ([], ALONE),
        ([review(BEN)], ALONE),
        ([review(BOT)], ALONE),
        ([review(ANNA, of="NONE")], ALONE),
        ([review(ANNA), review(ANNA, "DISMISSED")], ALONE),
        ([review(ANNA), review(ANNA, "CHANGES_REQUESTED")], ASKED),
        ([review(ANNA), review({"login": "cleo", "id": 4, "type": "User"}, "CHANGES_REQUESTED")], ASKED),
        ([review(ANNA, commit="h1")], EARLY),
    ],
)
def test_reviews_of_a_pull_request(reviews: list[Any], told: object) -> None:
    assert github("c3", [pull()], *reviews) == told


@pytest.mark.parametrize(
    "other",
    [
        {"merged_at": None},
        {"merge_commit_sha": "elsewhere"},
        {"base": {"ref": "dev", "repo": {"full_name": "acme/streams"}}},
        {"base": {"ref": "main", "repo": {"full_name": "stranger/streams"}}},
    ],
)
def test_a_pull_request_that_did_not_bring_it_here(other: dict[str, Any]) -> None:
    assert github("c3", [pull(**other)], review(ANNA)) == NONE
    assert github("c3", [], review(ANNA)) == NONE


def test_who_wrote_a_part_of_it_is_no_second_person() -> None:
    assert github("c3", [pull()], review(ANNA), writers=(BEN, ANNA)) == ALONE
    unknown = "it is not known who wrote all commits of #7"
    assert github("c3", [pull()], review(ANNA), writers=(BEN, None)) == unknown
    assert github("c3", [pull()], review(ANNA), writers=(BEN,) * 250) == unknown


def test_it_was_meant_for_another_branch() -> None:
    moved = github("c3", [pull()], review(ANNA), events=("base_ref_changed",))
    assert moved == "#7 was meant for another branch before"


def test_the_author_is_gone() -> None:
    assert github("c3", [pull(user=None)], review(ANNA)) == "the author of #7 is not known any more"


@pytest.mark.parametrize(("commits", "told"), [(3, MERGED), (2, NONE)])
def test_a_rebase_of_several_commits(commits: int, told: object) -> None:
    assert github("c1", [pull()], review(ANNA), commits=commits) == told


def test_a_commit_below_a_merge_is_none_of_its_rebase() -> None:
    assert github("c1", [pull()], review(ANNA), commits=9, line={**LINE, "c3": ("c2", "h2")}) == NONE


def gitlab(commit: str, *approved: Any, commits: tuple[str, ...] = (), **more: Any) -> object:
    found = {"iid": 5, "state": "merged", "target_branch": "main", "target_project_id": 42, "author": {"id": 2}}
    found |= {"merge_commit_sha": "c3", "squash_commit_sha": None, "sha": "h2", **more}
    versions = [{"created_at": "2026-01-01T10:00:00.000Z"}, {"created_at": "2026-01-02T10:00:00.000+02:00"}]
    answers = {f"commits__{commit}__merge_requests": [found], "5__approvals": {"approved_by": [*approved]}}
    api: Any = Api(**answers, **{"5__versions": versions, "5__commits": [{"id": one} for one in commits]})
    return of_gitlab(api, LAB, "42", commit)


def given(number: int, name: str, at: str | None = "2026-01-02T08:00:01.000Z") -> dict[str, Any]:
    return {"user": {"id": number, "username": name, "name": "A Name"}, "approved_at": at}


LABELLED = Merge("!5", (User("anna", "1"),), frozenset(["h2"]))


@pytest.mark.parametrize(
    ("approved", "told"),
    [
        ([given(1, "anna")], LABELLED),
        ([given(1, "anna"), given(2, "ben")], LABELLED),
        ([], "!5 was approved by nobody else than who wrote it"),
        ([given(2, "ben")], "!5 was approved by nobody else than who wrote it"),
        ([given(9, "project_42_bot_1a")], "!5 was approved by nobody else than who wrote it"),
        ([given(1, "anna", "2026-01-02T07:59:59.000Z")], "!5 was approved before its last commit came"),
        ([given(1, "anna", None)], "this GitLab does not tell when !5 was approved"),
    ],
)
def test_approvals_of_a_merge_request(approved: list[Any], told: object) -> None:
    assert gitlab("c3", *approved) == told


def test_a_squash_and_own_commits_of_a_merge_request() -> None:
    squashed = gitlab("c2", given(1, "anna"), squash_commit_sha="c2")
    assert squashed == LABELLED._replace(heads=frozenset(["h2", "c2"]))
    assert gitlab("c1", given(1, "anna"), commits=("c1", "h2"), merge_commit_sha=None) == LABELLED
    assert gitlab("c1", given(1, "anna"), commits=("h1", "h2")) == NONE


@pytest.mark.parametrize("other", [{"state": "opened"}, {"target_branch": "dev"}, {"target_project_id": 43}])
def test_a_merge_request_that_did_not_bring_it_here(other: dict[str, Any]) -> None:
    assert gitlab("c3", given(1, "anna"), **other) == NONE


def test_who_cannot_be_asked() -> None:
    told = "there is no token to ask who approved a change request"
    assert asking(PUSH, {}, LINE) == f"{told} (GITHUB_TOKEN)"
    assert asking(LAB, {}, LINE) == f"{told} (KAFKA_GITOPS_GITLAB_TOKEN)"
    for platform in ("jenkins", "bitbucket", "plain"):
        other = asking(Context(platform, repository="x", target="main"), {"GITHUB_TOKEN": "x"}, LINE)
        assert other == "this platform does not tell who approved a change request"
    nowhere = asking(Context("github", repository="x"), {"GITHUB_TOKEN": "x"}, LINE)
    assert nowhere == "the branch of this run is not known"

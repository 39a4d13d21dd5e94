"""Who approved, as GitHub and GitLab tell it: the last word of each reviewer, the environment's approvals, no names."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from kafka_gitops.ci import Context
from kafka_gitops.ci.approvals import Told, User, of_github, of_gitlab, told
from kafka_gitops.clients.http import ApiError

PUSH = Context("github", head="abc", repository="acme/streams")
ANNA, BEN = {"login": "anna", "id": 1, "name": "Anna A."}, {"login": "ben", "id": 2}


class Api:
    """Answers by path; a path that is not there is refused."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {path.replace("__", "/"): answer for path, answer in answers.items()}

    def pages(self, path: str) -> Iterator[Any]:
        return iter(self.call("GET", path.partition("?")[0]).data)

    def call(self, _method: str, path: str) -> Any:
        for end, answer in self.answers.items():
            if path.endswith(end):
                return SimpleNamespace(data=answer)
        raise ApiError(f"404 {path}")


def review(user: Any, state: str, of: str = "MEMBER") -> dict[str, Any]:
    return {"user": user, "state": state, "author_association": of}


def test_the_last_word_of_each_reviewer_and_who_let_the_run_pass() -> None:
    api: Any = Api(
        pulls=[
            {"number": 6, "merged_at": "x", "merge_commit_sha": "other"},
            {"number": 7, "merged_at": "x", "merge_commit_sha": "abc"},
        ],
        reviews=[
            review(ANNA, "CHANGES_REQUESTED"),
            review(ANNA, "APPROVED"),
            review(ANNA, "COMMENTED"),
            review(BEN, "APPROVED"),
            review(BEN, "DISMISSED"),
            review(None, "APPROVED"),
        ],
        approvals=[{"state": "approved", "user": {"login": "cleo", "id": 3}}, {"state": "rejected", "user": BEN}],
    )
    assert of_github(api, PUSH, "99") == Told("7", (User("anna", "1"), User("cleo", "3")))


def test_a_token_that_may_not_read_deployments_still_tells_the_reviews() -> None:
    api: Any = Api(
        pulls=[{"number": 7, "merged_at": "x", "merge_commit_sha": "abc"}], reviews=[review(ANNA, "APPROVED")]
    )
    assert of_github(api, PUSH, "99") == Told("7", (User("anna", "1"),))


def test_strangers_approve_nothing() -> None:
    reviews = [review(ANNA, "APPROVED", "OWNER"), review(BEN, "APPROVED", "COLLABORATOR")]
    for number, other in enumerate(("NONE", "CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR", "MANNEQUIN")):
        reviews.append(review({"login": f"x{number}", "id": number + 9}, "APPROVED", other))
    api: Any = Api(pulls=[{"number": 7, "merged_at": "x", "merge_commit_sha": "abc"}], reviews=reviews)
    assert of_github(api, PUSH, None).approvers == (User("anna", "1"), User("ben", "2"))


def test_a_push_that_merged_nothing() -> None:
    api: Any = Api(pulls=[])
    assert of_github(api, PUSH, None) == Told()


def test_gitlab() -> None:
    user = {"username": "anna", "id": 1, "name": "Anna A."}
    api: Any = Api(merge_requests=[{"iid": 5, "state": "merged"}], approvals={"approved_by": [{"user": user}]})
    assert of_gitlab(api, PUSH, "42") == Told("5", (User("anna", "1"),))


def test_without_a_token_nobody_is_asked() -> None:
    assert told(PUSH, {}) == told(Context("jenkins", repository="x"), {"GITHUB_TOKEN": "x"}) == Told()

"""Who approved the change that a run applies, as the API of its platform tells it; nobody where it does not."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from kafka_gitops.ci import Context

if TYPE_CHECKING:
    from kafka_gitops.clients.http import Api

_TRUSTED = ("OWNER", "MEMBER", "COLLABORATOR")  # on a public repository anybody at all may review
SECONDS = 5.0  # that an apply waits for an answer


class User(NamedTuple):
    """Somebody of a platform: never a name or an address."""

    login: str
    id: str


class Told(NamedTuple):
    """The change request that was merged, and who approved it or the run that applies it."""

    change_request: str | None = None
    approvers: tuple[User, ...] = ()


def told(context: Context, env: Mapping[str, str]) -> Told:
    """What the platform tells. Raises ApiError."""
    ask = {"github": _github, "gitlab": _gitlab}.get(context.platform)
    if ask is None or context.repository is None:
        return Told()
    from kafka_gitops.clients.http import shaped

    with shaped(context.platform):
        return ask(context, env)


def _github(context: Context, env: Mapping[str, str]) -> Told:
    api = github_api(env)
    return of_github(api, context, env.get("GITHUB_RUN_ID")) if api is not None else Told()


def github_api(env: Mapping[str, str]) -> "Api | None":
    """The API of GitHub, for a short wait; None without a token."""
    token = env.get("GITHUB_TOKEN")
    if not token:
        return None
    from kafka_gitops.clients.http import open_api

    headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
    return open_api(env.get("GITHUB_API_URL", "https://api.github.com"), headers=headers, env=env, seconds=SECONDS)


def of_github(api: "Api", context: Context, run: str | None) -> Told:
    """Reviews that approve it, the last of each who is trusted; and who let the deployment of this run pass."""
    where = f"repos/{quote(context.repository or '', safe='/')}"
    number = context.change_request
    for pull in api.pages(f"{where}/commits/{context.head}/pulls?per_page=100") if number is None else ():
        if pull["merged_at"] and pull["merge_commit_sha"] == context.head:
            number = str(int(pull["number"]))
    found = {*_reviewers(api.pages(f"{where}/pulls/{number}/reviews?per_page=100"))} if number is not None else set()
    return Told(number, tuple(sorted({*found, *_deployers(api, where, run)})))


def _reviewers(reviews: Iterable[Any]) -> Iterator[User]:
    yield from (who for who, review in last_words(reviews).items() if review["state"] == "APPROVED")


def last_words(reviews: Iterable[Any]) -> dict[User, Mapping[str, Any]]:
    """Of GitHub's reviews, in their order, the last verdict of each reviewer who is trusted."""
    last: dict[User, Mapping[str, Any]] = {}
    for review in reviews:
        known = review["user"] and review["author_association"] in _TRUSTED
        if known and review["state"] in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED"):
            last[user(review["user"], "login")] = review
    return last


def _deployers(api: "Api", where: str, run: str | None) -> Iterator[User]:
    """Who approved the environment of this run; a token that may not read that (`actions: read`) tells nobody."""
    from kafka_gitops.clients.http import ApiError

    if run is None:
        return
    try:
        for one in api.call("GET", f"{where}/actions/runs/{run}/approvals").data:
            if one["state"] == "approved":
                yield user(one["user"], "login")
    except ApiError:
        return


def _gitlab(context: Context, env: Mapping[str, str]) -> Told:
    api = gitlab_api(env)
    return of_gitlab(api, context, env["CI_PROJECT_ID"]) if api is not None else Told()


def gitlab_api(env: Mapping[str, str]) -> "Api | None":
    """The API of GitLab, for a short wait; None without a token."""
    token = env.get("KAFKA_GITOPS_GITLAB_TOKEN")
    if not token or not env.get("CI_API_V4_URL"):
        return None
    from kafka_gitops.clients.http import open_api

    return open_api(env["CI_API_V4_URL"], headers={"PRIVATE-TOKEN": token}, env=env, seconds=SECONDS)


def of_gitlab(api: "Api", context: Context, project: str) -> Told:
    """Who approved the merge request."""
    where = f"projects/{quote(project, safe='')}"
    number = context.change_request
    if number is None:
        found = api.pages(f"{where}/repository/commits/{context.head}/merge_requests?per_page=100")
        number = next((str(int(one["iid"])) for one in found if one["state"] == "merged"), None)
    if number is None:
        return Told()
    approved = api.call("GET", f"{where}/merge_requests/{number}/approvals").data["approved_by"]
    return Told(number, tuple(sorted(user(one["user"], "username") for one in approved)))


def user(data: Mapping[str, Any], login: str) -> User:
    """Somebody, as an answer has them; `login` is what the platform calls that."""
    return User(str(data[login]), str(data["id"]))

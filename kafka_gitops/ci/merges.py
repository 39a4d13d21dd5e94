"""Which change request brought a commit to a branch, and who approved just what was merged, by a platform's API."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import quote

from kafka_gitops.ci import Context, branch
from kafka_gitops.ci.approvals import User, github_api, gitlab_api, last_words, user

if TYPE_CHECKING:
    from kafka_gitops.clients.http import Api

_LISTED = 250  # commits of a pull request
_MOVED = ("base_ref_changed", "automatic_base_change_succeeded", "base_ref_force_pushed")
_BOT = re.compile(r"(project|group)_\d+_bot")  # GitLab's names of those who belong to a token


class Merge(NamedTuple):
    """A change request that was merged, and who else than its author approved the commit that was.

    `heads`: what a merge commit of it merges.
    """

    number: str
    approvers: tuple[User, ...]
    heads: frozenset[str] = frozenset()


Told: TypeAlias = Merge | str  # or why a commit is not approved
Ask: TypeAlias = Callable[[str], Told]
Line: TypeAlias = Mapping[str, tuple[str, ...]]  # the commits of a branch, newest first, with their parents


def asking(context: Context, env: Mapping[str, str], line: Line) -> Ask | str:
    """What the platform tells of a commit of the line, or why it cannot be asked. The answer raises ApiError."""
    if context.platform not in _OPEN:
        return "this platform does not tell who approved a change request"
    opened = _OPEN[context.platform](context, env, line)
    if isinstance(opened, str) or context.target is None or context.repository is None:
        return opened if isinstance(opened, str) else "the branch of this run is not known"

    def ask(commit: str) -> Told:
        from kafka_gitops.clients.http import shaped

        with shaped(context.platform):
            return opened(commit)

    return ask


def _github(context: Context, env: Mapping[str, str], line: Line) -> Ask | str:
    api = github_api(env)
    if api is None:
        return "there is no token to ask who approved a change request (GITHUB_TOKEN)"
    return lambda commit: of_github(api, context, line, commit)


def of_github(api: "Api", context: Context, line: Line, commit: str) -> Told:
    """The pull request that brought a commit, by a merge, a squash, or a rebase of several."""
    where = f"repos/{quote(context.repository or '', safe='/')}"
    for pull in api.pages(f"{where}/commits/{commit}/pulls?per_page=100"):
        base = pull["base"]
        here = base["repo"]["full_name"] == context.repository and branch(base["ref"]) == context.target
        if here and pull["merged_at"] and _is_of(api, where, pull, line, commit):
            number = int(pull["number"])
            if any(one["event"] in _MOVED for one in api.pages(f"{where}/issues/{number}/events?per_page=100")):
                return f"#{number} was meant for another branch before"  # when it was approved, perhaps
            writers = _writers(api, f"{where}/pulls/{number}")
            if None in writers:
                return f"it is not known who wrote all commits of #{number}"
            return _approved_on_github(pull, api.pages(f"{where}/pulls/{number}/reviews?per_page=100"), writers)
    return _NONE


def _is_of(api: "Api", where: str, pull: Mapping[str, Any], line: Line, commit: str) -> bool:
    """Whether a pull request was merged as this commit, or rebased to a row of commits with it."""
    last = pull["merge_commit_sha"]
    if last == commit:
        return True
    if last not in line or len(line[last]) != 1 or len(line[commit]) != 1:
        return False
    number = int(api.call("GET", f"{where}/pulls/{int(pull['number'])}").data["commits"])
    order = [*line]
    return 0 < order.index(commit) - order.index(last) < number


def _writers(api: "Api", path: str) -> frozenset[object]:
    """The ids of those who wrote commits of a pull request, with None where not all are known.

    Who approves what is partly the own work is no second person. GitHub tells of no more than 250 commits.
    """
    commits = [*api.pages(f"{path}/commits?per_page=100")]
    people = [one[role] for one in commits for role in ("author", "committer")]
    return frozenset([*(one["id"] if one else None for one in people), *([None] if len(commits) >= _LISTED else [])])


def _approved_on_github(pull: Mapping[str, Any], reviews: Iterable[Any], writers: frozenset[object]) -> Told:
    number, author, head = f"#{int(pull['number'])}", pull["user"], pull["head"]["sha"]
    if author is None:
        return f"the author of {number} is not known any more"
    last = last_words(reviews)
    if any(review["state"] == "CHANGES_REQUESTED" for review in last.values()):
        return f"somebody asked for changes in {number}"
    people = (review for review in last.values() if review["user"].get("type") != "Bot")
    own = {author["id"], *writers}
    others = [one for one in people if one["state"] == "APPROVED" and one["user"]["id"] not in own]
    current = [user(one["user"], "login") for one in others if one["commit_id"] == head]
    return _told(number, current, bool(others), frozenset([head]))


def _told(number: str, current: Iterable[User], others: bool, heads: frozenset[str]) -> Told:
    """`others`: somebody else than the author approved it at all."""
    if current:
        return Merge(number, tuple(sorted(current)), heads)
    if others:
        return f"{number} was approved before its last commit came"
    return f"{number} was approved by nobody else than who wrote it"


def _gitlab(context: Context, env: Mapping[str, str], line: Line) -> Ask | str:
    api = gitlab_api(env)
    if api is None:
        return "there is no token to ask who approved a change request (KAFKA_GITOPS_GITLAB_TOKEN)"
    return lambda commit: of_gitlab(api, context, env["CI_PROJECT_ID"], commit)


def of_gitlab(api: "Api", context: Context, project: str, commit: str) -> Told:
    """The merge request that brought a commit, by a merge, a squash, or its own commits."""
    where = f"projects/{quote(project, safe='')}"
    for found in api.pages(f"{where}/repository/commits/{commit}/merge_requests?per_page=100"):
        here = branch(found["target_branch"]) == context.target and str(found["target_project_id"]) == project
        if not here or found["state"] != "merged":
            continue
        path = f"{where}/merge_requests/{int(found['iid'])}"
        own = {found["merge_commit_sha"], found["squash_commit_sha"], found["sha"]}
        if commit in own or any(one["id"] == commit for one in api.pages(f"{path}/commits?per_page=100")):
            return _approved_on_gitlab(api, path, found)
    return _NONE


def _approved_on_gitlab(api: "Api", path: str, found: Mapping[str, Any]) -> Told:
    """GitLab tells when somebody approved, and when the last commits came."""
    number, author = f"!{int(found['iid'])}", found["author"]["id"]
    given = api.call("GET", f"{path}/approvals").data["approved_by"]
    others = [one for one in given if one["user"]["id"] != author and not _BOT.match(str(one["user"]["username"]))]
    if any(not one.get("approved_at") for one in others):
        return f"this GitLab does not tell when {number} was approved"
    versions = [*api.pages(f"{path}/versions?per_page=100")]
    heads = frozenset(one for one in (found["sha"], found["squash_commit_sha"]) if one)
    came = max((_time(one["created_at"]) for one in versions), default=None)
    current = [user(one["user"], "username") for one in others if came is not None and _time(one["approved_at"]) > came]
    return _told(number, current, bool(others), heads)


def _time(text: str) -> datetime:
    """Of a time with its zone."""
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if found.tzinfo is None:
        raise ValueError("a time without its zone")
    return found


_NONE = "no change request brought it to this branch"
_OPEN: Mapping[str, Callable[[Context, Mapping[str, str], Line], Ask | str]] = {"github": _github, "gitlab": _gitlab}

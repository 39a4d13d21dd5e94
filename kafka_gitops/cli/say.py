"""Which branch a run is about, whether it decides about a cluster, and the commit at its tip."""

from kafka_gitops import shell
from kafka_gitops.ci import Context
from kafka_gitops.cli.pipeline.request import Ci
from kafka_gitops.git import Repository
from kafka_gitops.settings import matches

_NAME_IT = "the pipeline says kafka-gitops ci --branch NAME"


def proposed(request: Ci, context: Context) -> bool:
    """Whether nothing says that this commit is merged: a CI that we do not know, and a pipeline that does not tell."""
    return context.platform == "plain" and not context.local and not request.merged


def none(request: Ci, context: Context, repo: Repository) -> str | None:
    """Why the branch of this run, or of this change's target, decides about no cluster; None where it does.

    Who may push a branch of his own is the author of its base too. What decides comes from the platform and the
    pipeline, never from a file of the branch. Somebody at a terminal decides by himself.
    """
    change = context.change_request is not None or context.queued
    if context.local or (request.merged and not change):
        return None
    known, branch = [*filter(None, [context.default_branch]), *request.branch], target(request, context)
    if not branch:
        return f"it is not known for which branch this is (where it may be planned, {_NAME_IT})"
    if context.protected or any(matches(name, branch) for name in known):
        return None if change or request.auto_approve else _astray(context, branch, repo)
    what = f"its target {branch}" if change or request.auto_approve else branch
    if not known:
        return f"it is not known whether one deploys from {what} (if so, {_NAME_IT})"
    return (
        f"{what} is neither {' nor '.join(known)} nor known as protected "
        f"(to deploy from it, the pipeline says kafka-gitops ci --branch NAME)"
    )


def _astray(context: Context, branch: str, repo: Repository) -> str | None:
    """Why the commit here is not the branch's: the pipeline has checked out another one; None where it is.

    A comment on a change, or the end of another run, starts a pipeline of the main branch, which may then check out
    what somebody proposes. A newer commit of the branch, as it was fetched, is the branch's too.
    """
    if context.head is None or not repo.knows("HEAD"):
        return None
    here, told = repo.resolve("HEAD"), repo.resolve(context.head) if repo.knows(context.head) else None
    newest = repo.fetched(branch)
    if here in (told, newest) or (told and newest and repo.contains(told) and repo.contains("HEAD", newest)):
        return None
    return (
        f"the commit here is {here[:12]}, and the run is of {branch} at {context.head[:12]} "
        f"(where {here[:12]} is merged, the pipeline says kafka-gitops ci --merged)"
    )


def target(request: Ci, context: Context) -> str | None:
    """The branch of the run or of its change's target; on a CI that we do not know the one that the pipeline names."""
    if context.platform == "plain" and len(request.branch) == 1 and not request.branch[0].endswith("*"):
        return str(request.branch[0])
    return context.target


def tip(request: Ci, context: Context, repo: Repository) -> str | None:
    """The commit at the tip of the target, whose files are trusted; None where this clone does not have it.

    The branch as it was fetched, else what the platform merged the change onto for this run, else what it tells. The
    commit with which the change began is none of these: the change's author chooses it.
    """
    branch = target(request, context)
    if context.local:
        return repo.resolve(request.base) if request.base is not None else None
    known = repo.fetched(branch) if branch is not None and not branch.startswith("refs/") else None
    merged = repo.merged_onto(context.tip) if context.tip is not None else None
    told = context.target_tip
    return known or merged or (told if told is not None and repo.knows(told) else None)


def not_fetched(request: Ci, context: Context) -> str:
    """Why nothing can be trusted where the tip is not here, with the line that fetches it."""
    branch = target(request, context)
    if context.local or branch is None:
        return "the commit that this change is to be compared with is not known (--base)"
    return (
        f"the tip of {branch}, whose config counts, was not fetched "
        f"({shell.command('git', 'fetch', 'origin', f'+refs/heads/{branch}:refs/remotes/origin/{branch}')})"
    )

"""Whether all that was merged since the last apply is what somebody approved in change requests."""

import time
from collections.abc import Sequence

from kafka_gitops.ci import Context, merges
from kafka_gitops.ci.merges import Merge, Told
from kafka_gitops.clients.http import ApiError
from kafka_gitops.config import environment
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.git import Repository
from kafka_gitops.git.line import Line, Step
from kafka_gitops.redact import redact

MOST = 50  # commits that the platform is asked about
SECONDS = 30.0  # for all of them: the lock may be held


def since(line: Line, last: str, head: str | None) -> Sequence[Step]:
    """The commits of the branch's own line after one of them. Raises KafkaGitopsError where git does not tell."""
    if line.cut:
        raise KafkaGitopsError("this clone is shallow, so it is not known what was merged (fetch all of it)")
    names = [step.commit.id for step in line.steps]
    if names[0] != head:
        raise KafkaGitopsError("HEAD is another commit by now")
    if last not in names:
        raise KafkaGitopsError(f"commit {last[:7]}, which was applied last, is not among the branch's own commits")
    return line.steps[: names.index(last)]


def approved(steps: Sequence[Step], context: Context, repo: Repository) -> tuple[Merge, ...] | str:
    """The change requests by which these commits came, or why not all of that was approved.

    All of them count, whatever they changed: what becomes of a resource is decided by more than its own entry, such as
    the config, a hold, a link, or a statement that lets go of it.
    """
    if len(steps) > MOST:
        return f"{len(steps):,} commits came since the last apply, and at most {MOST} are looked up"
    ask = merges.asking(context, environment(), {step.commit.id: step.commit.parents for step in steps})
    if isinstance(ask, str):
        return ask
    found, end = [], time.monotonic() + SECONDS
    for step in steps:
        told = _told(step, ask, repo) if time.monotonic() < end else f"the platform took longer than {SECONDS:.0f} s"
        if isinstance(told, str):
            return f"commit {step.commit.id[:7]}: {told}"
        found.append(told)
    return tuple(dict.fromkeys(found))


def _told(step: Step, ask: merges.Ask, repo: Repository) -> Told:
    """What the platform says of a commit that can only be what was approved."""
    try:
        told = ask(step.commit.id)
    except ApiError as failure:
        return f"it is not known who approved it: {redact(failure.message)}"
    return told if isinstance(told, str) else _otherwise(repo, step, told) or told


def _otherwise(repo: Repository, step: Step, told: Merge) -> str | None:
    """Why a commit may be more than what was approved: whoever pushes a merge may edit it, or push on top of one.

    The platform itself makes the commits of a squash and of a rebase, which do not follow those of the request.
    """
    commit, parents = step.commit.id, step.commit.parents
    not_that = f"it is not what was approved in {told.number}"
    if len(parents) == 1:
        on_top = commit not in told.heads and any(repo.knows(one) and repo.contains(one, commit) for one in told.heads)
        return not_that if on_top else None
    if len(parents) != 2 or parents[1] not in told.heads:
        return not_that
    try:
        made = repo.asked("merge-tree", "--write-tree", *parents).split(b"\n")[0].strip()
    except KafkaGitopsError:
        return "git does not merge to this by itself here (git 2.38 or newer is needed, and no conflict)"
    same = made == repo.asked("rev-parse", "--verify", f"{commit}^{{tree}}").strip()
    return None if same else not_that

"""Whether all that was merged since the last apply is what somebody approved in change requests."""

import re
from collections.abc import Mapping, Sequence

from kafka_gitops.changes import Change
from kafka_gitops.ci import Context, merges
from kafka_gitops.ci.merges import Merge
from kafka_gitops.clients.http import ApiError
from kafka_gitops.config import environment
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.git import Repository
from kafka_gitops.git.line import Line, Step
from kafka_gitops.plan.policy import Consent
from kafka_gitops.redact import redact

MOST = 50  # commits that the platform is asked about


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
    found = []
    for step in steps:
        try:
            told = ask(step.commit.id)
        except ApiError as failure:
            return f"it is not known who approved what was merged: {redact(failure.message)}"
        if isinstance(told, str):
            return f"commit {step.commit.id[:7]}: {told}"
        if not _as_approved(repo, step, told):
            return f"commit {step.commit.id[:7]} is not what was approved in {told.number}"
        found.append(told)
    return tuple(dict.fromkeys(found))


def _as_approved(repo: Repository, step: Step, told: Merge) -> bool:
    """Whether a commit can only be what was approved: whoever pushes a merge may edit it, or push on top of one.

    The platform itself makes the commits of a squash and of a rebase, which do not follow those of the request.
    """
    commit, parents = step.commit.id, step.commit.parents
    if len(parents) == 1:
        return commit in told.heads or not any(repo.knows(one) and repo.contains(one, commit) for one in told.heads)
    if len(parents) != 2 or parents[1] not in told.heads:
        return False
    return _as_git_merges(repo, commit, parents) or _by_files(repo, commit, parents)


def _as_git_merges(repo: Repository, commit: str, parents: Sequence[str]) -> bool:
    """Whether git itself merges to the same; False too where it is older than 2.38, or finds a conflict."""
    try:
        made = repo.asked("merge-tree", "--write-tree", *parents).split(b"\n")[0].strip()
        return made == repo.asked("rev-parse", "--verify", f"{commit}^{{tree}}").strip()
    except KafkaGitopsError:
        return False


def _by_files(repo: Repository, commit: str, parents: Sequence[str]) -> bool:
    """Whether each file is as the one side has it that changed it."""
    base = repo.asked("merge-base", *parents).decode().strip()
    then, ours, theirs, now = (dict(repo.tree(one)) for one in (base, *parents, commit))
    return all(
        now.get(path) == _one(then.get(path), ours.get(path), theirs.get(path))
        for path in {**then, **ours, **theirs, **now}
    )


def _one(then: object, ours: object, theirs: object) -> object:
    """What a merge of three is; what both sides changed otherwise is nothing that a file can be."""
    if theirs in (then, ours):
        return ours
    return theirs if ours == then else ()


def unseen(change: Change, steps: Sequence[Step], given: Consent) -> str | None:
    """Why a change is none that its approvers have seen: a commit of another message accepts its risk.

    They have seen the commits that a merge brought. The messages of a merge and a squash are written when it is merged.
    """
    seen = {one.id for step in steps for one in step.merged}
    for risk in change.risks:
        found = re.search(r"\(commit ([0-9a-f]+)\)$", _who(given.by, risk.name, change))
        if risk.blocks and found is not None and not any(one.startswith(found[1]) for one in seen):
            return f"its risk {risk.name} is accepted by the message of commit {found[1][:7]}, which nobody approved"
    return None


def _who(by: Mapping[tuple[str, str], str], risk: str, change: Change) -> str:
    return by.get((risk, change.key.name), "")

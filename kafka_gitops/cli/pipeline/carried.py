"""What of a plan was merged since the last apply by change requests that were approved: it carries that approval."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Change
from kafka_gitops.ci import Context
from kafka_gitops.ci.approvals import User
from kafka_gitops.ci.merges import Merge
from kafka_gitops.cli.pipeline.merged import approved, since, unseen
from kafka_gitops.cli.planning import Prepared
from kafka_gitops.cli.remembered import Ledger
from kafka_gitops.cli.setup import Configured
from kafka_gitops.errors import KafkaGitopsError, listed
from kafka_gitops.git import Repository
from kafka_gitops.git.line import Line, Step
from kafka_gitops.ledger.order import clean
from kafka_gitops.model import Key, Topology
from kafka_gitops.plan import approval
from kafka_gitops.plan.make import Plan
from kafka_gitops.redact import redact
from kafka_gitops.report import words


class Carried(NamedTuple):
    """The changes that still need an approval, and why; what is said of the others, and who approved them."""

    left: Sequence[Change]
    why: Mapping[Key, str] = {}
    told: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()


def carried(
    new: Sequence[Change],
    plan: Plan,
    context: Context,
    config: Configured,
    repo: Repository,
    ready: Prepared,
) -> Carried:
    """What of these changes needs no other approval; nothing where anything about that is not known for certain."""
    ledger = ready.ledger
    if ledger is None or ledger.order is None or ledger.order.relation != "after":  # nothing was merged since then
        return Carried(new)
    unknown = _unknown(ledger, plan, config)
    if unknown is not None or ledger.then is None:
        return _none(new, unknown or "it is not known what was applied last")
    last = clean(ledger.order.last) or ""
    try:
        with Line() as line:
            steps = since(line, last, plan.commit)
        merged = approved(steps, context, repo)
    except KafkaGitopsError as failure:
        merged = redact(failure.message)
    if isinstance(merged, str):
        return _none(new, merged)
    why = {change.key: said for change in new if (said := _why(change, ledger.then, ready, steps)) is not None}
    left = [change for change in new if change.key in why]
    if len(left) == len(new):
        return Carried(new, why)
    every = sorted(merged, key=lambda merge: (len(merge.number), merge.number))
    mode = ready.settings.ledger.actors
    people = {_name(one, mode): None for merge in every for one in merge.approvers}
    return Carried(left, why, (_told(len(new) - len(left), every, mode),), tuple(filter(None, people)))


def _why(change: Change, then: Topology, ready: Prepared, steps: Sequence[Step]) -> str | None:
    """Why a change needs another approval, where all that was merged was approved."""
    if approval.by_git(change, then, ready.topology):
        return unseen(change, steps, ready.consent)
    last, head = (files.state.get(change.key) for files in (then, ready.topology))
    if change.act is not None:
        return f"whether to {change.act} it is not told by commits"
    if last == head:
        return "no commit since the last apply changed it, so the cluster did"
    return "the cluster does not have it as the files of the last apply do"


def _none(new: Sequence[Change], why: str) -> Carried:
    return Carried(new, {change.key: why for change in new})


def _unknown(ledger: Ledger, plan: Plan, config: Configured) -> str | None:
    """Why it is not known what was merged since the last apply."""
    if not config.trust.merged:
        return "it is not merged"
    if plan.commit is None or plan.commit != clean(plan.commit):
        return "the files are not those of a commit"
    if ledger.part is not None:
        return f"only a part of the topology ({ledger.part}) is read"
    return None


def _told(count: int, merged: Sequence[Merge], mode: str) -> str:
    one = count == 1 and len(merged) == 1
    what = "a change request that was" if one else "change requests that were"
    of = listed((f"{merge.number}{_by(merge, mode)}" for merge in merged), most=20)
    return f"{words.count(count, 'change')} {'comes' if count == 1 else 'come'} with {what} approved: {of}"


def _by(merge: Merge, mode: str) -> str:
    names = [*filter(None, (_name(one, mode) for one in merge.approvers))]
    return f" by {' and '.join(names)}" if names else ""


def _name(user: User, mode: str) -> str:
    """Somebody as `ledger.actors` wants it."""
    return "" if mode == "none" else user.login if mode == "login" else user.id

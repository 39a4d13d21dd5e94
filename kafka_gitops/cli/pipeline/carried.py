"""What of a plan was merged since the last apply by change requests that were approved: it carries that approval."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kafka_gitops import holds
from kafka_gitops.changes import Change
from kafka_gitops.ci import Context
from kafka_gitops.ci.approvals import User
from kafka_gitops.ci.merges import Merge
from kafka_gitops.cli import clock, load
from kafka_gitops.cli.pipeline.merged import approved, since
from kafka_gitops.cli.pipeline.request import Ci
from kafka_gitops.cli.planning import Prepared
from kafka_gitops.cli.remembered import Ledger
from kafka_gitops.cli.setup import Configured
from kafka_gitops.errors import KafkaGitopsError, listed
from kafka_gitops.git import Repository
from kafka_gitops.git.line import Line
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
    notes: tuple[str, ...] = ()


def carried(
    new: Sequence[Change],
    plan: Plan,
    request: Ci,
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
        merged = _links(request, config, repo, ready, last) or approved(steps, context, repo)
    except KafkaGitopsError as failure:
        merged = redact(failure.message)
    if isinstance(merged, str):
        return _none(new, merged)
    why = {change.key: said for change in new if (said := _why(change, ledger.then, ready)) is not None}
    left = [change for change in new if change.key in why]
    if len(left) == len(new):
        return Carried(new, why)
    every = sorted(merged, key=lambda merge: (len(merge.number), merge.number))
    mode = ready.settings.ledger.actors
    # of several, or with an approved plan, they would be told to have approved what they never saw
    alone = not left and len(new) == len(plan.changes) and len(every) == 1
    people = {_name(one, mode): None for merge in every for one in merge.approvers} if alone else {}
    count = len(new) - len(left)
    note = _told(count, every, "none")  # a name in a sentence could not be erased
    return Carried(left, why, (_told(count, every, mode),), tuple(filter(None, people)), (note,))


def _why(change: Change, then: Topology, ready: Prepared) -> str | None:
    """Why a change needs another approval, where all that was merged was approved."""
    risks = [risk.name for risk in change.risks if risk.blocks]
    if risks:
        return f"it has a risk ({risks[0]}) that an approved plan must show"
    held = [
        holds.in_effect(one, clock.now(), ready.settings.max_hold).get(change.key) for one in (then, ready.topology)
    ]
    if held[0] != held[1]:
        return "it was on hold otherwise at the last apply"
    if approval.by_git(change, then, ready.topology):
        return None
    last, head = (files.state.get(change.key) for files in (then, ready.topology))
    if change.act is not None:
        return f"whether to {change.act} it is not told by commits"
    if last == head:
        return "no commit since the last apply changed it, so the cluster did"
    return "the cluster does not have it as the files of the last apply do"


def _links(request: Ci, config: Configured, repo: Repository, ready: Prepared, last: str) -> str | None:
    """Why it is not certain which files counted: one on the way to them, or among them, is a link or a submodule."""
    language = ready.settings.language
    named = (config.path, language.roles, language.plans, *load.topology_paths(request, ready.settings))
    paths = [Path(os.path.normpath(Path(path).absolute())) for path in named if path is not None]
    places = [one.relative_to(repo.top) for one in (*paths, *map(Path.resolve, paths)) if one.is_relative_to(repo.top)]
    odd = (Path(one.path) for commit in (last, "HEAD") for one in repo.tree(commit).values() if not one.is_file)
    for path in odd:
        if any(path.is_relative_to(one) or one.is_relative_to(path) for one in places):
            return f"{path.as_posix()} is a link or a submodule, so it is not certain which files counted"
    return None


def _none(new: Sequence[Change], why: str) -> Carried:
    return Carried(new, {change.key: why for change in new})


def _unknown(ledger: Ledger, plan: Plan, config: Configured) -> str | None:
    """Why it is not known what was merged since the last apply."""
    if not config.trust.merged:
        return "this run is of no branch that decides (--merged, --branch)"
    found = ledger.found
    owner = found.state.owner if found is not None else None
    try:
        ran = found.state.head(owner.run) if found is not None and owner is not None and owner.run else None
    except KeyError:
        ran = None
    if owner is None or ran is None or ran.commit != owner.commit:  # a part of the files, or edited ones
        return "the last run was not of all files of the commit that counts as applied"
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

"""What of a plan was merged since the last apply by change requests that were approved: it carries that approval."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Change
from kafka_gitops.ci import Context
from kafka_gitops.ci.approvals import User
from kafka_gitops.ci.merges import Merge
from kafka_gitops.cli.past import Past
from kafka_gitops.cli.pipeline.merged import Since
from kafka_gitops.cli.pipeline.request import Ci
from kafka_gitops.cli.planning import Prepared
from kafka_gitops.cli.remembered import Ledger
from kafka_gitops.cli.setup import Configured
from kafka_gitops.cli.whose import place
from kafka_gitops.errors import KafkaGitopsError, listed
from kafka_gitops.git import Repository
from kafka_gitops.git.line import Line
from kafka_gitops.ledger.order import clean
from kafka_gitops.model import Key
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
    why = _unknown(ledger, plan, config)
    if why is not None or ledger.then is None:
        return _none(new, why or "it is not known what was applied last")
    try:
        with Line() as line:
            since = Since(line, ledger, ledger.then, ready, repo, _beside(config, repo, ready))
            past = Past(line, request, config)
            found = [(change, since.asked(change, past, context)) for change in new]
    except KafkaGitopsError as failure:
        return _none(new, redact(failure.message))
    return _judged(found, ready.settings.ledger.actors)


def _beside(config: Configured, repo: Repository, ready: Prepared) -> tuple[str, ...]:
    language = ready.settings.language
    return tuple(place(path, repo) for path in (config.path, language.roles, language.plans) if path is not None)


def _none(new: Sequence[Change], why: str) -> Carried:
    return Carried(new, {change.key: why for change in new})


def _judged(found: Sequence[tuple[Change, tuple[Merge, ...] | str]], mode: str) -> Carried:
    why = {change.key: told for change, told in found if isinstance(told, str)}
    left = [change for change, _ in found if change.key in why]
    merged = {merge for change, told in found if change.key not in why for merge in told if isinstance(merge, Merge)}
    if not merged:
        return Carried(left, why)
    every = sorted(merged, key=lambda merge: (len(merge.number), merge.number))
    people = {_name(one, mode): None for merge in every for one in merge.approvers}
    return Carried(left, why, (_told(len(found) - len(left), every, mode),), tuple(filter(None, people)))


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

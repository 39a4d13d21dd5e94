"""A commit of the branch's own line as an entry."""

from collections.abc import Iterable, Sequence

from kafka_gitops.git.line import Step
from kafka_gitops.history import message
from kafka_gitops.history.entry import Entry, Fact, Touch
from kafka_gitops.ledger.people import GIT


def entry(step: Step, touches: Iterable[Touch], notes: Sequence[str] = ()) -> Entry:
    """What a commit brought, with what the commits that it merged say; who pushes a commit decides what it says.

    The change request is that of the commit itself: a merged one may have come by another before.
    """
    commit = step.commit
    every = (commit, *step.merged)
    wrote = step.merged or (commit,)
    return Entry(
        commit.time,
        "merged",
        message.title(commit.subject, commit.body),
        commit.id,
        message.request(commit.subject, commit.body, commit.trailers),
        tuple(dict.fromkeys(Fact(message.shown(one.author), GIT) for one in wrote)),
        Fact(message.shown(commit.author), GIT) if step.merged else None,
        tuple(dict.fromkeys(fact for one in every for fact in message.approvers(one.trailers))),
        tuple(dict.fromkeys(said for one in every for said in message.accepted(one.author, one.trailers))),
        touches=tuple(touches),
        notes=tuple(notes),
    )

"""Whether this commit may follow the one that was applied last, asked of git."""

import argparse

from kafka_gitops.errors import UsageError
from kafka_gitops.git import Repository
from kafka_gitops.git.ancestry import ancestry
from kafka_gitops.ledger import order
from kafka_gitops.ledger.order import Order


def add(parser: argparse.ArgumentParser, *, of: str = "") -> None:
    """The option; `of` names the command that has it, where the parser is of several."""
    help = f"{of}SHA was applied last and is not in HEAD's history: apply all the same, once (with a ledger)"
    parser.add_argument(order.OPTION, metavar="SHA", type=_named, help=help)


def _named(text: str) -> str:
    """Raises ArgumentTypeError for no name at all."""
    if not text.strip():
        raise argparse.ArgumentTypeError("name the commit that was applied last, as the refusal does")
    return text


def ordered(repo: Repository, last: str | None, head: str | None, *, fetch: bool = True) -> Order:
    """How the commit of a run stands to the one that was applied last, which is fetched where this clone lacks it.

    `head` is None where there is no git; both may end in `-dirty`.
    """
    if last is None:
        return Order("first", None, head)
    if head is None:
        return Order("none", last)
    if order.clean(last) == order.clean(head):  # whose clone need not be here: a saved plan names its commit
        return Order("same", last, head, order.clean(head))
    try:
        found = ancestry(repo, order.clean(last) or "", order.clean(head) or "", fetch=fetch)
    except UsageError:
        return Order("none", last)
    return Order(found.relation, last, head, found.base, found.line)


def check(repo: Repository, head: str | None, given: str | None, last: str | None) -> str | None:
    """The commit that `--allow-diverged` let pass, to be recorded; None where the order is kept.

    `head` is the commit of the run, `given` the option, `last` the commit that was applied last.

    Raises Blocked for an older and a diverged commit, Untold where git does not tell.
    """
    found = ordered(repo, last, head)
    refused = order.refusal(found, given)
    if refused is not None:
        raise refused
    return None if found.goes else order.clean(last)

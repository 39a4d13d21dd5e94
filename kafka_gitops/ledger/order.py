"""In which order commits are applied: no old job and no other line takes back what an owner applied last."""

from typing import Literal, NamedTuple, TypeAlias

from kafka_gitops.errors import Blocked, KafkaGitopsError

OPTION = "--allow-diverged"
DIRTY = "-dirty"
LEAST = 7  # digits that name a commit
SHOWN = 12  # digits of a commit's id
Relation: TypeAlias = Literal["first", "same", "after", "before", "diverged", "unknown", "none"]


class Untold(KafkaGitopsError):
    """Git does not tell how the commit of a run stands to the one that was applied last."""


class Order(NamedTuple):
    """How the commit of a run stands to the one that was applied last (`last`).

    `first`: nothing was applied yet; `none`: the run is of no commit, for there is no git. `base` is where two that
    diverged have parted, `line` the git command that brings a commit that is `unknown`.
    """

    relation: Relation
    last: str | None = None
    head: str | None = None
    base: str | None = None
    line: str = ""

    @property
    def goes(self) -> bool:
        """Whether it may be applied without a word."""
        return self.relation in ("first", "same", "after")


def clean(commit: str | None) -> str | None:
    """The commit that a tree with local edits was made from."""
    return commit.removesuffix(DIRTY) if commit is not None else None


def allowed(order: Order, given: str | None) -> bool:
    """Whether somebody who named the commit that was applied last lets this run pass: once, as then another one is.

    Never a commit that the last one contains: that is an old job.
    """
    last = clean(order.last)
    named = given is not None and last is not None and len(given) >= LEAST and last.startswith(given.lower())
    return named and order.relation in ("diverged", "unknown", "none")


def refusal(order: Order, given: str | None = None) -> KafkaGitopsError | None:
    """Why a commit is not applied, None where it may be. `given` is what `--allow-diverged` names."""
    if order.goes or allowed(order, given):
        return None
    if given is not None and order.relation != "before":
        if len(given) < LEAST:
            return Blocked(
                f"{OPTION} {given} is too short. Nothing was applied.",
                help=f"Write at least {LEAST} digits of the commit.",
            )
        said = f"{OPTION} {given} names another commit than the one that was applied last, {_short(order.last)}"
        return Blocked(
            f"{said}. Nothing was applied.", help=f"Look what was applied since then, then: {_option(order)}"
        )
    said, help = _REASONS[order.relation](order)
    kind = Blocked if order.relation in ("before", "diverged") else Untold
    return kind(f"{said} Nothing was applied.", help=help)


def note(order: Order) -> str | None:
    """What a plan says of an apply that would be refused, or of one that somebody let pass."""
    if order.goes:
        return None
    return f"An apply of this is refused: {_REASONS[order.relation](order)[0]}"


def _before(order: Order) -> tuple[str, str]:
    said = f"Commit {_short(order.head)} is older than {_short(order.last)}, which was applied last and contains it."
    return said, "Is this an old job? Run that of the newest commit. To take a change back, merge its git revert."


def _diverged(order: Order) -> tuple[str, str]:
    where = f"they parted at {_short(order.base)}" if order.base else "they have no commit in common"
    said = f"Commit {_short(order.head)} does not contain {_short(order.last)}, which was applied last: {where}."
    help = f"Merge or rebase, so that it contains it. If what {_short(order.last)} did may be undone: {_option(order)}"
    return said, help


def _unknown(order: Order) -> tuple[str, str]:
    head, last = _short(order.head), _short(order.last)
    said = f"This clone does not show whether {head} contains {last}, which was applied last."
    return said, f"{order.line}\nIf that commit is gone for good, after a force push: {_option(order)}"


def _none(order: Order) -> tuple[str, str]:
    said = f"These files are of no git commit, and {_short(order.last)} was applied last."
    return said, f"Run in the clone of the repository. If what was applied may be undone: {_option(order)}"


_REASONS = {"before": _before, "diverged": _diverged, "unknown": _unknown, "none": _none}


def _option(order: Order) -> str:
    return f"{OPTION} {_short(order.last)}"


def _short(commit: str | None) -> str:
    return (clean(commit) or "no commit")[:SHOWN]

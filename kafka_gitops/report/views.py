"""What the formats of a plan and of an apply are given: the thing itself, and how it is looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kafka_gitops.changes import Outcome
from kafka_gitops.model import Key, Spec
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent
from kafka_gitops.report.markup import Link
from kafka_gitops.report.totals import Total

Paint = Callable[[str, str], str]
MOST = 900 * 1024  # bytes: the summary of a job of GitHub holds 1 MiB


def plain(text: str, _style: str) -> str:
    """A Paint that paints nothing."""
    return text


@dataclass(frozen=True)
class PlanView:
    """A plan, how many the files declare of each kind (by its plural), and what was agreed to.

    `proposed`: for a change that nobody has merged, so counts and dangers are its own, without what was pending, and a
    commit of it can still accept a risk. `named`: so many of each kind that is left alone stand there by name.
    `carried_out`: an apply of it has ended, in whatever way. `declared` is what the files declare, for the picture.
    `paint` colours for a terminal, `link` gives the address of a line of a file, `most` bounds the UTF-8 bytes.
    """

    plan: Plan
    sizes: Mapping[str, int]
    given: Consent
    proposed: bool = False
    named: int = 0
    carried_out: bool = False
    declared: Mapping[Key, Spec] = field(default_factory=dict)
    paint: Paint = plain
    link: Link | None = None
    most: int = MOST


@dataclass(frozen=True)
class ApplyView:
    """A plan that was carried out, what became of each of its changes, the counts and how long it took.

    `run` is the name under which it is recorded, if it is.
    """

    plan: Plan
    outcomes: Sequence[Outcome]
    counts: Total
    seconds: float = 0.0
    paint: Paint = plain
    run: str | None = None

"""Which changes of a plan reach furthest: what a reader sees first, and what no limit may cut away."""

from kafka_gitops.changes import Change
from kafka_gitops.kinds import LOOKS
from kafka_gitops.kinds.looks import FAR, Rank


def rank(change: Change) -> Rank:
    """What to sort changes by, furthest first: as their kinds say."""
    return LOOKS[change.key.kind].rank(change)


def gives(change: Change) -> bool:
    """Whether somebody can do more, or is denied something, than before."""
    return LOOKS[change.key.kind].gives(change)


def grants(change: Change) -> bool:
    """Whether it is about a right of a principal: told by principal and resource, of many in a sentence."""
    return LOOKS[change.key.kind].grants


def far(change: Change) -> bool:
    """Whether a change gives a right that stands above all that is counted, grouped or folded."""
    return gives(change) and rank(change)[0] <= FAR

"""Levels of compatibility: which of two is stricter, and in which order a level and a version are written."""

from kafka_gitops.schemas.contract import LEVELS

__all__ = ["LEVELS", "at_least", "level_first", "loosens"]

_WAYS = {"NONE": frozenset[str](), "BACKWARD": frozenset("b"), "FORWARD": frozenset("f"), "FULL": frozenset("bf")}


def at_least(level: str, other: str) -> bool:
    """Whether whatever a level lets pass the other one lets pass too."""
    if other == "NONE" or level == other:
        return True
    mine, theirs = (_WAYS.get(one.removesuffix("_TRANSITIVE"), frozenset()) for one in (level, other))
    return theirs <= mine and (level.endswith("_TRANSITIVE") or not other.endswith("_TRANSITIVE"))


def loosens(before: str, after: str) -> bool:
    """Whether a change of level lets something pass that did not before."""
    return not at_least(after, before)


def level_first(before: str, after: str) -> bool:
    """Whether the level is written before a version of the same change: only where it becomes looser in all."""
    return loosens(before, after) and at_least(before, after)

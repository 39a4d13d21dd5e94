"""Findings of one cause, folded for readers: the first place, how many more there are, and where.

One cause is one rule that says the same with the same help, names and numbers apart; what a change does to a resource
is a cause of its own, because each is to be accepted. Only what people read is folded;
exit codes, `--fail-on`, baselines and the formats of programs count every finding.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kafka_gitops.diagnostics import Diagnostic, Severity, Span

KEPT = {Severity.error: 3, Severity.warning: 1, Severity.info: 1}  # an error each may be another slip of the hand
PLACES = 3  # of those that are folded
_TYPES = "topic|group|transactional id|cluster|consumer|producer"
_NAMES = re.compile(rf'"[^"]*"|\b(?:project|environment) \S+|\b\w+:[^\s,;]+|\b(?:{_TYPES})\b|\d[\d,.]*')


class Cause(NamedTuple):
    """A finding that is shown, and those of the same cause that are counted with it."""

    one: Diagnostic
    more: Sequence[Diagnostic] = ()

    @property
    def every(self) -> int:
        """How many findings this stands for."""
        return 1 + len(self.more)


def causes(diagnostics: Iterable[Diagnostic], *, every: bool = False) -> list[Cause]:
    """The findings that are shown, in their order, the others counted with the last one of their cause.

    `every` folds nothing.
    """
    groups: dict[object, list[tuple[int, Diagnostic]]] = {}
    for place, one in enumerate(diagnostics):
        groups.setdefault(place if every else _same(one), []).append((place, one))
    shown: list[tuple[int, Cause]] = []
    for group in groups.values():
        kept = group[: KEPT.get(group[0][1].severity, 1)]
        shown += [(place, Cause(one)) for place, one in kept[:-1]]
        place, last = kept[-1]
        shown.append((place, Cause(last, tuple(one for _, one in group[len(kept) :]))))
    return [cause for _, cause in sorted(shown, key=lambda pair: pair[0])]


def _same(one: Diagnostic) -> tuple[object, ...]:
    said = one.message if one.subject else _NAMES.sub("_", one.message)
    return one.severity, one.rule, said, one.subject, _NAMES.sub("_", one.help or "")


def rest(cause: Cause, place: Callable[[Span], str] = str) -> str:
    """`and 12 more like it: a.yaml:7:3, b.yaml:9:3, b.yaml:11:3, ...`; nothing where no other is counted with it."""
    if not cause.more:
        return ""
    places = ", ".join(place(one.span) for one in cause.more[:PLACES])
    return f"and {len(cause.more):,} more like it: {places}{', ...' if len(cause.more) > PLACES else ''}"


def folded(found: Iterable[Cause]) -> bool:
    """Whether any finding is not shown."""
    return any(cause.more for cause in found)

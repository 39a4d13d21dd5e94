"""Exceptions in a file, with a reason: `# kafka-gitops: allow RULE until 2027-01-01: why`; checked themselves."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from kafka_gitops import holds
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.settings import FIXED
from kafka_gitops.text.comments import MARK, Comment, comments
from kafka_gitops.text.source import Source

_SHAPE = re.compile(r"allow\s+([\w-]+(?:\s*,\s*[\w-]+)*)(?:\s+until\s+([^\s:]+))?\s*(?::\s*(.*))?", re.DOTALL)
_EXPECTED = f"write: # {MARK} allow RULE until YYYY-MM-DD: reason"
_MOST_SUGGESTED = 1_000  # findings up to which the name that was meant is looked for: each look takes its time
_ERRORS = {"waiver-unknown-rule", "waiver-without-reason"}


class Waiver(NamedTuple):
    """One rule that is allowed in lines of a file, through a day; `span` is its comment."""

    rule: str
    span: Span
    lines: range
    until: date | None


def stated(text: str) -> list[tuple[str, str]]:
    """The rules that a comment of ours allows, each with its reason; none where it is not a waiver that counts."""
    shape = _SHAPE.fullmatch(text)
    reason = (shape[3] or "").strip() if shape is not None else ""
    return [(name, reason) for name in re.split(r"\s*,\s*", shape[1])] if shape is not None and reason else []


def apply(
    found: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    rules: Collection[str],
    today: date | None,
    *,
    fixed: Callable[[str, str], bool],
    judged: Callable[[str, str], bool],
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """What no waiver covers, and what is wrong with the waivers themselves.

    `rules` are all that exist; `fixed(rule, path)` tells whether a platform's policy demands a rule, `judged` whether
    it looked at the file at all; `today` None that nothing has expired.
    """
    waivers: list[Waiver] = []
    about: list[Diagnostic] = []
    for source in sources.values():
        for comment in comments(source):
            _read(comment, rules, fixed, waivers, about)
    if not waivers:
        return [*found], about
    used: set[Waiver] = set()
    covers = _covers(waivers, found)
    left = [one for one in found if not _covered(one, covers, today, used)]
    about.extend(_stale(waivers, used, today, judged))
    return left, about


def _read(
    comment: Comment,
    rules: Collection[str],
    fixed: Callable[[str, str], bool],
    waivers: list[Waiver],
    about: list[Diagnostic],
) -> None:
    span, text = comment.span, comment.text
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        about.append(_finding("waiver-malformed", span, f'"{text}" is not a waiver', _EXPECTED))
        return
    names, until, reason = re.split(r"\s*,\s*", shape[1]), shape[2], (shape[3] or "").strip()
    day = holds.day(until)
    if until is not None and day is None:
        about.append(_finding("waiver-malformed", span, f'"{until}" is not a date, expected YYYY-MM-DD', _EXPECTED))
        return
    if not reason:
        said = "a waiver without a reason does not count"
        about.append(_finding("waiver-without-reason", span, said, "say why: after a colon, at the end"))
    for name in names:
        problem = _problem(name, span, rules, fixed, suggest=len(about) < _MOST_SUGGESTED)
        if problem is not None:
            about.append(problem)
        elif reason:
            waivers.append(Waiver(name, span, comment.lines, day))


def _problem(
    name: str, span: Span, rules: Collection[str], fixed: Callable[[str, str], bool], *, suggest: bool
) -> Diagnostic | None:
    """Why a rule cannot be waived here; None where it can."""
    if name not in rules:
        from difflib import get_close_matches

        near = get_close_matches(name, sorted(rules), 1) if suggest else []
        help = f'did you mean "{near[0]}"?' if near else "kafka-gitops rules lists them"
        return _finding("waiver-unknown-rule", span, f'there is no rule "{name}"', help)
    if name.startswith("waiver-"):
        said = f"{name} is about waivers and cannot be waived"
        return _finding("waiver-malformed", span, said, "correct or delete the waiver that it is about")
    if name.startswith("change-"):
        said = f"{name} is about one change, a waiver would stay"
        return _finding("waiver-malformed", span, said, f"approve it: lint --accept {name}, or a commit trailer")
    if name in FIXED:
        said = f"{name} cannot be waived: a plan refuses the same"
        return _finding("waiver-malformed", span, said, "fix what it finds")
    if fixed(name, span.path):
        said = f"the platform's policy demands {name}: it cannot be waived here"
        return _finding("waiver-malformed", span, said, "fix what it finds, or ask those who keep the policy")
    return None


def _expired(waiver: Waiver, today: date | None) -> bool:
    return today is not None and waiver.until is not None and waiver.until < today


_Place: TypeAlias = tuple[str, str, int]  # file, rule, line


def _covers(waivers: Iterable[Waiver], found: Iterable[Diagnostic]) -> dict[_Place, list[list[Waiver]]]:
    """The waivers of each finding's place; those of the same lines are one."""
    alike: dict[tuple[str, str, range], list[Waiver]] = {}
    for waiver in waivers:
        alike.setdefault((waiver.span.path, waiver.rule, waiver.lines), []).append(waiver)
    places: dict[tuple[str, str], set[int]] = {}
    for one in found:
        places.setdefault((one.span.path, one.rule), set()).add(one.span.line)
    lines = {key: sorted(numbers) for key, numbers in places.items()}
    covers: dict[_Place, list[list[Waiver]]] = {}
    for (path, rule, span), group in alike.items():
        mine = lines.get((path, rule), [])
        for line in mine[bisect_left(mine, span.start) : bisect_left(mine, span.stop)]:
            covers.setdefault((path, rule, line), []).append(group)
    return covers


def _covered(
    one: Diagnostic, covers: Mapping[_Place, Iterable[list[Waiver]]], today: date | None, used: set[Waiver]
) -> bool:
    """Whether a waiver covers a finding; it is then used, also one that has expired and covers nothing any more."""
    covered = False
    for group in covers.get((one.span.path, one.rule, one.span.line), ()):
        if group[0] not in used:
            used.update(group)
        covered = covered or any(not _expired(waiver, today) for waiver in group)
    return covered


def _stale(
    waivers: Iterable[Waiver], used: Collection[Waiver], today: date | None, judged: Callable[[str, str], bool]
) -> Iterator[Diagnostic]:
    for waiver in waivers:
        if _expired(waiver, today):
            said = f"the waiver of {waiver.rule} ended on {waiver.until}"
            yield _finding("waiver-expired", waiver.span, said, "fix what it allowed, or give it a new day and reason")
        elif waiver not in used and judged(waiver.rule, waiver.span.path):
            said = f"{waiver.rule} finds nothing here: the waiver is not needed"
            yield _finding("waiver-unused", waiver.span, said, "delete it")


def _finding(rule: str, span: Span, said: str, help: str) -> Diagnostic:
    return Diagnostic(span, rule, Severity.error if rule in _ERRORS else Severity.warning, said, help)

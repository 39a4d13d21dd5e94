"""What a change adds that silences findings: waivers, entries of a baseline, acceptances in its commits."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.acceptance import said
from kafka_gitops.lint.baseline import Known
from kafka_gitops.lint.waivers import stated
from kafka_gitops.text import characters
from kafka_gitops.text.comments import Comment, comments
from kafka_gitops.text.source import Source

WAIVER, BASELINE, ACCEPTANCE = "waiver", "baseline entry", "acceptance"
_RIGHTS = ("acl-", "access-", "outside-")  # rules about rights, which are told first


class Silence(NamedTuple):
    """One rule or risk that is silenced, in which way, and what is said of it: a reason, an address, a resource.

    `path` and `line` are the place of a waiver; of the others there is none.
    """

    way: str
    rule: str
    about: str
    path: str = ""
    line: int = 0


def of_waivers(before: Iterable[Source], after: Iterable[Source]) -> Iterator[Silence]:
    """The waivers that were not there, or covered another text: one that is moved with what it covers is none."""
    known = Counter((one.text, covered) for source in before for one, covered in _covered(source))
    for source in after:
        for one, covered in _covered(source):
            if known[one.text, covered]:
                known[one.text, covered] -= 1
                continue
            for rule, reason in stated(one.text):
                yield Silence(WAIVER, rule, reason, source.path, one.span.line)


def of_baseline(before: Mapping[str, Known], after: Mapping[str, Known]) -> Iterator[Silence]:
    """The findings that a baseline did not know."""
    for mark, known in after.items():
        if mark not in before:
            yield Silence(BASELINE, known.rule, f"{known.path}{known.address}")


def of_commits(trailers: Mapping[str, tuple[str, Sequence[str]]]) -> Iterator[Silence]:
    """What the commits accept, with the name of the resource and who says so."""
    for commit, (author, values) in trailers.items():
        for value in values:
            rule, name = said(value)
            yield Silence(ACCEPTANCE, rule, f"{name or 'everything'}, by {author} (commit {commit})")


def ranked(silences: Iterable[Silence]) -> list[list[Silence]]:
    """Those of one way and rule together; acceptances first, then rules about rights, then the rest by name."""
    groups: dict[tuple[bool, bool, str, str], list[Silence]] = {}
    for one in silences:
        same = (one.way != ACCEPTANCE, not one.rule.startswith(_RIGHTS), one.rule, one.way)
        groups.setdefault(same, []).append(one)
    return [groups[same] for same in sorted(groups)]


def _covered(source: Source) -> Iterator[tuple[Comment, str]]:
    found = list(comments(source))
    lines = characters.lines(source.text) if found else []
    for one in found:
        yield one, "\n".join(lines[one.lines.start - 1 : one.lines.stop - 1]) if one.lines else ""

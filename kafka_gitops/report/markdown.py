"""Findings for a job summary or a comment: counts first, errors first, the rest folded, hostile text inert."""

from collections.abc import Collection, Iterator, Sequence

from kafka_gitops.acceptance import TRAILER
from kafka_gitops.changes import Origin
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.report.causes import Cause, causes, folded, rest
from kafka_gitops.report.findings import Findings, clipped, count, summary
from kafka_gitops.report.folds import LONGEST
from kafka_gitops.report.markup import Link, cell, place, text

MOST = 60_000  # bytes: a comment of GitHub holds 65,536, and who sends it adds a little
OPEN = 20  # as many findings of a severity stand unfolded
_ALL = "`kafka-gitops lint --format json` shows each"
_LONGEST = 200  # characters of what somebody wrote
_WORDS = {Severity.error: "error", Severity.warning: "warning", Severity.info: "remark"}


def render(
    findings: Findings, *, link: Link | None = None, most: int = MOST, above: Collection[Diagnostic] = ()
) -> str:
    """GitHub-flavoured Markdown of at most so many UTF-8 bytes, cut between rows, with what is left out.

    `above` are findings that the text before this says as risks of a plan: they are counted, and not said again.
    """
    head = f"### kafka-gitops lint: {text(summary(findings, timed=False))}\n"
    if above:
        head += f"\n{_they(len(above), len(findings.diagnostics))} above, with the risks of the plan.\n"
    parts, left = [head], most - len(head.encode())
    for severity, word in _WORDS.items():
        found = [one for one in findings.diagnostics if one.severity is severity and one not in above]
        if found:
            section = _section(found, word, left, link)
            parts.append(section)
            left -= len(section.encode()) + 1
    return "\n".join(parts)


def _section(found: Sequence[Diagnostic], word: str, room: int, link: Link | None) -> str:
    """A table, folded where it is long; where no row has room, the count alone."""
    opened = " open" if len(found) <= OPEN or word == "error" else ""
    head = f"<details{opened}><summary>{count(len(found), word)}</summary>\n\n"
    table = "| place | rule | found | do |\n| --- | --- | --- | --- |\n"
    every = causes(found)
    rows = list(_fitting(every, room - len(head) - len(table) - 150, link))
    if not rows:
        return f"{count(len(found), word)}: {_ALL}\n" if room > 100 else ""
    left = sum(cause.every for cause in every[len(rows) :])
    note = f"and {count(left, f'more {word}')}: {_ALL}" if left else f"What is counted in a row: {_ALL}"
    more = f"\n{note}\n" if left or folded(every) else ""
    return f"{head}{table}{''.join(rows)}{more}\n</details>\n"


def _fitting(found: Sequence[Cause], room: int, link: Link | None) -> Iterator[str]:
    for cause in found:
        one, more = cause.one, rest(cause, lambda span: place(Origin.at(span), link))
        said = text(clipped(one.message, _LONGEST)) + (f"<br>{more}" if more else "")
        row = f"| {place(Origin.at(one.span), link)} | {cell(one.rule)} | {said} | {_help(one)} |\n"
        room -= len(row.encode())
        if room < 0:
            return
        yield row


def _they(told: int, every: int) -> str:
    """`2 of them stand`."""
    if told == every:
        return "It stands" if every == 1 else "They stand"
    return f"{told:,} of them {'stands' if told == 1 else 'stand'}"


def _help(one: Diagnostic) -> str:
    """What to do; a line to copy stands as it is, at the end."""
    help, trailer, accepted = (one.help or "").partition(TRAILER)
    return text(clipped(help, _LONGEST)) + (f" {cell(clipped(trailer + accepted, LONGEST))}" if trailer else "")

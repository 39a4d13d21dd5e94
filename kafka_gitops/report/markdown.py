"""Findings for a job summary or a comment: counts first, errors first, the rest folded, hostile text inert."""

from collections.abc import Iterator, Sequence

from kafka_gitops.address import plain_path
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.report.findings import Findings, clipped, count, summary
from kafka_gitops.report.markup import cell, text

MOST = 60_000  # characters: a comment of GitHub holds 65,536, and who sends it adds a little
OPEN = 20  # as many findings of a severity stand unfolded
_LONGEST = 200  # characters of what somebody wrote
_WORDS = {Severity.error: "error", Severity.warning: "warning", Severity.info: "remark"}


def render(findings: Findings) -> str:
    """The whole text as GitHub-flavoured Markdown: at most MOST characters, cut between rows, with what is left out."""
    head = f"### kafka-gitops lint: {text(summary(findings, timed=False))}\n"
    parts, left = [head], MOST - len(head)
    for severity, word in _WORDS.items():
        found = [one for one in findings.diagnostics if one.severity is severity]
        if found:
            section = _section(found, word, left)
            parts.append(section)
            left -= len(section) + 1
    return "\n".join(parts)


def _section(found: Sequence[Diagnostic], word: str, room: int) -> str:
    """A folded table; where no row has room, the count alone."""
    opened = " open" if len(found) <= OPEN or word == "error" else ""
    head = f"<details{opened}><summary>{count(len(found), word)}</summary>\n\n"
    table = "| place | rule | found | do |\n| --- | --- | --- | --- |\n"
    rows = list(_fitting(found, room - len(head) - len(table) - 100))
    if not rows:
        return f"{count(len(found), word)}: see the log\n" if room > 100 else ""
    rest = len(found) - len(rows)
    more = f"\nand {count(rest, f'more {word}')}: see the log\n" if rest else ""
    return f"{head}{table}{''.join(rows)}{more}\n</details>\n"


def _fitting(found: Sequence[Diagnostic], room: int) -> Iterator[str]:
    for one in found:
        place = cell(clipped(f"{plain_path(one.span.path)}:{one.span.line}", _LONGEST))
        said, help = (text(clipped(said, _LONGEST)) for said in (one.message, one.help or ""))
        row = f"| {place} | {cell(one.rule)} | {said} | {help} |\n"
        room -= len(row)
        if room < 0:
            return
        yield row

"""Who approved what a change does: `--accept RULE[:NAME]`, or a trailer of one of its commits."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.errors import UsageError

TRAILER = "Kafka-Gitops-Accept"


class Approval(NamedTuple):
    """One rule over the change that is approved, for a resource by its name (None: for all), and by whom."""

    rule: str
    name: str | None
    by: str


def options(texts: Iterable[str], rules: Iterable[str]) -> Iterator[Approval]:
    """Read `--accept RULE[:NAME]`. Raises UsageError for a name that is no rule over a change."""
    known = sorted(rules)
    for text in texts:
        written, _, name = text.partition(":")
        rule = _rule(written, known)
        if rule is None:
            from difflib import get_close_matches

            near = get_close_matches(written, known, 1)
            hint = f'Did you mean "{near[0]}"?' if near else f"There are {', '.join(known)}."
            raise UsageError(f'--accept {text}: there is no rule over the change called "{written}"', help=hint)
        yield Approval(rule, name or None, "--accept")


def trailers(
    commits: Mapping[str, tuple[str, Sequence[str]]], rules: Iterable[str], risks: Collection[str] = ()
) -> tuple[list[Approval], list[str]]:
    """The approvals in `Kafka-Gitops-Accept: RULE [NAME]`, and a sentence for each trailer that names no such rule.

    `commits` has the author and the values of the trailers by the short id of a commit. A line that accepts a risk of a
    plan (`risks`) accepts the rule about the same thing too.
    """
    known = sorted(rules)
    found: list[Approval] = []
    notes: list[str] = []
    for commit, (author, values) in commits.items():
        for value in values:
            written, name = said(value)
            rule = _rule(written, known)
            if rule is not None:
                found.append(Approval(rule, name or None, f"{author} (commit {commit})"))
            elif value.strip() and written not in risks:
                notes.append(f'{TRAILER} of commit {commit}: there is no rule over the change called "{written}"')
    return found, notes


def said(value: str) -> tuple[str, str]:
    """The rule or risk of a trailer, `RULE NAME` or `RULE:NAME`, and the resource; empty where it names none."""
    written, name = (*re.split(r"\s*:\s*|\s+", value.strip(), maxsplit=1), "")[:2]
    return written, name


def _rule(written: str, known: Sequence[str]) -> str | None:
    """The rule over the change of this name, or about the risk of this name: `retention-shrink` is both."""
    return next((rule for rule in (written, f"change-{written}") if rule in known), None)


def approved(finding: Diagnostic, approvals: Sequence[Approval]) -> Diagnostic:
    """The finding as a remark that says who accepted it; where nobody did, an error says how that is done.

    The line to copy comes last, and names the rule as a plan names the risk: it accepts both.
    """
    for one in approvals:
        if one.rule == finding.rule and one.name in (None, finding.subject):
            said = f"{finding.message}; accepted by {one.by}"
            return finding._replace(severity=Severity.info, message=said, help=None, accepted=True)
    if finding.severity < Severity.error:
        return finding
    way = f"accept it in the message of a commit: {trailer(risk(finding), finding.subject)}"
    return finding._replace(help=f"{finding.help}; or {way}" if finding.help else way)


def trailer(name: str, subject: str) -> str:
    """The last line of a commit's message that accepts one risk, or rule over the change, for one resource."""
    return f"{TRAILER}: {name} {subject}"


def risk(finding: Diagnostic) -> str:
    """What a plan calls the danger that a rule over the change finds, if it knows it: `retention-shrink`."""
    return finding.rule.removeprefix("change-")

"""What the formats of findings share: the findings with their files, counts in words, and text made inert."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.text import characters
from kafka_gitops.text.source import Source


class Findings(NamedTuple):
    """The sorted findings of a run, and what was looked at: the files by path, the number of topics, the seconds.

    `folder` is the run's own directory as seen from the repository's root, empty there; `base` the commit that it is
    compared with.
    """

    diagnostics: Sequence[Diagnostic]
    sources: Mapping[str, Source] = {}
    topics: int = 0
    seconds: float | None = None
    environment: str | None = None
    folder: str = ""
    base: str | None = None

    def lines(self, path: str) -> list[str]:
        """The lines of a file as git and editors count them; none for a file that was not read."""
        source = self.sources.get(path)
        return characters.lines(source.text) if source is not None else []


def count(number: int, word: str) -> str:
    """`1 topic`, `1,204 topics`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def by_severity(diagnostics: Sequence[Diagnostic]) -> dict[str, int]:
    """How many findings there are of each severity, heaviest first, zeros included."""
    counts = Counter(one.severity for one in diagnostics)
    return {severity.name: counts[severity] for severity in (Severity.error, Severity.warning, Severity.info)}


def summary(findings: Findings, *, timed: bool = True) -> str:
    """`2 problems (1 error, 1 warning) in 12 files, 348 topics, 0.21 s`; not `timed`, the same for the same files."""
    where = f"in {count(len(findings.sources), 'file')}, {count(findings.topics, 'topic')}"
    if not findings.diagnostics:
        return f"No problems {where}."
    words = {"error": "error", "warning": "warning", "info": "remark"}
    counts = by_severity(findings.diagnostics).items()
    kinds = ", ".join(count(number, words[name]) for name, number in counts if number)
    seconds = f", {findings.seconds:.2f} s" if timed and findings.seconds is not None else ""
    return f"{count(len(findings.diagnostics), 'problem')} ({kinds}) {where}{seconds}"


def heaviest(pairs: Sequence[tuple[Diagnostic, str]]) -> list[tuple[Diagnostic, str]]:
    """Errors first, then warnings, then remarks, else in their order: what to keep where a format has a limit."""
    return sorted(pairs, key=lambda pair: -pair[0].severity)


def sentence(one: Diagnostic) -> str:
    """What was found and what to do, inert and in one line."""
    return inert(clipped(f"{one.message}; {one.help}" if one.help else one.message))


def clipped(text: str, most: int = 1000) -> str:
    """At most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def inert(text: str) -> str:
    """The text, escapes for what cannot be seen: it can neither steer a terminal, nor begin a line, nor hide.

    Broken are also the commands that are looked for anywhere in a line: `##[` of GitHub and `##vso[` of Azure.
    """
    if "##" in text:
        text = text.replace("##[", "## [").replace("##vso[", "## vso[")
    return characters.escaped(text)


def one_line(text: str) -> str:
    """The text with one blank for each run of usual ones; other blanks stay, to be seen as escapes."""
    return " ".join(part for part in re.split(r"[ \t\r\n]+", text) if part)


LINE = 4000  # characters of a log line: GitLab keeps 4 MiB of a log, which a few names would fill


def harmless(line: str) -> str:
    """A log line, cut and inert, that cannot be taken for a command of the CI either: those begin with `::`."""
    return characters.no_command(inert(clipped(line, LINE)))

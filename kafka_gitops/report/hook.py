"""Findings for a commit hook: a line each with what to do, folded by cause; old warnings do not drown an error."""

from collections import Counter
from collections.abc import Iterator, Sequence

from kafka_gitops import shell
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.report.causes import causes, rest
from kafka_gitops.report.findings import Findings, count, harmless, sentence


def render(findings: Findings) -> str:
    """`path:line:col: severity rule message; help`, errors first and then the rest in a line; empty without findings.

    Without an error the warnings and remarks are shown as errors are. The last line names `explain`.
    """
    errors = [one for one in findings.diagnostics if one.severity is Severity.error]
    others = [one for one in findings.diagnostics if one.severity is not Severity.error]
    shown = errors or others
    lines = [*folded(shown)]
    if errors and others:
        lines.append(_besides(others, findings.base))
    if shown:
        rules = list(dict.fromkeys(one.rule for one in shown))
        about = rules[0] if len(rules) == 1 else "RULE"
        lines.append(f"{shell.ours('explain', about)} says why, with a bad and a good example")
    return "".join(f"{harmless(line)}\n" for line in lines)


def folded(found: Sequence[Diagnostic]) -> Iterator[str]:
    """The lines of findings: those of one cause together, the first ones shown, the others counted."""
    for cause in causes(found):
        one = cause.one
        yield f"{one.span}: {one.severity} {one.rule} {sentence(one)}"
        if cause.more:
            yield f"  {rest(cause)}"


def _besides(others: Sequence[Diagnostic], base: str | None) -> str:
    rules = Counter(one.rule for one in others)
    named = ", ".join(f"{rule} {number:,}" for rule, number in rules.most_common(5))
    more = f" and {count(len(rules) - 5, 'more rule')}" if len(rules) > 5 else ""
    warnings = sum(one.severity is Severity.warning for one in others)
    numbers = {"warning": warnings, "remark": len(others) - warnings}
    compared = ("--base", base) if base and any(rule.startswith("change-") for rule in rules) else ()
    said = " and ".join(count(number, word) for word, number in numbers.items() if number)
    return f"besides {said} ({named}{more}): {shell.ours('lint', *compared)} shows them"

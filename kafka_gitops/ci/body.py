"""What a run came to, in words: Markdown for comments and summaries, lines for a log, facts for outputs."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from kafka_gitops import __version__
from kafka_gitops.acceptance import TRAILER
from kafka_gitops.acceptance import risk as risk_of
from kafka_gitops.ci import Context, Result
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.errors import Blocked
from kafka_gitops.redact import redact
from kafka_gitops.report import silenced
from kafka_gitops.report.findings import by_severity, harmless
from kafka_gitops.report.markup import code, lines_at, text

if TYPE_CHECKING:
    from kafka_gitops.changes import Outcome
    from kafka_gitops.plan.policy import Consent
    from kafka_gitops.report.views import PlanView

COMMENT = 60_000  # characters: GitHub takes 65,536 and the marker and the footer need some
SUMMARY = 900 * 1024  # bytes: GitHub takes 1 MiB per step


def render(context: Context, result: Result, *, most: int = COMMENT) -> str:
    """GitHub-flavoured Markdown, hostile text inert, at most so many UTF-8 bytes: the counts and the dangers first."""
    link = lines_at(context.lines_url) if context.lines_url else None
    head = [*_remarks(result), *_verdict(result), *_error(result), *_unapproved(result), *_outcome(result)]
    head += [silenced.markdown(result.silences, link)] if result.silences else []
    foot = _footer(context, result)
    parts = ["\n\n".join(head)] if head else []
    room = most - sum(len(part.encode()) + 2 for part in (*parts, foot))
    above: frozenset[Diagnostic] = frozenset()
    view = _view(result)
    if view is not None:
        from kafka_gitops.report import plan_markdown

        above = frozenset(_above(result, view.given))
        share = room if result.findings is None else room * 2 // 3
        parts.append(plan_markdown.render(replace(view, link=link, most=share)))
        room -= len(parts[-1].encode()) + 2
    if result.findings is not None:
        from kafka_gitops.report import markdown

        parts.append(markdown.render(result.findings, link=link, most=room - 2, above=above))
    return redact("\n\n".join(part.strip("\n") for part in (*parts, foot) if part) + "\n")


def _view(result: Result) -> "PlanView | None":
    """How the plan of a run is shown; None for a run that did not get that far."""
    if result.plan is None or result.sizes is None or result.consent is None:
        return None
    from kafka_gitops.report.views import PlanView

    return PlanView(
        result.plan, result.sizes, result.consent, result.proposed, result.named,
        carried_out=result.outcomes is not None, declared=result.declared,
    )  # fmt: skip


def _above(result: Result, given: "Consent") -> Iterator[Diagnostic]:
    """The findings about the change that a risk of the plan says already, and in the same way: open or accepted."""
    covered = {
        (risk.name, change.key.name): given.covers(risk, change)
        for change in result.changes
        for risk in change.risks
        if risk.blocks
    }
    for one in result.findings.diagnostics if result.findings is not None else ():
        if covered.get((risk_of(one), one.subject)) is (one.severity is Severity.info):
            yield one


def silent(result: Result) -> bool:
    """Whether there is nothing that a comment would have to say: no finding, no change of its own, no trouble."""
    plan, findings = result.plan, result.findings
    calm = plan is None or not (result.changes or plan.unsupported or plan.nevers or plan.stays or plan.released)
    calm = calm and (plan is None or not plan.held or result.asked == "drift")
    clean = findings is None or not findings.diagnostics
    return calm and clean and result.error is None and not result.remarks and not result.silences


def applied(context: Context, result: Result) -> bool:
    """Whether a push applied something, or tried to: the change request that it merged is told."""
    pushed = context.change_request is None and context.base is not None
    return pushed and result.command == "apply" and not silent(result)


def log(result: Result, *, linted: bool = True) -> str:
    """The plan and what an apply did, for a log: no line of it begins a command of a CI.

    Not `linted`: without the remarks and the findings, which stand in the log already.
    """
    return "\n".join(harmless(line) for line in _log(result, linted))


def _log(result: Result, linted: bool) -> Iterator[str]:
    if linted:
        yield from (*result.added, *result.remarks)
    if linted and result.findings is not None:
        from kafka_gitops.report import full

        yield from full.render(result.findings).splitlines()
    yield from silenced.lines(result.silences)
    view = _view(result)
    if view is not None:
        from kafka_gitops.report import plan_text

        yield from plan_text.render(view).splitlines()
    yield from _verdict(result)
    if result.outcomes is not None and result.counts is not None:
        from kafka_gitops.report import apply_text

        yield from apply_text.lines(result.outcomes)
        yield from apply_text.helps(result.outcomes)
        yield closing(result)
        yield from filter(None, [apply_text.onward(result.outcomes)])
        yield from apply_text.unverified(result.outcomes)


def closing(result: Result) -> str:
    """`3 applied, 0 failed, 0 skipped`: what an apply did, in a line."""
    counts = result.counts
    if counts is None:
        return ""
    some = "" if counts.unverified == counts.applied else f" {counts.unverified:,} of them"
    applied = f"{counts.applied:,} applied" + (f",{some} not verified" if counts.unverified else "")
    more = [f"{counts.unknown:,} unknown (the answer was lost)"] if counts.unknown else []
    more += [f"{counts.already:,} already up to date"] if counts.already else []
    more += [f"{counts.unseen:,} not visible yet"] if counts.unseen else []
    more += [f"{counts.impossible:,} not possible"] if counts.impossible else []
    return ", ".join([applied, f"{counts.failed:,} failed", f"{counts.skipped:,} skipped", *more])


def facts(result: Result) -> dict[str, str]:
    """What a pipeline may want to decide by, as short texts by kebab-case names."""
    found = by_severity(result.findings.diagnostics) if result.findings is not None else {}
    changes = [change.action for change in result.changes]
    told = {
        "command": result.command,
        "exit-code": str(result.code),
        "has-changes": "true" if changes else "false",  # a person is asked by it: only of what an apply can do
        **{f"{action}-count": str(changes.count(action)) for action in ("create", "update", "delete")},
        "error-count": str(found.get("error", 0)),
        "warning-count": str(found.get("warning", 0)),
        "auto-approve": "true" if result.person == () else "false",
    }
    if result.plan is not None:
        from kafka_gitops.plan import file as plan_file

        told["plan-digest"] = plan_file.approval(result.plan)
    return told


def _remarks(result: Result) -> Iterator[str]:
    for remark in (*result.added, *result.remarks):
        yield f"> **Note:** {text(remark[:1000])}"


def _verdict(result: Result) -> Iterator[str]:
    if result.person == ():
        yield "May be merged without a person: all that it does is on the list."


def _error(result: Result) -> Iterator[str]:
    if result.error is not None:
        what = "" if isinstance(result.error, Blocked) else f"kafka-gitops {result.command} stopped: "
        lines = [f"### {what}{text(result.error.message[:2000])}"]
        help = [line[:500] for line in (result.error.help or "").splitlines()[:20]]
        reasons = []
        if result.error.message.endswith(":"):  # the reasons, then what can be done
            reasons = [*takewhile(lambda line: not line.startswith("To "), help)]
            lines += ["\n".join(f"* {_help(line)}" for line in reasons)]
        yield "\n\n".join([*lines, *map(_help, help[len(reasons) :])])


def _help(line: str) -> str:
    """A line of help; what is to be copied from it, a trailer or options at its end, stands as it is."""
    if line.startswith(TRAILER):
        return code(line)
    said, way, options = line.partition(": --")
    return f"{text(said)}: {code(f'--{options}')}" if way else text(line)


def _unapproved(result: Result) -> Iterator[str]:
    if result.unapproved:
        from kafka_gitops.report.ranks import rank

        first = sorted(result.unapproved, key=rank)[:100]
        rows = [f"* {change.action} {code(str(change.key)[:300])}" for change in first]
        more = [f"* and {len(result.unapproved) - 100:,} more"] if len(result.unapproved) > 100 else []
        yield "\n".join(["**Not in the approved plan:**", "", *rows, *more])


def _outcome(result: Result) -> Iterator[str]:
    if result.outcomes is None:
        return
    yield f"### kafka-gitops apply: {text(closing(result))}"
    from kafka_gitops.report import apply_text

    wrong = [_wrong(one) for one in result.outcomes if one.status not in ("done", "already")]
    if wrong:
        yield "\n".join([*wrong[:100], *([f"* and {len(wrong) - 100:,} more"] if len(wrong) > 100 else [])])
    last = filter(None, [apply_text.onward(result.outcomes)])
    lines = (*last, *apply_text.unverified(result.outcomes), *apply_text.helps(result.outcomes))
    help = [line.strip()[:1000] for line in lines[:20]]
    if help:
        yield "\n\n".join(code(line) if line.startswith("kafka-acls ") else text(line) for line in help)


def _wrong(outcome: "Outcome") -> str:
    why = outcome.detail or "" if outcome.status != "unverified" else ""  # which is the same for many, and told below
    return f"* {outcome.status}: {code(str(outcome.change.key)[:300])} {text(why[:500])}".rstrip()


def _footer(context: Context, result: Result) -> str:
    parts = [f"commit {code(context.head[:12])}"] if context.head else []
    if result.plan is not None:
        from kafka_gitops.plan import file as plan_file

        parts.append(f"plan {code(plan_file.approval(result.plan)[:19])}")
    parts += [f"recorded as {code(result.run)}"] if result.run else []
    parts += [f"[run]({context.run_url})"] if context.run_url else []
    return f"<sub>{' · '.join([*parts, f'kafka-gitops {__version__}'])}</sub>"

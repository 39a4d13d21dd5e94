"""What a reviewer must not miss in a plan: risks with their sentences, every deletion, what cannot be done."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from kafka_gitops.changes import Change
from kafka_gitops.kinds import LOOKS
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent, accept_option, accept_trailer
from kafka_gitops.report import words
from kafka_gitops.report.findings import clipped
from kafka_gitops.report.folds import LONGEST, OPEN, fitting, folded, size, table
from kafka_gitops.report.markup import Link, cell, code, place, text
from kafka_gitops.report.plan_rights import said
from kafka_gitops.report.ranks import rank

RISKS = ("risk", "resource", "what happens", "state", "place")


def render(
    plan: Plan,
    given: Consent,
    link: Link | None,
    room: int,
    *,
    proposed: bool = False,
    above: Collection[Change] = (),
) -> str:
    """All in full where that takes no more than half of the room, else a line each; what reaches furthest first.

    `proposed`: a commit of the change can still accept a risk, so that is the way that is shown. `above` are changes
    that stand above already.
    """
    way = accept_trailer if proposed else accept_option
    left = set(map(id, above))
    plan = replace(plan, changes=tuple(sorted((one for one in plan.changes if id(one) not in left), key=rank)))
    full = "\n".join(filter(None, (_risks(plan, given, link, way), _impossible(plan, link), _deletions(plan, link))))
    return full if size(full) <= room // 2 else _short(plan, link, room)


def _risks(plan: Plan, given: Consent, link: Link | None, way: Callable[[str, Change], str]) -> str:
    rows = []
    for change in plan.changes:
        for risk in change.risks:
            if risk.blocks:
                state = f"blocks until accepted: {cell(clipped(way(risk.name, change), LONGEST))}"
                if given.covers(risk, change):
                    state = f"accepted by {text(clipped(given.whose(risk, change), LONGEST))}"
                named = f"**delete** {_named(change)}" if change.action == "delete" else _named(change)
                said = text(clipped(risk.sentence, 2 * LONGEST)) + _because(change) + _notes([change])
                rows.append(f"| **{risk.name}** | {named} | {said} | {state} | {place(change.origin, link)} |")
    return table(RISKS, rows) if rows else ""


def _impossible(plan: Plan, link: Link | None) -> str:
    return "".join(
        f"* **cannot be done:** {code(clipped(str(entry.key), LONGEST))} {text(clipped(entry.reason, LONGEST))}"
        f"{f' ({place(entry.origin, link)})' if entry.origin else ''}\n"
        for entry in (*plan.unsupported, *plan.nevers)
    )


def _deletions(plan: Plan, link: Link | None) -> str:
    """Those that no row of a risk shows."""
    gone = [change for change in plan.changes if change.action == "delete"]
    calm = [change for change in gone if not any(risk.blocks for risk in change.risks)]
    if not calm:
        return ""
    rows, counts = [], []
    for kind, looks in LOOKS.items():
        mine = [change for change in calm if change.key.kind == kind]
        for row in looks.rows(mine):
            because = "" if row.who else _because(row.changes[0])
            rows.append(f"| {said(row)}{because}{_notes(row.changes)} | {place(row.origin, link)} |")
        counts += [words.many(kind, len(mine))] if mine else []
    also = "also " if len(calm) < len(gone) else ""
    summary, room = f"<b>Deletes {also}{words.joined(counts)}</b>", sum(size(row) for row in rows) + 1000
    return folded(summary, ("deleted", "place"), rows, room, opened=len(rows) <= OPEN)[0]


def _short(plan: Plan, link: Link | None, room: int) -> str:
    rows = [*_lines(plan.changes), *_impossible(plan, link).splitlines()]
    kept = fitting(rows, room - 100)
    more = f"\n\nand {len(rows) - len(kept):,} more dangerous ones: see the saved plan" if len(kept) < len(rows) else ""
    return "\n".join(kept) + more


def _lines(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        risks = ", ".join(f"**{risk.name}**" for risk in change.risks if risk.blocks)
        if risks or change.action == "delete":
            yield f"* {change.action} {code(clipped(str(change.key), LONGEST))}{f' {risks}' if risks else ''}"


def _named(change: Change) -> str:
    return cell(clipped(str(change.key), LONGEST))


def _notes(changes: Iterable[Change]) -> str:
    """What is told without blocking of what is taken away, which no other table shows."""
    told = (risk for change in changes if change.after is None for risk in change.risks if not risk.blocks)
    return "".join(f"<br>{text(clipped(f'{one.name}: {one.sentence}', LONGEST))}" for one in dict.fromkeys(told))


def _because(change: Change) -> str:
    return f"<br>{text(words.because(change))}" if change.because else ""

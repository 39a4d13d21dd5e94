"""The changes of a plan as tables, one for each project or file: what, which resource, from and to, where."""

from collections import Counter
from collections.abc import Iterator, Sequence

from kafka_gitops.changes import Change
from kafka_gitops.kinds import LOOKS
from kafka_gitops.plan.make import Plan
from kafka_gitops.report import words
from kafka_gitops.report.findings import clipped
from kafka_gitops.report.folds import LONGEST, OPEN, folded, size
from kafka_gitops.report.markup import Link, cell, html_code, place, text
from kafka_gitops.report.ranks import grants

COLUMNS = ("change", "resource", "from → to", "place")


def render(changes: Sequence[Change], link: Link | None, room: int, *, carried_out: bool = False) -> str:
    """All but the deletions, which are among the dangers, and rights, which have their own table; in that room.

    `carried_out`: an apply has ended, so that nothing is "to create" any more.
    """
    groups = _groups([change for change in changes if change.action != "delete" and not grants(change)])
    parts, rest = [], sum(map(len, groups.values()))
    opened = rest <= OPEN
    several = len({kind for kind, _ in groups}) > 1
    for (kind, name), members in groups.items():
        of = f"{LOOKS[kind].nouns} of " if several else ""
        summary = f"{of}{html_code(clipped(name, LONGEST))}: {_counts(members, carried_out)}"
        part, kept = folded(summary, COLUMNS, (_row(change, link) for change in members), room, opened=opened)
        parts += [part] if part else []
        room, rest = room - size(part), rest - kept
        if kept < len(members):
            break
    return "\n".join([*parts, *_more(rest)])


def _groups(changes: Sequence[Change]) -> dict[tuple[str, str], list[Change]]:
    """The changes of each kind by project or file, kinds with a risk that blocks first."""
    risky = {change.key.kind for change in changes for risk in change.risks if risk.blocks}
    groups: dict[tuple[str, str], list[Change]] = {}
    for kind in sorted(LOOKS, key=lambda kind: kind not in risky):
        for change in changes:
            if change.key.kind == kind:
                groups.setdefault((kind, _home(change)), []).append(change)
    return groups


def pending(plan: Plan, link: Link | None, room: int, *, above: bool, carried_out: bool = False) -> str:
    """What the files wanted before this change already: folded, with its counts; `above` stand its deletions."""
    waiting = [change for change in plan.changes if change.pending]
    if not waiting:
        return ""
    said = "; ".join(filter(None, (f"{words.PENDING}: {_counts(waiting, carried_out)}", words.blocking(waiting))))
    shown = [change for change in waiting if not (above and change.action == "delete")]
    part, kept = folded(said, COLUMNS, (_row(change, link) for change in shown), room - len(said))
    return "\n".join([part or f"{said}\n", *_more(len(shown) - kept)])


def _home(change: Change) -> str:
    origin = change.origin
    return (origin.project or origin.path) if origin else "(in no file)"


def _counts(changes: Sequence[Change], carried_out: bool) -> str:
    if carried_out:
        return words.count(len(changes), "change")
    return words.actions(Counter(change.action for change in changes))


def _row(change: Change, link: Link | None) -> str:
    action = "**delete**" if change.action == "delete" else change.action
    said = "<br>".join(_details(change))
    return f"| {action} | {cell(clipped(str(change.key), LONGEST))} | {said} | {place(change.origin, link)} |"


def _details(change: Change) -> Iterator[str]:
    if change.act is not None:
        yield text(clipped(words.act(change), LONGEST))
        yield from filter(None, [text(words.because(change))])
    if change.action == "delete":
        return
    edits = list(change.edits())
    for edit in edits[:OPEN]:
        what, remark = words.edit_text(change, edit)
        yield cell(clipped(f"{edit.field}: {what}", LONGEST)) + (f" {remark}" if remark else "")
    if len(edits) > OPEN:
        yield f"and {words.count(len(edits) - OPEN, 'more field')}"
    for field in words.left_open(change):
        yield f"{cell(f'{field}:')} {words.opened(change)}"
    for risk in change.risks:
        if not risk.blocks and risk.name != "undeclared-reset":
            yield text(clipped(f"{risk.name}: {risk.sentence}", LONGEST))


def _more(rest: int) -> list[str]:
    return [f"and {words.count(rest, 'more change')}: see the saved plan\n"] if rest else []

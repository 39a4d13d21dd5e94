"""A plan that may be too long for a comment: what is dangerous stays, the rest is cut on a row."""

from collections import Counter
from collections.abc import Iterable, Iterator

from kafka_gitops.changes import Change
from kafka_gitops.plan import Plan
from kafka_gitops.policy import Consent
from kafka_gitops.report import plan_markdown, words
from kafka_gitops.report.findings import clipped
from kafka_gitops.report.markup import cell, code, text
from kafka_gitops.report.plan_text import Sizes

_NAME = 300  # characters of a name; Kafka's topics have 249 at most, an ACL's sentence is longer


def render(plan: Plan, sizes: Sizes, given: Consent, *, most: int) -> str:
    """The full Markdown where it fits into so many UTF-8 bytes, else the short one: every danger, then what fits."""
    if len(plan.changes) <= 500:
        full = plan_markdown.render(plan, sizes, given)
        if len(full.encode()) <= most:
            return full
    return _short(plan, sizes, most)


def _short(plan: Plan, sizes: Sizes, most: int) -> str:
    actions = Counter(change.action for change in plan.changes)
    counts = f"{actions['create']:,} to create, {actions['update']:,} to update, {actions['delete']:,} to delete"
    where = text(clipped(plan.environment or "the cluster", _NAME))
    lines = [f"### Plan for {where}: {counts}", "", f"Cluster {code(plan.cluster)}, {sizes}.", ""]
    room = most - sum(len(line.encode()) + 1 for line in lines) - 200
    dangerous, rest = _parted(plan.changes)
    rows = [*_dangers(dangerous), *(_impossible(plan))]
    for row in _fitting(rows, room, "dangerous ones", lines):
        room -= row
    if rest:
        lines += ["", "| change | |", "| --- | --- |"]
        list(_fitting([_row(change) for change in rest], room - 40, "changes", lines))
    return "\n".join(lines) + "\n"


def _parted(changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    """Deletions and what has a blocking risk, and the rest."""
    parts: tuple[list[Change], list[Change]] = [], []
    for change in changes:
        harmless = change.action != "delete" and not any(risk.blocks for risk in change.risks)
        parts[harmless].append(change)
    return parts


def _dangers(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        risks = ", ".join(f"**{risk.name}**" for risk in change.risks if risk.blocks)
        yield f"* {change.action} {code(clipped(str(change.key), _NAME))}{f' {risks}' if risks else ''}"


def _impossible(plan: Plan) -> Iterator[str]:
    for entry in (*plan.unsupported, *plan.nevers):
        yield f"* cannot be done: {code(clipped(str(entry.key), _NAME))} {text(clipped(entry.reason, _NAME))}"


def _row(change: Change) -> str:
    place = f"{cell(clipped(str(change.origin), _NAME))}" if change.origin else ""
    return f"| {change.action} {cell(clipped(str(change.key), _NAME))} | {place} |"


def _fitting(rows: Iterable[str], room: int, what: str, lines: list[str]) -> Iterator[int]:
    """Append the rows that fit, then how many did not; yields the size of each."""
    all_rows = list(rows)
    for index, row in enumerate(all_rows):
        size = len(row.encode()) + 1
        if size > room:
            lines += ["", f"and {words.count(len(all_rows) - index, 'more', 'more')} {what}: see the saved plan"]
            return
        room -= size
        lines.append(row)
        yield size

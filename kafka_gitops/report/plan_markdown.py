"""A plan for a change request: the verdict and the dangers first, the changes folded, hostile text inert."""

from collections import Counter
from collections.abc import Iterator, Sequence

from kafka_gitops.changes import Change
from kafka_gitops.plan import Plan
from kafka_gitops.policy import Consent, accept_option
from kafka_gitops.report import words
from kafka_gitops.report.findings import inert
from kafka_gitops.report.markup import cell, code, text
from kafka_gitops.report.plan_text import Sizes


def render(plan: Plan, sizes: Sizes, given: Consent) -> str:
    """The whole text as GitHub-flavoured Markdown."""
    where = text(plan.environment or "the cluster")
    if not plan.changes and not plan.unsupported and not plan.nevers:
        return f"### No changes\n\n{where} equals the files ({sizes}).\n"
    actions = Counter(change.action for change in plan.changes)
    counts = f"{actions['create']:,} to create, {actions['update']:,} to update, {actions['delete']:,} to delete"
    lines = [f"### Plan for {where}: {counts}", "", f"Cluster {code(plan.cluster)}, {sizes}."]
    for section in (_risks(plan, given), _impossible(plan), _changes(plan), _rest(plan)):
        found = list(section)
        if found:
            lines += ["", *found]
    return "\n".join(lines) + "\n"


def _risks(plan: Plan, given: Consent) -> Iterator[str]:
    rows = [(change, risk) for change in plan.changes for risk in change.risks if risk.blocks]
    if not rows:
        return
    yield "| risk | resource | what happens | |"
    yield "| --- | --- | --- | --- |"
    for change, risk in rows[:100]:
        state = "accepted" if given.covers(risk, change) else f"blocks: {cell(accept_option(risk.name, change))}"
        yield f"| **{risk.name}** | {cell(str(change.key))} | {text(risk.sentence)} | {state} |"
    if len(rows) > 100:
        yield f"\nand {len(rows) - 100:,} more risks"


def _impossible(plan: Plan) -> Iterator[str]:
    for entry in (*plan.unsupported, *plan.nevers):
        yield f"* **cannot be done:** {code(str(entry.key))} {text(entry.reason)}"


def _changes(plan: Plan) -> Iterator[str]:
    yield from _folded([change for change in plan.changes if not change.pending], "change", opened=True)
    yield from _folded([change for change in plan.changes if change.pending], "change that was pending anyway")


def _folded(changes: Sequence[Change], what: str, *, opened: bool = False) -> Iterator[str]:
    if not changes:
        return
    attribute = " open" if opened and len(changes) <= 20 else ""
    plural = what.replace("change", "changes", 1).replace("was", "were", 1)
    yield f"<details{attribute}><summary>{words.count(len(changes), what, plural)}</summary>"
    yield ""
    yield "```diff"
    for change in changes[:500]:
        sign = {"create": "+", "update": "!", "delete": "-"}[change.action]
        yield _inert(f"{sign} {words.noun(change.key)}{f'    {change.origin}' if change.origin else ''}")
        if not words.is_acl(change) and change.action != "delete":
            for edit in change.edits():
                what, remark = words.edit_text(change, edit)
                yield _inert(f"      {edit.field.ljust(19)} {what}{f'    {remark}' if remark else ''}")
    if len(changes) > 500:
        yield f"  and {len(changes) - 500:,} more"
    yield "```"
    yield ""
    yield "</details>"


def _inert(line: str) -> str:
    return inert(line.replace("```", "` ` `").replace("\n", " ").replace("\r", " "))


def _rest(plan: Plan) -> Iterator[str]:
    names = {"topics": "topic", "acls": "ACL"}
    parts = [words.count(number, names[kind]) for kind, number in plan.left_alone.items() if number]
    if parts:
        yield f"Left alone (on the cluster, in no file): {', '.join(parts)}"
    for note in plan.notes:
        yield f"* {text(note)}"

"""A plan for a terminal: the counts, then the dangers, then the changes, then what cannot be done."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from kafka_gitops.changes import Change, Risk
from kafka_gitops.errors import listed
from kafka_gitops.kinds import LOOKS
from kafka_gitops.kinds.looks import ADMIN
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent, accept_option, accept_trailer
from kafka_gitops.report import plan_past, plan_rest, words
from kafka_gitops.report.findings import inert, one_line
from kafka_gitops.report.plan_rights import foremost
from kafka_gitops.report.ranks import far, grants, rank
from kafka_gitops.report.views import Paint, PlanView

FEW = 50  # changes of one kind that are listed one by one
_STYLE = {"create": "green", "update": "yellow", "delete": "red"}
_PLACES = 58  # the column of the places, further right where names are longer, up to
_MOST = 90
_FIELDS, _WIDEST = 19, 40  # the column of values beside their fields


def render(view: PlanView) -> str:
    """The whole text; at most five lines when nothing changes and nothing is to be named."""
    plan, sizes, named, paint = view.plan, words.sizes(view.sizes), view.named, view.paint
    where, notes = plan.environment or "the cluster", list(_notes(plan))
    if not plan.changes and not plan.unsupported and not plan.nevers:
        commit = f", commit {_short(plan.commit)}" if plan.commit else ""
        lines = [f"No changes. {words.calm(plan, f'{sizes}{commit}')}", *plan_past.lines(plan), *notes]
        return "\n".join([*lines, *plan_rest.stays(plan, named or FEW), *plan_rest.left_alone(plan, named)]) + "\n"
    told, way = (plan.own(), accept_trailer) if view.proposed else (plan, accept_option)
    nothing = not told.changes and not plan.unsupported and not plan.nevers
    sections = [
        list(plan_past.lines(plan)),
        [f"This change does nothing to {where} ({sizes})."] if nothing else _head(told, sizes),
        list(_foremost(told, paint)),
        list(_risks(told, view.given, paint, way)),
        list(_changes(told, paint)),
        list(_unsupported(plan, paint)),
        notes,
        list(plan_rest.stays(plan, named or FEW)),
        [*filter(None, [pending(plan)]), *plan_rest.left_alone(plan, named)],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _notes(plan: Plan) -> Iterator[str]:
    """What waits to be applied, and what the plan could not find out."""
    if waits := words.ahead(plan):
        yield waits
    for note in plan.notes:
        yield f"note: {one_line(note)}"


def _short(commit: str) -> str:
    """A commit's first seven digits, its `-dirty` kept."""
    return commit[:7] + ("-dirty" if commit.endswith("-dirty") else "")


def _head(plan: Plan, sizes: str) -> list[str]:
    commit = f" from commit {_short(plan.commit)}" if plan.commit else ""
    return [
        f"Plan for {plan.environment or 'the cluster'} (cluster {words.short_id(plan.cluster)}, {sizes}){commit}",
        f"  {words.totals(plan)}",
        *(f"  {line}" for line in filter(None, [words.by_kind(plan)])),
    ]


def _foremost(plan: Plan, paint: Paint) -> Iterator[str]:
    """Of what is only counted below, the rights that reach furthest, one by one; those with a risk stand there."""
    many = any(len(_listed(plan, kind)) > FEW for kind in LOOKS)
    counted = [change for change in plan.changes if many or change.pending]
    shown = [change for change in foremost(counted) if not any(risk.blocks for risk in change.risks)]
    if not shown:
        return
    yield paint("Rights to look at first", "bold")
    every = [change for change in shown if rank(change)[0] == ADMIN]
    kept = [*every, *shown[len(every) : max(FEW, len(every))]]
    yield from _each(kept, paint)
    if len(shown) > len(kept):
        yield f"  and {len(shown) - len(kept):,} more: --format json shows all"


def _listed(plan: Plan, kind: str) -> list[Change]:
    """The changes of a kind but for what was pending anyway, whose deletions count; the furthest-reaching first."""
    every = plan.of(kind, "create", "update", "delete")
    return sorted((change for change in every if not change.pending or change.action == "delete"), key=rank)


def _risks(plan: Plan, given: Consent, paint: Paint, way: Callable[[str, Change], str]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[tuple[Change, Risk]]] = {}
    for change in sorted(plan.changes, key=rank):
        alone = not grants(change) or far(change)
        for risk in change.risks:
            same = (risk.name, change.key.name + risk.sentence if alone else risk.sentence)
            groups.setdefault(same, []).append((change, risk))
    blocking = [group for group in groups.values() if group[0][1].blocks]
    if blocking:
        yield paint("Risks", "bold")
    for group in blocking:
        change, risk = group[0]
        several = f"{len(group)} {LOOKS[change.key.kind].nouns}, first: {inert(change.key.name)}"
        subject = words.noun(change.key) if len(group) == 1 else several
        yield f"  {paint('!', 'red')} {paint(risk.name, 'bold')}  {subject}  {one_line(risk.sentence)}"
        place = f"{change.origin}  " if change.origin else ""
        accept = f"--accept {risk.name}" if len(group) > 1 and way is accept_option else way(risk.name, change)
        state = f"blocks until accepted: {inert(accept)}"
        if all(given.covers(risk, change) for change, risk in group):
            state = f"accepted by {listed(dict.fromkeys(given.whose(risk, change) for change, risk in group), most=3)}"
        yield f"      {place}{state}"


def _changes(plan: Plan, paint: Paint) -> Iterator[str]:
    """What the change itself does, one by one; what was pending anyway in a line, its deletions and risks above it."""
    for kind in LOOKS:
        changes = _listed(plan, kind)
        if len(changes) <= FEW:
            yield from _each(changes, paint)
            continue
        shown = [change for change in changes if any(risk.blocks for risk in change.risks) or change.action == "delete"]
        yield from _grouped(changes, kind)
        yield from _each(shown[:FEW], paint)
        if len(shown) > FEW:
            yield f"  and {len(shown) - FEW:,} more with a risk or a deletion: --format json shows all"


def pending(plan: Plan) -> str | None:
    """What the files wanted before this change already, in a sentence; None without any."""
    waiting = [change for change in plan.changes if change.pending]
    if not waiting:
        return None
    counts = words.actions(Counter(change.action for change in waiting))
    names = listed([change.key for change in sorted(waiting, key=rank)], most=3)
    return f"{words.PENDING}: {counts}: {names}"


def _grouped(changes: Sequence[Change], kind: str) -> Iterator[str]:
    groups: dict[str, Counter[str]] = {}
    for change in changes:
        origin = change.origin
        project = (origin.project or origin.path) if origin else "(in no file)"
        groups.setdefault(project, Counter())[change.action] += 1
    yield f"  {len(changes):,} {LOOKS[kind].nouns}, by project (--format json shows each)"
    for project, actions in sorted(groups.items())[:FEW]:
        yield f"    {project}  {words.actions(actions)}"
    if len(groups) > FEW:
        yield f"    and {len(groups) - FEW:,} more projects"


def _each(changes: Sequence[Change], paint: Paint) -> Iterator[str]:
    longest = max((len(words.sentence(change)) + 2 for change in changes), default=0)
    column = max(_PLACES, min(longest, _MOST))
    for change in changes:
        yield from _change(change, paint, column)


def _change(change: Change, paint: Paint, column: int) -> Iterator[str]:
    head = f"  {words.sentence(change)}"
    place = f"  {' ' * max(0, column - len(head))}{change.origin}" if change.origin else ""
    yield paint(head, _STYLE[change.action]) + place
    if change.act is not None:
        yield f"      {words.act(change)}"
    if change.because:
        yield f"      {words.because(change)}"
    yield from _fields(change)
    for risk in change.risks:
        if not risk.blocks and risk.name != "undeclared-reset":
            yield f"      note: {risk.name}: {one_line(risk.sentence)}"


def _fields(change: Change) -> Iterator[str]:
    """What it sets, field by field, and what it leaves to the server; nothing of a deletion."""
    if change.action == "delete":
        return
    every, left = list(change.edits()), words.left_open(change)
    edits = every[:FEW]
    column = max(_FIELDS, min(max(map(len, [*left, *(edit.field for edit in edits)]), default=0), _WIDEST))
    for edit in edits:
        text, remark = words.edit_text(change, edit)
        yield f"      {edit.field.ljust(column)} {text}{f'    {remark}' if remark else ''}"
    if len(every) > FEW:
        yield f"      and {len(every) - FEW:,} more fields: --format json shows all"
    for field in left:
        yield f"      {field.ljust(column)} {words.opened(change)}"


def _unsupported(plan: Plan, paint: Paint) -> Iterator[str]:
    entries = [*plan.unsupported, *plan.nevers]
    if entries:
        yield paint("Cannot be done", "bold")
    for entry in entries:
        place = f" ({entry.origin})" if entry.origin else ""
        yield f"  {paint('x', 'red')} {words.noun(entry.key)}  {one_line(entry.reason)}{place}"

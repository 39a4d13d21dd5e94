"""A plan for a change request: the verdict and the dangers first, then tables by project, rights and a picture."""

from collections.abc import Iterator
from dataclasses import replace

from kafka_gitops.plan.make import Plan
from kafka_gitops.report import plan_dangers, plan_past, plan_picture, plan_rest, plan_rights, plan_tables, words
from kafka_gitops.report.findings import clipped
from kafka_gitops.report.folds import LONGEST, size
from kafka_gitops.report.markup import code, text
from kafka_gitops.report.views import PlanView


def render(view: PlanView) -> str:
    """GitHub-flavoured Markdown, hostile text inert.

    What does not fit is cut on a row and counted: first the changes, then the rights, the deletions and risks, last the
    rights that reach furthest.
    """
    plan, link, most = view.plan, view.link, view.most
    if not plan.changes and not plan.unsupported and not plan.nevers:
        return _quiet(view)
    own = plan.own()
    told = own if view.proposed else plan
    head = _head(view, told)
    stays = plan_rest.stays_markdown(plan, link, most // 4)
    tail = "\n\n".join(filter(None, [*_notes(plan), plan_rest.left_alone_markdown(plan, view.named, most // 4)]))
    room = most - size(head, stays, tail) - 300  # what is left out is counted in sentences
    first, shown = plan_rights.above(told.changes, link, room // 2)
    room -= size(first)
    dangers = plan_dangers.render(told, view.given, link, room, proposed=view.proposed, above=shown)
    room -= size(dangers)
    mine = own.changes
    known = set(map(id, shown))
    gained = plan_rights.render((one for one in mine if id(one) not in known), link, room // 3, others=bool(shown))
    picture = plan_picture.render(mine, view.declared)
    picture = picture if size(picture) < room // 4 else ""
    room -= size(gained, picture)
    tables = plan_tables.render(mine, link, room, carried_out=view.carried_out)
    pending = plan_tables.pending(
        plan, link, room - size(tables), above=not view.proposed, carried_out=view.carried_out
    )
    sections = (head, first, dangers, stays, tables, gained, picture, pending, tail)
    return "\n\n".join(section.strip("\n") for section in sections if section) + "\n"


def _quiet(view: PlanView) -> str:
    """What is said where nothing changes."""
    plan = view.plan
    calm = words.calm(replace(plan, environment=_where(plan) if plan.environment else None), words.sizes(view.sizes))
    quiet = (
        f"**No changes.** {calm}",
        plan_past.markdown(plan),
        *_notes(plan),
        plan_rest.stays_markdown(plan, view.link, view.most // 2),
    )
    rest = plan_rest.left_alone_markdown(plan, view.named, view.most - size(*quiet)) if view.named else ""
    return "\n\n".join(part.strip("\n") for part in (*quiet, rest) if part) + "\n"


def _head(view: PlanView, told: Plan) -> str:
    """The counts of what is told, and where; once it is carried out nothing is "to create" any more."""
    where = _where(told)
    nothing = not told.changes and not told.unsupported and not told.nevers
    done = f"### What was planned for {where}"
    asked = done if view.carried_out else f"### Plan for {where}: {words.totals(told)}"
    said = f"**This change does nothing to {where}.**" if nothing else asked
    counted = "" if nothing else words.by_kind(told)
    changes = f" Changes: {text(counted)}." if counted else ""
    past = plan_past.markdown(told)
    against = f"\n\n{past}" if past else ""
    return f"{said}\n\nCluster {code(told.cluster)}, {words.sizes(view.sizes)}.{changes}{against}\n"


def _where(plan: Plan) -> str:
    return text(clipped(plan.environment or "the cluster", LONGEST))


def _notes(plan: Plan) -> Iterator[str]:
    """What waits to be applied, and what the plan could not find out."""
    if waits := words.ahead(plan):
        yield text(clipped(waits, 4 * LONGEST))
    yield from map(_note, plan.notes)


def _note(note: str) -> str:
    """A note in lines, of which those with commands are told as they are."""
    lines = [clipped(line, 4 * LONGEST) for line in note.splitlines()[:20]]
    return "<br>\n".join(code(line.strip()) if line.startswith(" ") else text(line) for line in lines)

"""Small words that several formats share: plurals, counts of a plan, values with units, one line per edit."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kafka_gitops.changes import Change, Edit
from kafka_gitops.errors import listed
from kafka_gitops.kinds import LINES, LOOKS, PLURALS
from kafka_gitops.model import Key
from kafka_gitops.plan.make import Plan
from kafka_gitops.report.findings import clipped, inert, one_line

ACTIONS = ("create", "update", "delete")
SIGNS = {"create": "+", "update": "~", "delete": "-"}
MOST_KINDS = 2  # that a sentence counts by name
MOST_AHEAD = 5  # of what waits to be applied, by name
LONGEST = 300  # characters of a value; the saved plan has it whole
PENDING = "Pending anyway (drift, or earlier changes that were not applied)"


def count(number: int, word: str, plural: str | None = None) -> str:
    """`1 topic`, `1,204 ACLs`."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"


def many(kind: str, number: int) -> str:
    """`1 topic`, `1,204 ACLs`: so many resources of a kind, by its own name where another version knew it."""
    looks = LOOKS.get(kind)
    return count(number, looks.noun, looks.nouns) if looks is not None else count(number, kind, kind)


def calm(plan: Plan, sizes: str) -> str:
    """What an empty plan says; one of `--only-change` knows nothing of the rest."""
    if plan.whole:
        what = f"Environment {plan.environment}" if plan.environment else "The cluster"
        return f"{what} matches the files{but(plan)} ({sizes})."
    return f"This change does nothing to {plan.environment or 'the cluster'}; what else differs was not looked at."


def but(plan: Plan) -> str:
    """`, except for what is held and what is not applied yet`: what differs and is no drift."""
    left = [("what is held", plan.held), ("what is not applied yet", plan.ahead and plan.ahead.changes)]
    told = [text for text, some in left if some]
    return f", except for {joined(told)}" if told else ""


def ahead(plan: Plan) -> str:
    """`3 changes are merged and not applied yet (commits abc1234..def5678): topic a and topic b`; else nothing."""
    found = plan.ahead
    if found is None or not found.changes:
        return ""
    which = count(len(found.changes), "change is", "changes are")
    names = listed([inert(one_line(str(change.key))) for change in found.changes], most=MOST_AHEAD)
    return f"{which} merged and not applied yet (commits {found.since[:7]}..{(plan.commit or 'HEAD')[:7]}): {names}"


def totals(plan: Plan) -> str:
    """`1 topic and 11 ACLs to create, 2 topics to update, 0 to delete; 1 risk; 1 cannot be done`.

    Of more than two kinds only the numbers: `by_kind` tells which.
    """
    counted = Counter((change.action, change.key.kind) for change in plan.changes)
    few = len({kind for _, kind in counted}) <= MOST_KINDS
    said = []
    for name in ACTIONS:
        kinds = [many(kind, counted[name, kind]) for kind in LOOKS if counted[name, kind]]
        number = sum(count for (action, _), count in counted.items() if action == name)
        said.append(f"{(joined(kinds) or '0') if few else f'{number:,}'} to {name}")
    risks, impossible = blocking(plan.changes), len(plan.unsupported) + len(plan.nevers)
    more = [risks] if risks else []
    more += [f"{impossible:,} cannot be done"] if impossible else []
    return "; ".join([", ".join(said), *more])


def by_kind(plan: Plan) -> str:
    """`topics +1 ~2, quotas -1`: the changes of each kind where `totals` gives numbers alone; else nothing."""
    counted = Counter((change.key.kind, change.action) for change in plan.changes)
    kinds = [kind for kind in LOOKS if any(counted[kind, name] for name in ACTIONS)]
    if len(kinds) <= MOST_KINDS:
        return ""
    numbers = {
        kind: [f"{SIGNS[name]}{counted[kind, name]:,}" for name in ACTIONS if counted[kind, name]] for kind in kinds
    }
    return ", ".join(f"{LOOKS[kind].nouns} {' '.join(signed)}" for kind, signed in numbers.items())


def joined(parts: Sequence[str]) -> str:
    """`1 topic, 2 ACLs and 3 users`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def actions(counted: Mapping[str, int]) -> str:
    """`2 to create, 1 to delete`: only what there is of."""
    return ", ".join(f"{counted[name]:,} to {name}" for name in ACTIONS if counted[name])


def blocking(changes: Iterable[Change]) -> str:
    """`2 risks`: how many of these changes' risks block; nothing without any."""
    risks = sum(risk.blocks for change in changes for risk in change.risks)
    return count(risks, "risk") if risks else ""


def left_alone(plan: Plan) -> str:
    """What is on the cluster and in no file, in a sentence; nothing where all of it is declared."""
    parts = [many(PLURALS.get(kind, kind), number) for kind, number in plan.left_alone.items() if number]
    return f"Left alone (on the cluster, in no file): {', '.join(parts)}" if parts else ""


def value(change: Change, field: str, text: str) -> str:
    """`604800000 (7 days)`: the value as the server has it, the human reading beside; an empty one in quotes."""
    human = LOOKS[change.key.kind].reads(field, text)
    return f"{text} ({human})" if human else inert(clipped(text, LONGEST)) or '""'


def edit_text(change: Change, edit: Edit) -> tuple[str, str]:
    """What an edit does (`old -> new`), and a remark (`not in the file`) or nothing."""
    looks, from_value = LOOKS[change.key.kind], _from_value(change, edit)
    if change.before is None:
        return value(change, edit.field, edit.after or ""), from_value
    if said := looks.tells(edit):
        return inert(clipped(one_line(said), LONGEST)), from_value
    told = change.defaults.get(edit.field)
    unset = f"{looks.unset} {value(change, edit.field, told)}" if told is not None else looks.unset
    both = (value(change, edit.field, text) if text is not None else unset for text in (edit.before, edit.after))
    return " -> ".join(filter(None, both)), looks.dropped if edit.after is None else from_value


def _from_value(change: Change, edit: Edit) -> str:
    """Where the value of an edit comes from, if that is not where the change stands."""
    values = dict(change.origin.values) if change.origin is not None else {}
    return f"({inert(clipped(one_line(values[edit.field]), LONGEST))})" if edit.field in values else ""


def short_id(cluster: str) -> str:
    """A cluster id short enough for a headline."""
    return cluster if len(cluster) <= 10 else f"{cluster[:9]}…"


def noun(key: Key) -> str:
    """`topic orders`; a right's own sentence stands for itself, below `topic`: `acl   User:a may READ topic t`."""
    looks = LOOKS.get(key.kind)
    return f"{key.kind.ljust(5) if looks and looks.grants else key.kind} {inert(key.name)}"


def because(change: Change) -> str:
    """`because: replaced, OPS-112`: the reason that the files give, inert and in one line; nothing without one."""
    return inert(clipped(f"because: {one_line(change.because)}", 300)) if change.because else ""


def left_open(change: Change) -> list[str]:
    """Which fields a creation leaves to the server."""
    fields = change.after.fields() if change.before is None and change.after is not None else {}
    return [name for name, text in fields.items() if text is None]


def opened(change: Change) -> str:
    """Who decides about a field that a creation leaves open."""
    return LOOKS[change.key.kind].opened


def act(change: Change) -> str:
    """What a change does that changes no field, in a sentence; nothing for any other change."""
    said = LOOKS[change.key.kind].acts.get(change.act, change.act) if change.act is not None else ""
    return inert(said(change) if callable(said) else said)


def sizes(declared: Mapping[str, int]) -> str:
    """`348 topics, 1,204 ACLs`: how much the files declare, by plural; of what is not always there only what is."""
    counted = ((name, declared.get(plural, 0)) for plural, name in PLURALS.items())
    return ", ".join(many(name, number) for name, number in counted if number or LINES[name].always)


def sentence(change: Change) -> str:
    """A change in a few words, for reports: `+ topic orders`."""
    return f"{SIGNS[change.action]} {noun(change.key)}"

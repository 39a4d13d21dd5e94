"""One issue for one drift: which of those that are there is ours, what becomes of it, and what is said below it."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kafka_gitops.ci import Context, Result, sticky
from kafka_gitops.ci.sticky import Post
from kafka_gitops.redact import redact
from kafka_gitops.report.findings import clipped
from kafka_gitops.report.markup import code

if TYPE_CHECKING:
    from kafka_gitops.plan.make import Plan

_STATE = re.compile(r"<!-- kafka-gitops:differs ((?:[0-9a-f]{12} ?)*)-->\s*$")
_EACH = 200  # differences that an issue remembers one by one
_TOLD = 20  # new ones that are named below it
_LONGEST = 300  # characters of one


class Step(NamedTuple):
    """One request about an issue: `create` (`id` is None), `update`, `reopen`, `say` (below it) or `close`."""

    verb: str
    id: int | None
    text: str = ""


class Drift(NamedTuple):
    """What a run found: the text of the issue (None: nothing differs), each difference by its mark, and the last word.

    A mark is the same for the same difference, whenever and at whatever commit it is found.
    """

    body: str | None
    differs: Mapping[str, str]
    last: str = ""


def drift(context: Context, result: Result, body: str) -> Drift:
    """What a run found, of which `body` is the whole text."""
    from kafka_gitops.report import words

    assert result.plan is not None
    run = f" ([run]({context.run_url}))" if context.run_url else ""
    last = f"{result.environment or 'The cluster'} matches the files again{words.but(result.plan)}{run}."
    return Drift(body if result.plan.differs else None, marks(result.plan), redact(last))


def title(result: Result) -> str:
    """The title of a new issue."""
    return f"Kafka drift: {result.environment or 'the cluster'} differs from the files"


def marks(plan: "Plan") -> dict[str, str]:
    """What differs, each as a sentence by a mark of its own."""
    from kafka_gitops.report import words

    found = {}
    for change in plan.changes:
        edits = [list(edit) for edit in change.edits()]
        fields = ", ".join(edit.field for edit in change.edits()) if change.action == "update" else ""
        said = words.sentence(change) + (f": {fields}" if fields else "")
        found[_mark([*change.key, change.action, edits])] = said
    for entry in plan.unsupported:
        found[_mark([*entry.key, entry.reason])] = f"{words.noun(entry.key)}: {entry.reason}"
    return found


def fingerprint(differs: Iterable[str]) -> str:
    """One mark for all that differs: the same as long as nothing comes and nothing goes."""
    return _mark(sorted(differs))


def _mark(data: object) -> str:
    return hashlib.sha256(json.dumps(data).encode("utf-8", "replace")).hexdigest()[:12]


def steps(
    found: Drift, there: Iterable[Post], closed: Callable[[], Iterable[Post]], *, marked: str, author: str
) -> list[Step]:
    """What brings the open issues to one that tells of this drift, or to none.

    It is left as it is while the same differs, and gets a word where something new does: a changed text wakes nobody.
    One that was closed and tells of a part of the same is opened again. `closed` is asked where there is none. Of there
    being two, the first is kept. More than 200 differences are one mark, so that none of them is known as new.
    """
    mine = _ours(there, marked, author)
    if found.body is None:
        return [step for post in mine for step in (Step("say", post.id, found.last), Step("close", post.id))]
    now = sorted(found.differs) if len(found.differs) <= _EACH else [fingerprint(found.differs)] * 2
    text = f"{sticky.without_markers(found.body).rstrip()}\n\n<!-- kafka-gitops:differs {' '.join(now)} -->\n{marked}"
    if not mine:
        again = next((post for post in _ours(closed(), marked, author) if {*_state(post, marked)} & {*now}), None)
        return [Step("create", None, text)] if again is None else _again(again, text)
    first, *copies = mine
    before = _state(first, marked)
    more = [said for mark, said in found.differs.items() if mark not in before] if before and not _many(before) else []
    kept = [] if before == now else [Step("update", first.id, text)]
    kept += [Step("say", first.id, _more(more))] if more and kept else []
    return [*kept, *(Step("close", post.id) for post in copies)]


def _ours(posts: Iterable[Post], marked: str, author: str) -> list[Post]:
    """The issues of this author that end with our marker."""
    return [one for one in posts if one.author.lower() == author.lower() and one.body.rstrip().endswith(marked)]


def _state(post: Post, marked: str) -> list[str]:
    """The marks of the differences that an issue tells of."""
    found = _STATE.search(post.body.rstrip().removesuffix(marked))
    return found[1].split() if found is not None else []


def _many(marks: Sequence[str]) -> bool:
    """Whether it is one mark for all: written twice, as no mark of a single difference is."""
    return len(marks) == 2 and marks[0] == marks[1]


def _again(post: Post, text: str) -> list[Step]:
    return [Step("reopen", post.id, text), Step("say", post.id, "It differs again.")]


def _more(said: Sequence[str]) -> str:
    lines = [f"* {code(clipped(one, _LONGEST))}" for one in said[:_TOLD]]
    lines += [f"* and {len(said) - _TOLD:,} more"] if len(said) > _TOLD else []
    return redact("Now this differs too:\n\n" + "\n".join(lines))

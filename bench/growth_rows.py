"""Rows about 100,000 topics: ten times what takes 10,000, in time, and bounds of memory. Plans are of bench/many."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import many
from common import Goal, Row, Side
from trees import BEFORE, OLD, PLACE, before, call, ours

from kafka_gitops.sandbox import running

LINT = ("lint", "topologies", "--no-cache")
PLAN = ("plan", "topologies", "-e", "bench")
MARKDOWN = (*PLAN, "--format", "markdown")
SMALL, BIG = 10_000, 100_000
TENTH = f"{SMALL:,} topics"


@cache
def recorded(acls: bool, changes: bool) -> Mapping[str, str]:
    """What a broker answers to plans of one file, by the package as it is and as it was."""
    name = f"recorded-{acls}-{changes}"
    home = Path(PLACE.name, name)
    with running() as kafka, many.recording(kafka.bootstrap) as (where, answers):
        many.write(home, kafka.bootstrap, 1, acls=acls)
        call("", home, ["apply", "topologies", "-e", "bench", "--yes", "--accept", "first-acl"])
        many.write(home, where, 1, acls=acls, changes=changes)
        for commit in ("", BEFORE, OLD):
            call(commit, home, PLAN)
    return answers


@contextmanager
def _lint(place: Path, *, acls: bool) -> Iterator[list[Side]]:
    for topics in (SMALL, BIG):
        many.write(place / str(topics), "127.0.0.1:9", topics // many.TOPICS, acls=acls)
    big, small = place / str(BIG), place / str(SMALL)
    yield [ours(big, LINT), ours(small, LINT)._replace(name=TENTH), *before(big, LINT, once=True)]


@contextmanager
def _plan(place: Path, *, words: Sequence[str], acls: bool, changes: bool = False) -> Iterator[list[Side]]:
    answers = recorded(acls, changes)
    with (
        many.serving(answers, place / "small.json", SMALL // many.TOPICS) as few,
        many.serving(answers, place / "big.json", BIG // many.TOPICS) as lots,
    ):
        for topics, bootstrap in ((SMALL, few), (BIG, lots)):
            many.write(place / str(topics), bootstrap, topics // many.TOPICS, acls=acls, changes=changes)
        big, small = place / str(BIG), place / str(SMALL)
        yield [ours(big, words), ours(small, words)._replace(name=TENTH), *before(big, words, once=True)]


def _row(name: str, title: str, most: float, sides: Callable[..., object], **given: object) -> Row:
    goals = [Goal("wall", 10.0, TENTH), Goal("cpu", 10.0, TENTH), Goal("mb", most)]
    return Row(name, f"{title}, {BIG:,} topics", goals, partial(sides, **given))  # type: ignore[arg-type]


ROWS = (
    _row("lint-100k", "lint, nothing cached", 300, _lint, acls=False),
    _row("lint-100k-acls", "lint, nothing cached, with 250,000 ACLs", 300, _lint, acls=True),
    _row("plan-100k", "empty plan", 400, _plan, words=PLAN, acls=False),
    _row("plan-100k-acls", "empty plan, with 250,000 ACLs", 400, _plan, words=PLAN, acls=True),
    _row("markdown-100k", "Markdown of a plan that changes all", 400, _plan, words=MARKDOWN, acls=False, changes=True),
)

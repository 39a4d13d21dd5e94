"""The row about an import: of a cluster's topics and ACLs into files, beside the plans of both sets of files."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from common import NONE, Goal, Row, Run, Side
from plan_rows import PLAN, checked, filled
from trees import call

MADE, WRITTEN = "plan of its files", "plan of the files that made the cluster"
IMPORT = ("import", "-e", "bench", "--out")


def _import(folder: Path, numbers: Iterator[int], look: bool) -> Run:
    """One import, each into a folder of its own."""
    return call("", folder, (*IMPORT, f"found{next(numbers)}"), look=look)


@contextmanager
def _sides(place: Path, topics: int, acls: int) -> Iterator[list[Side]]:
    with filled(place, topics, acls):
        checked(place, (*IMPORT, "found"), f"{topics:,} topics, {acls:,} ACLs")
        plan = ("plan", "found", "-e", "bench")
        for words in (PLAN, plan):
            checked(place, words, "No changes")
        yield [
            Side("ours", partial(_import, place, count(1))),
            Side(MADE, partial(call, "", place, plan, NONE)),
            Side(WRITTEN, partial(call, "", place, PLAN, NONE)),
        ]


ROWS = (
    Row(
        "import",
        "import of 5,000 topics and 20,000 ACLs",
        [Goal("wall", 2.0, MADE), Goal("wall", 2.0, WRITTEN), Goal("mb", 200)],
        partial(_sides, topics=5000, acls=20_000),
    ),
)

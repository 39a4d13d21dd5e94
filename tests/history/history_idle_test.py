"""Runs that changed nothing: what people read tells the last of a row, and how many there were."""

from kafka_gitops.history.entry import LEDGER, Entry, Fact, Touch
from kafka_gitops.model import Key
from kafka_gitops.report import history
from kafka_gitops.report.history import HistoryView


def _run(time: int, *, status: str = "done", touched: bool = False) -> Entry:
    touches = (Touch(Key("topic", "orders"), "create"),) if touched else ()
    title = "apply: 1 change" if touched else "apply: no change"
    return Entry(time, "applied", title, run=Fact(f"r{time}", LEDGER), touches=touches, more={"status": status})


def _titles(*entries: Entry, whole: bool = False) -> list[tuple[int, str]]:
    view = HistoryView(entries, "prod", "from a ledger", whole=whole)
    return [(entry.time, entry.title) for entry in history.read(view)]


def test_a_row_of_runs_that_changed_nothing_is_one_entry() -> None:
    entries = (_run(9), _run(8), _run(7), _run(6, touched=True), _run(5), _run(4), _run(3, status="done in part"))
    assert _titles(*entries) == [
        (9, "apply: no change, like the 2 runs before it"),
        (6, "apply: 1 change"),
        (5, "apply: no change, like the run before it"),
        (3, "apply: no change"),
    ]


def test_with_everything_each_run_is_told() -> None:
    assert [time for time, _ in _titles(_run(3), _run(2), _run(1), whole=True)] == [3, 2, 1]

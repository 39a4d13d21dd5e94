"""Many repositories as one table: what loads, how much is declared, what is found, and what two of them declare."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.kinds import KINDS
from kafka_gitops.report import markup, words
from kafka_gitops.report.findings import one_line
from kafka_gitops.text import characters

MOST = 20  # overlaps of two repositories that are told one by one, but in JSON


class Row(NamedTuple):
    """A checkout: how it was read, what it declares by plural, findings by severity and by rule, what is not managed.

    `changes` are those of a plan by what they do, None where none was made.
    `error` is why it could not be read at all; `topologies` are the paths that were read, `files` how many those were.
    """

    name: str
    error: str | None = None
    config: tuple[str, ...] = ()
    topologies: tuple[str, ...] = ()
    files: int = 0
    declared: Mapping[str, int] = {}
    findings: Mapping[str, int] = {}
    rules: Mapping[str, int] = {}
    changes: Mapping[str, int] | None = None
    unmanaged: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """Whether it loads, in a few words."""
        if self.error is not None:
            return "no"
        if not self.files:
            return "nothing"
        return "yes" if not self.findings.get("error") else "with errors"


class Overlap(NamedTuple):
    """A resource that several checkouts declare, each with its place."""

    kind: str
    name: str
    places: tuple[tuple[str, str], ...]


class Fleet(NamedTuple):
    """All checkouts of a folder by name, and what more than one of them declares."""

    folder: str
    rows: Sequence[Row]
    overlaps: Sequence[Overlap]


def as_text(fleet: Fleet) -> str:
    """A table to read, then what is to be known of single checkouts, then the overlaps."""
    from tabulate import tabulate

    head, rows = _table(fleet)
    lines = [tabulate(rows, [name.upper() for name in head], tablefmt="plain", disable_numparse=True)]
    lines += _section("", [f"{row.name}: {one_line(said)}" for row in fleet.rows for said in _remarks(row)])
    lines += _section(_heading(fleet), [f"{what}: {', '.join(places)}" for what, places in _shared(fleet)])
    return "\n".join([*lines, "", summary(fleet)])


def as_markdown(fleet: Fleet) -> str:
    """The same as Markdown, all text of a checkout inert."""
    head, rows = _table(fleet)
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    lines += [f"| {' | '.join([markup.cell(row[0]), *map(markup.text, row[1:])])} |" for row in rows]
    remarks = [f"- {markup.code(row.name)}: {markup.text(said)}" for row in fleet.rows for said in _remarks(row)]
    shared = [f"- {markup.code(what)}: {', '.join(map(markup.code, places))}" for what, places in _shared(fleet)]
    for title, items in (("", remarks), (_heading(fleet), shared)):
        if items:
            lines += [*(["", title] if title else []), "", *items]
    return "\n".join([*lines, "", summary(fleet)])


def as_json(fleet: Fleet) -> str:
    """Everything, the overlaps too, for programs."""
    body = {
        "format": 1,
        "checkouts": [{**row._asdict(), "state": row.state} for row in fleet.rows],
        "overlaps": [
            {"kind": one.kind, "name": one.name, "places": [{"checkout": name, "at": at} for name, at in one.places]}
            for one in fleet.overlaps
        ],
    }
    return characters.json_escaped(json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True))


FORMATS = {"text": as_text, "json": as_json, "markdown": as_markdown}


def summary(fleet: Fleet) -> str:
    """`12 checkouts: 9 load, 2 with errors, 1 not; 348 topics, 1,204 ACLs; 3 overlaps`."""
    states = [row.state for row in fleet.rows]
    told = {"yes": "without errors", "with errors": "with errors", "nothing": "without a topology", "no": "not read"}
    counts = [f"{states.count(state):,} {said}" for state, said in told.items() if state in states]
    declared: dict[str, int] = {}
    for row in fleet.rows:
        for plural, number in row.declared.items():
            declared[plural] = declared.get(plural, 0) + number
    shared = words.count(len(fleet.overlaps), "resource")
    parts = [", ".join(counts), words.sizes(declared), f"{shared} in more than one checkout"]
    return f"{words.count(len(fleet.rows), 'checkout')}: {'; '.join(filter(None, parts))}"


def _table(fleet: Fleet) -> tuple[list[str], list[list[str]]]:
    kinds = [kind for kind in KINDS.values() if kind.ALWAYS or any(row.declared.get(kind.PLURAL) for row in fleet.rows)]
    planned = ["create", "update", "refused"] if any(row.changes is not None for row in fleet.rows) else []
    head = [
        "checkout",
        "loads",
        *(kind.PLURAL for kind in kinds),
        "errors",
        "warnings",
        *planned,
        "not managed",
        "shared",
    ]
    mine = {row.name: sum(row.name in dict(one.places) for one in fleet.overlaps) for row in fleet.rows}
    plurals = [kind.PLURAL for kind in kinds]
    return head, [[*_cells(row, plurals, planned), _number(mine[row.name])] for row in fleet.rows]


def _cells(row: Row, plurals: Sequence[str], planned: Sequence[str]) -> Iterator[str]:
    yield one_line(row.name)
    yield row.state
    read = row.error is None and row.files > 0
    yield from (f"{row.declared.get(plural, 0):,}" if read else "-" for plural in plurals)
    yield from (f"{row.findings.get(severity, 0):,}" if read else "-" for severity in ("error", "warning"))
    yield from ("-" if row.changes is None else f"{row.changes.get(action, 0):,}" for action in planned)
    yield ", ".join(row.unmanaged) or "-"


def _number(number: int) -> str:
    return f"{number:,}" if number else "-"


def _remarks(row: Row) -> Iterator[str]:
    if row.error is not None:
        yield row.error
    yield from row.notes
    worst = sorted(row.rules.items(), key=lambda item: (-item[1], item[0]))
    if row.findings.get("error"):
        yield "errors and warnings by rule: " + ", ".join(f"{rule} {number:,}" for rule, number in worst[:5])


def _heading(fleet: Fleet) -> str:
    more = f" (the first {MOST})" if len(fleet.overlaps) > MOST else ""
    return f"Declared by more than one checkout{more}:"


def _shared(fleet: Fleet) -> Iterator[tuple[str, list[str]]]:
    for one in fleet.overlaps[:MOST]:
        what = one.name if KINDS[one.kind].LOOKS.grants else f"{KINDS[one.kind].LOOKS.noun} {one.name}"
        yield one_line(what), [one_line(at) for _, at in one.places]


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", *([title] if title else []), *(f"  {line}" for line in lines)] if lines else []

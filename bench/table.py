"""One table of how fast it is: every row is whole processes in turns, with goals; `make bench ROWS=lint,warm`.

python bench/table.py [--rows NAME,NAME] [--rounds 7]
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import apply_rows
import growth_rows
import import_rows
import ledger_rows
import lint_rows
import plan_rows
import rest_rows
from common import HEAD, ROOT, Row, line, measure
from trees import PLACE

USUAL = (*lint_rows.ROWS, *plan_rows.ROWS, *import_rows.ROWS, *growth_rows.ROWS, *rest_rows.ROWS)
ALL: dict[str, Row] = {row.name: row for row in (*USUAL, *apply_rows.ROWS, *ledger_rows.ROWS)}
TITLES = [row.title for row in ALL.values()]
README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- table -->", "<!-- /table -->"
PACKAGES = ("PyYAML", "confluent-kafka", "kafka-python")


def head(rounds: int) -> Iterator[str]:
    """The commit, the machine, the versions of what is compared, the load."""
    asked = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    yield f"Commit {commit}; {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs;"
    yield f"Python {platform.python_version()}, {versions}; medians of {rounds} rounds; load at the start {load}."


def written(text: str, about: str, lines: Sequence[str]) -> str:
    """The README with other figures: what they are about, and these rows beside those that were not measured now."""
    start, rest = text.split(BEGIN)
    table, end = rest.split(END)
    kept = {_title(line): line for line in table.splitlines() if line.startswith("| ") and not HEAD.startswith(line)}
    rows = kept | {_title(line): line for line in lines}
    ordered = sorted(rows, key=lambda title: [*TITLES, title].index(title))
    return "\n".join((start + BEGIN, "", about, "", HEAD, *(rows[title] for title in ordered), "", END + end))


def _title(line: str) -> str:
    return line.split(" | ")[0].removeprefix("| ")


def main() -> None:
    """Measure the rows that are asked for, and print each when it is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default=",".join(row.name for row in USUAL), help=f"of {', '.join(ALL)}")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="put the rows into bench/README.md too")
    given = parser.parse_args()
    wanted = given.rows.split(",")
    if unknown := [name for name in wanted if name not in ALL]:
        sys.exit(f"There is no row {', '.join(unknown)}. There are: {', '.join(ALL)}.")
    about, lines = "\n".join(head(given.rounds)), []
    print(about, "", HEAD, sep="\n", flush=True)
    for name in wanted:
        with tempfile.TemporaryDirectory(dir=PLACE.name) as place, ALL[name].sides(Path(place)) as sides:
            lines.append(line(ALL[name], measure(sides, given.rounds)))
        print(lines[-1], flush=True)
    if given.write:
        README.write_text(written(README.read_text(encoding="utf-8"), about, lines), encoding="utf-8")


if __name__ == "__main__":
    main()

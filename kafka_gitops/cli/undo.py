"""Show how a run is undone: what to revert, the plan of that, and what does not come back."""

import argparse
from functools import partial
from pathlib import Path
from typing import NamedTuple

from kafka_gitops import ci, shell
from kafka_gitops.cli import (
    apply,
    consenting,
    copying,
    held,
    lasting,
    ledger_past,
    locking,
    ordering,
    origin,
    plan,
    planning,
    reverted,
    terminal,
)
from kafka_gitops.cli.parser import closest
from kafka_gitops.cli.past import Past
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import changed
from kafka_gitops.cli.setup import Configured
from kafka_gitops.config import environment
from kafka_gitops.errors import KafkaGitopsError, UsageError
from kafka_gitops.git.line import Line, Step
from kafka_gitops.history import undoing
from kafka_gitops.ledger.nouns import Run
from kafka_gitops.ledger.state import State
from kafka_gitops.model import Key
from kafka_gitops.report import undo_text
from kafka_gitops.report.fit import fit

EXAMPLE = "kafka-gitops undo 20261120-140512-0a1b2c -e prod"


class Request(apply.Request, plan.Show):
    """What `undo` is asked for."""

    run: str = ""
    now: bool = False
    reason: str | None = None


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `undo`."""
    parser.add_argument("run", metavar="RUN", help="a run of the ledger, as an apply and `history` name it")
    text = "in an emergency: apply it, and hold what it changes for 24 hours, so that no apply takes it back"
    parser.add_argument("--now", action="store_true", help=text)
    parser.add_argument("--reason", metavar="TEXT", help="with --now: why, for those who read the ledger (needed)")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    copying.add(parser)
    locking.add(parser)
    ordering.add(parser, of="with --now: ")
    planning.add_reading(parser)
    consenting.add(parser, known="")


class Undone(NamedTuple):
    """A run, the commits that it brought (newest first), what they changed, and a note on what is not known of that."""

    run: Run
    steps: tuple[Step, ...]
    keys: tuple[Key, ...]
    note: str | None


def run(request: Request) -> int:
    """Print the reverts, what stays and the plan of the rest; exit 4 where that would be refused.

    With --now it is applied, with the exit codes of `apply`. Raises UsageError for a run that is none, KafkaGitopsError
    where git does not have what it applied.
    """
    reason = _reason(request)
    with Line() as line:
        config = Configured(request, MERGED)
        found = _found(request, config, line)
        head, top = line.resolve("HEAD"), line.top
    record = str(Path(request.record or copying.NAME).resolve())
    asked = changed(reverted.request(request, top), base=head, over_holds=found.keys, record=record)
    terminal.write(fit(undo_text.render(found.run, found.steps, found.note), terminal.columns()))
    with reverted.inside(top, found.steps):
        if reason is not None:
            by = origin.actor(ci.detect(environment())[1], config.effective(connect=False).settings.ledger.actors)
            return apply.of_files(asked, lasting.limit(None), partial(held.around, reason, by))
        ready, made = plan.show(asked)
        planning.refuse(made, ready.settings, ready.consent)
    return 0


def _reason(request: Request) -> str | None:
    """Why it is done now; None where it is not. Raises UsageError for one of both options, and for a run of no name."""
    if not request.run.strip():
        raise UsageError("undo takes a run of the ledger.", help="kafka-gitops history names the runs.")
    reason = (request.reason or "").strip()
    if request.now == bool(reason):
        return reason or None
    said = "--now needs a reason, which is recorded." if request.now else "--reason belongs to --now."
    help = shell.ours("undo", request.run, "--now", "--reason", "orders were deleted too early, OPS-12")
    raise UsageError(said, help=f"For example: {help}")


def _found(request: Request, config: Configured, line: Line) -> Undone:
    state = ledger_past.state_of(request, config, line)
    if state is None:
        said = "undo takes a run of the ledger, and the ledger of this environment is off."
        raise UsageError(said, help="`ledger: required` in the config turns it on. Without it: git revert, then plan.")
    if request.run not in state.run_ids:
        near = closest(request.run, state.run_ids, 1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        raise UsageError(f'The ledger has no run "{request.run}".{hint}', help="kafka-gitops history names the runs.")
    return undone(state, state.run(request.run), line, Past(line, request, config))


def undone(state: State, asked: Run, line: Line, past: Past) -> Undone:
    """The commits of a run that changed what is declared. Raises KafkaGitopsError where git does not have them."""
    steps = line.steps
    places = {step.commit.id: place for place, step in enumerate(steps)}
    others = [state.run(name) for name in state.run_ids if name != asked.run]
    span = undoing.span(asked, others, places)
    if span is None:
        raise _not_here(asked)
    inside = {step.commit.id for step in steps[span.first : span.end]}
    entries = [entry for entry in past.entries() if entry.commit in inside and entry.touches]
    told = {entry.commit for entry in entries}
    keys = tuple(dict.fromkeys(touch.key for entry in entries for touch in entry.touches))
    note = None if span.known else "what was applied before it is not known, so it is its own commit alone"
    return Undone(asked, tuple(step for step in steps[span.first : span.end] if step.commit.id in told), keys, note)


def _not_here(run: Run) -> KafkaGitopsError:
    if run.commit is None or run.commit.endswith("-dirty"):
        said = f"Run {run.run} applied files that no commit has, so no revert undoes it."
        return KafkaGitopsError(said, help="Change the files to what they should be, and open a change request.")
    said = f"Run {run.run} applied commit {run.commit[:9]}, which this branch does not have by itself here."
    return KafkaGitopsError(said, help="Fetch it and go to the branch that was applied: git fetch, git switch main")

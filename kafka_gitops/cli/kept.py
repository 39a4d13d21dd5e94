"""What a run that is recorded keeps of itself while it applies, and when it ends."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from kafka_gitops.changes import Change, Outcome
from kafka_gitops.ci import Context
from kafka_gitops.cli import copying, origin, terminal
from kafka_gitops.cli.closing import Late
from kafka_gitops.cli.fitting import Last
from kafka_gitops.cli.foretold import Foretold
from kafka_gitops.cli.unrecorded import Nothing
from kafka_gitops.errors import KafkaGitopsError, Unanswered
from kafka_gitops.kinds import homes
from kafka_gitops.ledger import chain, ending, names, records
from kafka_gitops.ledger.journal import Journal
from kafka_gitops.ledger.nouns import Hold, Run, RunOutcome
from kafka_gitops.ledger.owner import Identity
from kafka_gitops.ledger.people import Fact, Person
from kafka_gitops.ledger.state import State
from kafka_gitops.model import Key, Spec
from kafka_gitops.plan.fields import spec_dict
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.memory import STILL
from kafka_gitops.plan.policy import Consent
from kafka_gitops.redact import redact
from kafka_gitops.settings import Settings
from kafka_gitops.shape.exact import Json

UNDO = "undo"  # the command


class Applying(NamedTuple):
    """What is applied, whose it is, by whom and how.

    `declared` is what all files of the environment declare, None where only some were read or the plan did not know
    what was applied last; `saved`: the plan is a file that was made of them. `seen` is what the plan was made after,
    None where that is not known. `copy` is where the record goes as a file, `wait` for how many seconds the lock is
    waited for; `order` is given the commit that was applied last, and gives it where it was let pass
    (`cli.ordering.check`). `reason` is why somebody asked for it, `held` what the plan knows to be on hold by the
    ledger, `holds` what it puts on hold itself with its first request.
    """

    run: str
    who: Identity
    plan: Plan
    settings: Settings
    consent: Consent
    context: Context
    facts: Mapping[str, Fact]
    approvers: tuple[Person, ...]
    command: str
    declared: Mapping[Key, Spec] | None
    saved: bool
    copy: str
    wait: float
    order: Callable[[str | None], str | None]
    reason: str | None = None
    held: frozenset[Key] = frozenset()
    holds: tuple[Hold, ...] = ()
    seen: Last | None = None
    notes: tuple[str, ...] = ()


class Kept(Nothing):
    """A run that is recorded: in the ledger, whose `state` it began with, and as a file.

    `journal` None: the ledger cannot be used, for the reason `lapsed`, and need not be.
    """

    def __init__(
        self,
        what: Applying,
        run: Run,
        journal: Journal | None = None,
        state: State | None = None,
        *,
        lapsed: str = "",
        remarks: Sequence[str] = (),
        late: Late = MappingProxyType({}),
    ) -> None:
        self.run, self.remarks, self.over = what.run, tuple(remarks), False
        self._what, self._run, self._journal, self._state, self._lapsed = what, run, journal, state, lapsed
        self._late, self._foretold = late, Foretold(self._outcome)

    def journal(self, event: str, changes: Sequence[Change]) -> str | None:
        """Write what is about to be asked for, and what came of it; where that fails nothing is removed by it."""
        refused = None if self._journal is None else self._journal(event, changes)
        if event == "wait":
            self._foretold.begin(lambda: self._claims)
        lapsed = self._lapsed or (self._journal.lapsed if self._journal is not None else None)
        if refused is None and event == "begin" and lapsed and any(change.known is not None for change in changes):
            return f"nothing is removed by a ledger that cannot be written: {lapsed}"
        return refused

    def told(self, outcome: Outcome) -> None:
        """What came of a change."""
        due = self._due(_safe(outcome))
        self._foretold.told(due)
        if self._journal is not None:
            self._journal.told(due)

    def end(self, outcomes: Sequence[Outcome], unseen: Sequence[Change], code: int) -> int:
        """Write the record and its copy; the exit code, 6 where all was done and the ledger does not have it."""
        late = {change.key for change in unseen}
        found, lines = self._foretold.all([_seen(self._due(_safe(one)), late) for one in outcomes])
        left = [one for one in outcomes if one.status not in ending.SETTLED]
        stopped = bool(left) and all(one.fate == "stopped" for one in left)
        return self._end(ending.ended(self._run, found, code=code, stopped=stopped), lines, outcomes, code)

    def _due(self, outcome: Outcome) -> Outcome:
        """What a run that died asked for and showed only now is done, and this run's record says so: nobody else's
        does."""
        run = self._late.get((outcome.change.key, outcome.change.action))
        if outcome.status != "already" or run is None:
            return outcome
        return outcome._replace(status="done", detail=f"run {run}, which died, had asked for it")

    def failed(self, failure: KafkaGitopsError) -> None:
        """Write that the run ended before anything was asked for."""
        self._end(ending.ended(self._run, (), code=1, stopped=False, notes=[redact(failure.message)]), (), (), 1)

    def _end(self, run: Run, lines: Sequence[str], outcomes: Sequence[Outcome], code: int) -> int:
        self.over = True
        data = records.body(replace(run, outcomes=()))  # the lines are they
        lapsed = self._lapsed or self._write(run, data, lines, outcomes)
        notes = [*run.notes, f"it is not in the ledger: {lapsed}"] if lapsed else run.notes
        saved = copying.save(self._what.copy, {**data, "notes": [*notes]}, lines)
        if not lapsed or self._journal is None or not self._journal.required:
            return code
        where = f"it is in {self._what.copy}" if saved else "and there is no copy of it"
        terminal.problem(f"The record of run {run.run} is not in the ledger, {where}: {lapsed}")
        return code or 6

    def _write(self, run: Run, data: Json, lines: Sequence[str], outcomes: Sequence[Outcome]) -> str:
        """Why the record is not in the ledger, empty where it is."""
        journal, state, what = self._journal, self._state, self._what
        assert journal is not None and state is not None
        if journal.lapsed is not None:
            return journal.lapsed
        try:
            parts = names.parts(self._claimed(state, run, outcomes), run.cluster, run.run)
            now = max((one.time for one in state.last.values()), default=0.0)
            if any(one.status == "already" for one in outcomes):
                journal.hold()
            own = {Key(one.kind, one.name): one for one in what.holds} if journal.began else {}
            holds = {**state.holds(now), **own}
            over = {key for key in holds if self._is_over(key)}
            left = tuple(hold for key, hold in holds.items() if key not in over)
            at = max((one.offset for one in state.last.values()), default=-1) + 1
            digest = chain.digest(data, lines)
            owner = ending.owner(
                what.who, state.owner, run, self._applied(outcomes), len(parts), left, at=at, digest=digest
            )
            owner = replace(owner, topic_id=state.topic_id or None)
            before = state.owner.parts if state.owner is not None else 0
            gone = [holds[key].key for key in over]
            journal.end(data, owner, parts, parts_before=before, over=gone, outcomes=lines)
        except (KafkaGitopsError, Unanswered) as failure:
            return str(failure)
        return ""

    def _is_over(self, key: Key) -> bool:
        """Whether a hold has done its work: the files, all of which were compared, no longer want what was undone."""
        what = self._what
        compared = what.declared is not None and what.plan.whole
        return compared and key in what.held and all(one.key != key for one in what.plan.held)

    def _applied(self, outcomes: Sequence[Outcome]) -> ending.Applied:
        plan = self._what.plan
        commit = None if plan.commit is None or plan.commit.endswith("-dirty") else plan.commit
        refused = {entry.key: entry.reason for entry in plan.refused}
        waits = {entry.key: entry.reason for entry in plan.waits}
        last = self._state.owner if self._state is not None else None
        number = last.number if last is not None else 0
        whole = plan.next_run == number + 1 if self._what.saved else self._what.declared is not None
        found = ending.open_of(map(_safe, outcomes), refused, last, waits)
        if not plan.whole:  # of a part, such as the change alone
            found = ending.with_earlier(found, outcomes, last)
        return ending.Applied(commit, whole, found)

    def _claimed(self, state: State, run: Run, outcomes: Sequence[Outcome]) -> list[names.Claim]:
        """What the owner has applied by now. What it only waits to let go of, as another has it, is the other's."""
        declared = self._claims if run.status != "failed" else None
        waits = {entry.key for entry in self._what.plan.waits if not entry.reason.startswith(STILL)}
        return ending.claimed(_earlier(state, declared), declared, outcomes, _changed(outcomes, declared), waits)

    @cached_property
    def _claims(self) -> list[names.Claim] | None:
        declared = self._what.declared
        if declared is None:
            return None
        here = {key: spec for key, spec in declared.items() if homes.elsewhere(key, self._what.settings) is None}
        return [*names.claims(here, _dump)]

    def _outcome(self, outcome: Outcome) -> RunOutcome:
        change, given, what = outcome.change, self._what.consent, self._what
        accepted = {
            risk.name: origin.accepted(given.whose(risk, change), what.context, self._run.actor)
            for risk in change.risks
            if risk.blocks and given.covers(risk, change)
        }
        return RunOutcome.of(outcome, accepted)


def _earlier(state: State, declared: Sequence[names.Claim] | None) -> Sequence[names.Claim]:
    """What was owned before. Names that are damaged heal where the files declare all that counts."""
    try:
        return state.claims
    except records.Damaged:
        if declared is None:
            raise
        return ()


def _seen(outcome: Outcome, late: Container[Key]) -> Outcome:
    """With the word that it is not visible yet."""
    return (
        outcome._replace(detail="not visible yet") if outcome.detail is None and outcome.change.key in late else outcome
    )


def _safe(outcome: Outcome) -> Outcome:
    """Without any secret in what a server says."""
    return outcome._replace(detail=redact(outcome.detail)) if outcome.detail else outcome


def _dump(key: Key, spec: Spec) -> Json:
    found = spec_dict(key, spec)
    assert found is not None
    return found


def _changed(outcomes: Sequence[Outcome], declared: Sequence[names.Claim] | None) -> dict[Key, names.Claim]:
    """The claims of what changes take away, and of what they make where it is not known what all files declare."""
    changes = [one.change for one in outcomes if declared is None or one.change.after is None]
    specs = {change.key: change.after or change.before for change in changes}
    found = names.claims({key: spec for key, spec in specs.items() if spec is not None}, _dump)
    return {claim.key: claim for claim in found}

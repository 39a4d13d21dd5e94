"""Random plans against a model of a cluster: files that change, others who write too, requests that are refused or lost.

After each step the plan and what became of it are held to an oracle that knows nothing of how they are made (wished.py).
"""

import os
import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from modelled import FATES, OURS, Event, Model, seen
from wished import Files, Rules, came, due, fits
from wishing import VARIABLES, Foreign, Names, does, fates, files, foreign, foreigners, spoil, spoils, struck

from kafka_gitops.authorizer import Authorizer, Request
from kafka_gitops.changes import Outcome
from kafka_gitops.errors import Stale
from kafka_gitops.kinds.user.spec import User
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Acl, Key, Topic
from kafka_gitops.plan import verify
from kafka_gitops.plan.apply import Applied, carry_out
from kafka_gitops.plan.make import Plan, make

LONG = bool(os.environ.get("KAFKA_GITOPS_LONG"))  # `make long`
EXAMPLES, STEPS = (1_000, 10) if LONG else (50, 8)
NAMES = Names("t.")
QUESTIONS = [
    Request(f"User:{user}", operation, kind, name, "*")
    for user in NAMES.users
    for operation in ("READ", "WRITE", "DESCRIBE")
    for kind, name in (("TOPIC", "t.a"), ("TOPIC", "t.zz"), ("TOPIC", NAMES.topics[-1]), ("GROUP", "t.g"))
]
ALLOW = Acl(f"User:{NAMES.users[0]}", "*", "READ", "ALLOW", "TOPIC", "PREFIXED", NAMES.prefix)
DENY = ALLOW._replace(permission="DENY", pattern_type="LITERAL", name=NAMES.topics[0])
counted: Counter[str] = Counter()


class Killed(BaseException):
    """The process dies."""


def opened(acls: "set[Acl]") -> set[Request]:
    """What these bindings allow."""
    index = Authorizer(acls)
    return {question for question in QUESTIONS if index.decide(question).allowed}


class Trust(RuleBasedStateMachine):
    """A repository, a cluster, and everybody else."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model(variables=VARIABLES)
        self.files = self.base = Files()

    @initialize(prune=st.booleans(), keep=st.booleans())
    def settle(self, prune: bool, keep: bool) -> None:
        self.ruled = Rules(NAMES.prefix, prune, keep)

    @rule(made=files(NAMES), them=st.lists(foreign(NAMES), max_size=3))
    def merge(self, made: Files, them: list[Foreign]) -> None:
        """A change of the files is planned, and not applied yet; others wrote before."""
        for one in them:
            does(one, self.model)
        self.files = made
        self.planned()

    @rule(
        made=files(NAMES), them=spoils(), struck=fates(), others=foreigners(NAMES), dies=st.none() | st.integers(0, 9)
    )
    def apply_saved(
        self,
        made: Files,
        them: list[tuple[int, bool]],
        struck: dict[int, str],
        others: dict[int, Foreign],
        dies: int | None,
    ) -> None:
        """With a plan of some time ago, and all that can happen meanwhile."""
        self.files = made
        plan = self.planned()
        for place, gone in them if plan.changes else ():
            does(spoil(plan.changes[place % len(plan.changes)], gone), self.model)
        self.carried_out(plan, struck, others, dies)

    @rule()
    def apply_whole(self) -> None:
        """Without faults: nothing is left but what cannot be done."""
        plan = self.planned()
        applied = self.carried_out(plan, {}, {}, None)
        assert applied is not None
        if plan.refused:
            return
        assert {outcome.status for outcome in applied.outcomes} <= {"done", "already"}, applied
        self.base = self.files
        assert self.planned().changes == ()

    @rule(called=st.sampled_from(NAMES.topics[:3]), request=st.integers(0, 1))
    def made_anew_as_it_goes(self, called: str, request: int) -> None:
        """Somebody puts another topic in the place of one, right before it is deleted."""
        does(Foreign("topic", called, Topic(1, 1, {})), self.model)
        self.files = Files(acls=frozenset({ALLOW}), removed=frozenset({Key("topic", called)}))
        self.carried_out(self.planned(), {}, {request: Foreign("anew", called, Topic(1, 1, {}))}, None)

    @rule(fate=st.sampled_from(FATES))
    def denial_that_fails(self, fate: str) -> None:
        """A right and the denial that bounds it are new, and something happens to the denial."""
        for acl in (ALLOW, DENY):
            does(Foreign("acl", acl, False), self.model)
        self.files = Files(acls=frozenset({ALLOW, DENY}))
        self.carried_out(self.planned(), {0: fate}, {}, None)

    def planned(self) -> Plan:
        before = dict(seen(self.model))
        wish = Wish(self.files.topology(), self.base.topology())
        plan = make(wish, self.ruled.settings(), self.model)
        counted["plans"] += 1
        counted["changes"] += len(plan.changes)
        assert dict(seen(self.model)) == before, "a plan changes nothing"
        told = {change.key for change in plan.changes} | {one.key for one in plan.unsupported}
        assert told == due(self.files, self.base, self.model, self.ruled)
        return plan

    def carried_out(
        self, plan: Plan, fates: dict[int, str], others: dict[int, Foreign], dies: int | None
    ) -> Applied | None:
        """Apply a plan and hold what happens to it; None where it is refused, or dies."""
        model, keep = self.model, self.ruled.keep
        stale = [change.key for change in plan.changes if not fits(change, model, keep)]
        before, start = dict(seen(model)), len(model.log)
        watch = Watch(model, plan)
        requests, alive = iter(range(100)), iter(range(100))

        def meanwhile() -> None:
            if (one := others.get(next(requests))) is not None:
                does(one, model)

        def journal(event: str, _changes: object) -> None:
            if event in ("begin", "end") and next(alive) == dies:
                raise Killed

        model.meanwhile, model.strike, model.moved = meanwhile, struck(fates), watch.moved
        try:
            applied = carry_out(plan, model, settings=self.ruled.settings(), deadline=0.0, journal=journal)
        except Stale:
            counted["stale"] += 1
            assert stale
            assert dict(seen(model)) == before, "nothing is written by a stale plan"
            return None
        except Killed:
            counted["killed"] += 1
            applied = None
        finally:
            was_down, model.down = model.down, False
            model.meanwhile, model.strike, model.moved = lambda: None, lambda: None, lambda: None
        counted["applies"] += 1
        assert not stale, stale
        events = model.log[start:]
        mine = [event for event in events if event.by == OURS]
        assert {event.key for event in mine} <= {change.key for change in plan.changes}
        assert {key.name for key in model.dropped} <= {change.pin for change in plan.changes}, (
            "another topic of the name"
        )
        model.dropped.clear()
        removes_nothing_after_a_failure(plan, mine)
        if applied is not None:
            true_outcomes(plan, applied, events, model, keep, was_down)
        return applied


class Watch:
    """Whether bindings in between ever allow what neither those before nor those afterwards do."""

    def __init__(self, model: Model, plan: Plan) -> None:
        self._model, self._length = model, len(model.log)
        self._before = set(model.acls)
        changes = [change for change in plan.changes if change.key.kind == "acl"]
        self._new = {change.after for change in changes if isinstance(change.after, Acl)}
        self._gone = {change.before for change in changes if isinstance(change.before, Acl)}
        self._theirs: dict[Acl, bool] = {}
        self._last = set(model.acls)

    def moved(self) -> None:
        now = set(self._model.acls)
        if now == self._last:
            return
        if self._model.by != OURS:  # what they do counts from the beginning and until the end
            self._theirs |= {**dict.fromkeys(now - self._last, True), **dict.fromkeys(self._last - now, False)}
        self._last = now
        allowed = opened(self._with(self._before)) | opened(self._with((self._before | self._new) - self._gone))
        assert opened(now) <= allowed, opened(now) - allowed

    def _with(self, acls: "set[Acl]") -> "set[Acl]":
        return (acls | {acl for acl, given in self._theirs.items() if given}) - {
            acl for acl, given in self._theirs.items() if not given
        }


def removes_nothing_after_a_failure(plan: Plan, mine: list[Event]) -> None:
    """Nothing is taken away for good once something before it has failed."""
    going = {change.key for change in plan.changes if change.after is None or change.after == User({})}
    failed = bool(plan.refused)
    for event in mine:
        assert not (failed and event.key in going), mine
        told = event.heard.code if event.heard is not None else None
        failed = failed or (told not in (None, "TOPIC_ALREADY_EXISTS") and event.key not in going)


def true_outcomes(plan: Plan, applied: Applied, events: list[Event], model: Model, keep: bool, was_down: bool) -> None:
    """Each change has one outcome, and it says what happened."""
    assert applied.fault is None, applied.fault
    assert [outcome.change.key for outcome in sorted(applied.outcomes, key=lambda one: one.change.key)] == sorted(
        change.key for change in plan.changes
    )
    theirs = {event.key for event in events if event.by != OURS and event.done}
    for outcome in applied.outcomes:
        counted[outcome.status] += 1
        mine = [event for event in events if event.by == OURS and event.key == outcome.change.key]
        alone = outcome.change.key not in theirs
        assert true(outcome, mine, model, keep, alone, was_down), (outcome, mine)


def true(outcome: Outcome, mine: list[Event], model: Model, keep: bool, alone: bool, was_down: bool) -> bool:
    """Whether an outcome says what the model saw; `alone`: nobody else touched the resource meanwhile."""
    done = [event for event in mine if event.done]
    is_there = came(outcome.change, model, keep)
    if outcome.status in ("done", "unverified"):
        return all(event.heard is None for event in mine) and bool(mine) and (is_there or not alone)
    if outcome.status == "already":
        return not done and (is_there or not alone)
    if outcome.status == "skipped":
        return not mine
    if outcome.status == "failed":
        return bool(done) == (outcome.fate == "partly")
    assert outcome.status == "unknown"
    told = (outcome.detail or "").endswith(": the cluster shows it now")
    silent = was_down or not alone or outcome.change.act is not None
    return any(event.heard is not None and event.heard.fate == "lost" for event in mine) and (
        silent or told == is_there
    )


def test_random_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "RIVAL_SECONDS", 0.0)
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Trust,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not LONG,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=checks,
        ),
    )
    sys.stdout.write(f"{dict(counted)}\n")  # seen with -s
    assert counted["plans"] >= EXAMPLES
    assert min(counted[seldom] for seldom in ("stale", "killed", "skipped", "unknown", "failed")) > 0

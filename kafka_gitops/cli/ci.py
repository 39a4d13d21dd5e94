"""One command for every pipeline: lint, plan, apply or look for drift, and report as the CI platform expects it."""

import argparse
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from kafka_gitops import ci, files
from kafka_gitops.ci import Context, Result, rooted
from kafka_gitops.cli import added, lasting, linting, own, planning, silenced, terminal
from kafka_gitops.cli.lint import FAIL_ON
from kafka_gitops.cli.pipeline import absent, accepted, approved, channel, forks, recorded, trust, twice, verdict
from kafka_gitops.cli.pipeline.applied import add_applying, applied
from kafka_gitops.cli.pipeline.request import FOLDER, Ci
from kafka_gitops.cli.pipeline.steps import reached
from kafka_gitops.cli.read import Read
from kafka_gitops.cli.request import changed
from kafka_gitops.cli.setup import Configured
from kafka_gitops.cli.stopping import Stopping, watched
from kafka_gitops.cli.turns import Turn, turn
from kafka_gitops.config import environment
from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.git import Repository
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.plan import apply
from kafka_gitops.plan.steps import needed
from kafka_gitops.report.findings import harmless

Request = Ci
EXAMPLE = "kafka-gitops ci plan topologies/ -e prod"


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `ci`."""
    text = "lint, plan (the default), apply or drift"
    parser.add_argument("command", metavar="COMMAND", nargs="?", choices=tuple(STEPS), default="plan", help=text)
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files or directories (default: the config's)")
    text = "apply: the plan that was approved, as the file of an earlier job of this pipeline, or its digest sha256:..."
    parser.add_argument("--approved", metavar="PLAN", help=text)
    parser.add_argument(
        "--yes", action="store_true", help="apply without an approved plan; limits and risks still hold"
    )
    text = "plan: exit 0 only for a change that may be merged without a person, 4 for one that may not"
    parser.add_argument("--auto-approve", action="store_true", help=text)
    text = "findings of lint from this severity on fail the run (default: error); never: files with errors are planned "
    text += "too, if they can be read and are inside `manage`"
    parser.add_argument("--fail-on", choices=FAIL_ON, default="error", help=text)
    parser.add_argument("--reports", metavar="DIR", default=FOLDER, help=f"where report files go (default: {FOLDER})")
    text = "also plan and apply for this branch, beside the default and protected ones "
    text += "(repeatable; NAME* for all that begin so; tags: refs/tags/NAME)"
    parser.add_argument("--branch", metavar="NAME", action="append", default=[], help=text)
    text = "this commit is merged: for CIs that are not known here, in the pipeline of the main branch only"
    parser.add_argument("--merged", action="store_true", help=text)
    add_applying(parser)
    parser.add_argument("--no-comment", action="store_true", help="post nothing: no comment, no issue")
    text = "drift: keep no issue about it (default: one, where the token may write issues)"
    parser.add_argument("--no-issue", action="store_true", help=text)
    text = "drift: write into the ledger what appeared since the last look, and what is gone (needs Write on its topic)"
    parser.add_argument("--record-drift", action="store_true", help=text)
    usual = " (default: what the platform says this change begins with; on others the variable KAFKA_GITOPS_BASE)"
    planning.add_options(parser, base=usual)
    said = f"Whoever starts a pipeline may add, quoted as in a shell: {', '.join(added.MAY)}"
    parser.add_argument_group(f"variable {added.VARIABLE}", said)


@dataclass
class Run:
    """What the steps of a run share; `close` ends the connection that one of them opens."""

    request: Ci
    context: Context
    repo: Repository
    close: ExitStack
    stop: Stopping
    config: Configured
    brake: apply.Brake
    turn: Turn
    read: Read | None = None
    ready: planning.Prepared | None = None
    systems: Systems | None = None
    target: str | None = None


Step = Callable[[Run, Result], Result]


def run(request: Ci) -> int:
    """Do it, report it; the exit code is that of the command, whatever the reporting came to."""
    ways = channel.opened(request)
    platform, context = ci.detect(environment())
    with watched() as stop, Repository() as repo:
        base, told = (None, ()) if request.command == "drift" else trust.base(request, context, repo)
        only = request.only_change and base is not None  # else all that differs is looked at
        request = changed(request, base=base, only_change=only)
        result = outcome(request, context, repo, stop, told)
        try:
            platform.report(context, rooted.result(result, files.from_root()), ways)
        except KafkaGitopsError as error:
            ways.warn(f"Not everything was reported: {error.message}")
        except Exception as odd:  # noqa: BLE001 - what was done is done, and in the log
            said = f"an answer of {platform.NAME} is not as expected"
            ways.warn(f"Not everything was reported: {said} ({type(odd).__name__} {str(odd)[:100]})")
    if result.error is not None:
        lines = [harmless(line) for line in (result.error.help or "").splitlines()]
        message = "\n".join(harmless(line) for line in result.error.message.splitlines())
        terminal.error(KafkaGitopsError(message, help="\n".join(lines)))
    return result.code


def outcome(request: Ci, context: Context, repo: Repository, stop: Stopping, told: tuple[str, ...] = ()) -> Result:
    """Run the steps of the command until one of them cannot go on; what was reached until then is kept.

    `told` is what is to be remarked already.
    """
    brake = lasting.limit(request.stop_after)
    judged = ("no plan was made",) if request.auto_approve else None
    more = added.said(added.words(environment()))
    result = Result(request.command, request.command, person=judged, remarks=told, added=more, part=bool(request.only))
    with ExitStack() as close:
        try:
            verdict.asked_well(request)
            config, lint_only = trust.decide(request, context, repo, close)
            decided = config.trust
            recorded.asked_well(request, config)
            request, lint_only, without = forks.without_login(request, context, config, lint_only)
            command, remarks = trust.command(request, lint_only)
            remarks = (*remarks, *without)
            tip = decided.tip.commit if decided.tip is not None else request.base
            if not decided.merged and request.command != "drift":
                request = changed(request, base=request.base or tip)
            named = _named(request, config)
            places = tuple(map(files.from_root(), request.paths or ["."]))
            result = replace(result, command=command, remarks=(*told, *remarks), paths=places, environment=named)
            if not decided.merged and request.base is not None:
                base, note = repo.fork(request.base)  # what the target got since then is not this change's doing
                request = changed(request, base=base)
                result = replace(result, remarks=(*result.remarks, *filter(None, [note])))
            state = Run(request, context, repo, close, stop, config, brake, close.enter_context(turn()), target=tip)
            for got in reached(STEPS[command], state, result):
                result = got
            verdict.stop(result)
        except KafkaGitopsError as error:
            person = verdict.stopped(result, error)
            return replace(result, code=error.exit_code, error=error, person=person)
    return result


def _named(request: Ci, config: Configured) -> str | None:
    named = request.environment or environment().get("KAFKA_GITOPS_ENV") or None
    return named or config.effective(connect=False).settings.environment if request.command != "lint" else named


def _lint(state: Run, result: Result) -> Result:
    request, decided = trust.lint_request(state.request, state.config), state.config.trust
    if decided.merged and result.asked != "lint":
        request = changed(request, base=None)  # the change was judged in its request, and is by the plan's risks
    if request.base is not None:
        request = changed(request, accept=accepted.by_lint(state.request.accept))
    doubts: list[str] = []
    if decided.merged:
        found, reads = linting.findings(request, state.config, state.repo)
    else:
        tip = None if request.no_plugins else decided.tip
        rules = own.confined(state.repo, tip.commit, state.close, doubts) if tip is not None else None
        found, reads = linting.findings(request, state.config, state.repo, look=trust.keep_inside, own=rules)
    state.read = reads[0] if len(reads) == 1 else None
    empty = absent.remark(request, state.config, found)
    fail_on = state.request.fail_on
    bad = fail_on != "never" and any(one.severity >= Severity[fail_on] for one in found.diagnostics)
    return replace(
        result, findings=found, code=int(bad), remarks=(*result.remarks, *empty, *doubts), doubts=tuple(doubts)
    )


def _silenced(state: Run, result: Result) -> Result:
    """What the change adds that silences findings: nobody sees it in a plan."""
    if state.request.base is None or result.findings is None:
        return result
    return replace(
        result,
        silences=silenced.added(state.request, state.config, state.repo, state.request.base, result.findings.sources),
    )


def _plan(state: Run, result: Result) -> Result:
    by = accepted.by_commits(state.repo, state.request.base)
    accept = (*state.request.accept, *(f"{risk}:{name}" for risk, name in by))
    request = changed(state.request, accept=accept)
    merged, drift = state.config.trust.merged, result.asked == "drift"
    ready = planning.prepare(request, state.config, state.repo, read=state.read, drift=drift, merged=merged)
    ready = state.ready = replace(ready, consent=replace(ready.consent, by=by))
    systems = state.systems = state.close.enter_context(planning.met(request, ready))
    plan = planning.make(ready, systems)
    named = planning.named(ready.settings, drift=drift)
    result = replace(result, plan=plan, proposed=not merged, declared=ready.topology.state, named=named)
    result = replace(result, sizes=ready.sizes, consent=ready.consent)
    late = ready.ledger.out_of_order() if ready.ledger and merged and result.asked == "plan" else None
    remarks = (*result.remarks, *filter(None, [verdict.nothing_possible(result), late]))
    return replace(result, environment=ready.settings.environment, remarks=remarks)


def _refuse(state: Run, result: Result) -> Result:
    assert state.ready is not None and state.systems is not None and result.plan is not None
    state.systems.kafka.lacks(needed(result.plan.changes))
    if not result.person:  # who asks for a verdict is told that a person is needed, this among the reasons
        planning.refuse(result.plan, state.ready.settings, state.ready.consent, proposed=result.proposed)
    if result.command == "plan":
        verdict.refused(state.ready, result)
    return result


def _judge(state: Run, result: Result) -> Result:
    """The verdict on a change that asks for one."""
    if result.person is None:
        return result
    assert state.ready is not None
    return replace(
        result, person=tuple(verdict.reasons(state.repo, state.ready, state.target, state.request.base, result))
    )


def _differs(state: Run, result: Result) -> Result:
    assert state.ready is not None and state.systems is not None and result.plan is not None
    if state.request.record_drift:
        recorded.drift(state.ready, state.systems, result)
    return replace(result, code=2 if result.plan.differs else 0)


def _approve(state: Run, result: Result) -> Result:
    assert state.ready is not None
    return approved.judged(state.request, state.context, state.config, state.repo, state.ready, result)


def _apply(state: Run, result: Result) -> Result:
    assert state.ready is not None and state.systems is not None and result.plan is not None
    if result.error is not None:
        return result
    return applied(
        state.request, state.context, result, state.config, state.repo, state.ready, state.systems, state.stop,
        state.brake, state.turn,
    )  # fmt: skip


STEPS: dict[str, tuple[Step, ...]] = {
    "lint": (_lint, _silenced),
    "plan": (_lint, _silenced, _plan, _judge, _refuse),
    "apply": (_plan, _approve, _refuse, _apply),
    "drift": (twice.looked(_plan), _differs),
}

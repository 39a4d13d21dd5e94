"""What `plan` and `apply` share: options, the way from files to a plan, and its refusals."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kafka_gitops import holds, shell
from kafka_gitops.cli import (
    again,
    before,
    clock,
    consenting,
    known,
    load,
    offline,
    reaching,
    recalling,
    resaid,
    setup,
    terminal,
)
from kafka_gitops.cli.read import Read
from kafka_gitops.cli.request import Plans
from kafka_gitops.cli.setup import Configured
from kafka_gitops.clients.early import Early
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.errors import Blocked, ConfigError, KafkaGitopsError, UsageError, listed
from kafka_gitops.git import Repository
from kafka_gitops.kinds import KINDS, LINES, PLURALS
from kafka_gitops.kinds import early as asking
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.lint import origins
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Topology
from kafka_gitops.plan import make as planner
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent, consent, refusals
from kafka_gitops.report import hook, plan_rest, refusal, words
from kafka_gitops.report.findings import harmless
from kafka_gitops.report.views import PlanView
from kafka_gitops.settings import FIXED, Settings

if TYPE_CHECKING:
    from kafka_gitops.cli.remembered import Ledger
    from kafka_gitops.snapshot.systems import Past


def add_reading(parser: argparse.ArgumentParser) -> None:
    """The options of whatever compares files with a cluster."""
    parser.add_argument("--recursive", action="store_true", default=None, help="descend into sub-directories")
    parser.add_argument("--only", metavar="KINDS", help=f"only these kinds: {', '.join(PLURALS)}")
    parser.add_argument(
        "--undeclared-configs", choices=("remove", "keep"), help="what becomes of configs that only the cluster has"
    )


def add_options(parser: argparse.ArgumentParser, *, base: str = "") -> None:
    """The options of `plan` and `apply`; `base` says more of where that comes from."""
    add_reading(parser)
    parser.add_argument(
        "--base",
        metavar="REV",
        help="the commit before the change: what it declared and the files do not is removed, with --prune" + base,
    )
    parser.add_argument(
        "--only-change",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="with --base: only what the change touches",
    )
    consenting.add(parser)


@dataclass(frozen=True)
class Prepared:
    """Files, settings and consent of a run, linted and ready to meet a cluster."""

    settings: Settings
    topology: Topology
    base: Topology | None
    wish: Wish
    consent: Consent
    early: Early | offline.Nobody
    read: Read
    past: "Past | None" = None  # the snapshot in the place of the servers
    ledger: "Ledger | None" = None  # None: there is none

    @property
    def sizes(self) -> Mapping[str, int]:
        """How many resources of each kind the files declare, by its plural."""
        return {line.plural: len(self.topology.specs_of(name)) for name, line in LINES.items()}


def prepare(
    request: Plans,
    config: Configured,
    repo: Repository,
    *,
    read: Read | None = None,
    drift: bool = False,
    merged: bool = False,
) -> Prepared:
    """Read the settings and files, lint them, read the base. Raises KafkaGitopsError when the files have errors.

    `read` is what this run has read already, which is taken where a plan would read the same. `drift`: no change is
    under way, so that nobody expects removals. `merged`: of a pipeline, what the ledger says was applied counts, not
    what the platform tells of a push.
    """
    if request.only_change and request.base is None:
        raise UsageError("--only-change needs the commit before the change", help="Give it: --base REV")
    agreed = consent(request.accept, request.max_deletes)
    settings = config.settings(connect=request.against is None)
    past = offline.opened(request.against, settings) if request.against is not None else None
    wanted = setup.kinds(request.only, "--only") if request.only else None
    who = recalling.whose(config, settings, repo) if settings.ledger.on and past is None else None
    if request.base is not None and settings.prune:
        before.whole(request, settings)
    _stop_on_no_files(request, settings)
    early = reaching.early(request, settings) if past is None else offline.Nobody()
    with early.unless_failed():
        # first: what another run ends after the lists were read must not count as seen
        ledger = recalling.ledger(request, who, settings, repo, early, merged=merged, drift=drift)
        if not request.only_change:
            asking.lists(early, lambda plural: wanted is None or plural in wanted)
        read = _read(request, settings, early, read)
        early.no_more()
        topology = read.topology
        found = lint.judge(read.looked.without_own(), today=clock.now().date())
        left = origins.told(known.without(None, found, topology.sources, [settings]))
        _stop_on_errors([*left], topology, settings, request)
        base = before.base(request, settings, repo, read, request.base) if request.base is not None else None
        if request.base is None and settings.prune and not drift and ledger is None:
            terminal.say(f"note: without --base nothing is pruned (prune: {', '.join(sorted(settings.prune))})")
        commit = repo.commit(request.paths or settings.topology)
        named = frozenset(again.keys(request, topology))
        held, change = holds.in_effect(topology, clock.now(), settings.max_hold), request.only_change
        wish = Wish(topology, base, wanted, commit, request.base, only_change=change, again=named, holds=held)
        _stop_on_barred(wish, settings)
    return Prepared(settings, topology, base, wish, agreed, early, read, past, ledger)


def _stop_on_no_files(request: Plans, settings: Settings) -> None:
    if not load.topology_paths(request, settings):
        said = "There are no topology files to plan from"
        raise UsageError(
            said, help="Name files or directories, or set `topology` in kafka-gitops.yaml (default: topologies/)."
        )


def _read(request: Plans, settings: Settings, early: Early | offline.Nobody, read: Read | None) -> Read:
    """The files, read before or now, while the cluster is asked what any plan asks."""
    if read is not None and read.serves(settings):
        early.start()
        asking.configs(early, read.topology, settings)
        return read
    topology = load.load_topology(request, settings, meanwhile=early.start, keep=request.base is not None)
    asking.configs(early, topology, settings)
    return Read(settings, topology, lint.look(topology, settings, found_alone=topology.alone))


def _stop_on_barred(wish: Wish, settings: Settings) -> None:
    """Raise ConfigError for a kind that is declared and cannot be planned with these settings."""
    declared = [KINDS[name] for name, line in LINES.items() if wish.asks(line.plural) and wish.declares(name)]
    why = {kind.PLURAL: reason for kind in declared if (reason := kind.barred(settings)) is not None}
    if why:
        told = [kind.PLURAL for kind in KINDS.values() if kind.ALWAYS or kind in declared]
        others = [plural for plural in told if plural not in why]
        raise ConfigError(" ".join(why.values()), help=f"Plan {listed(others)} only: --only {','.join(others)}")


def _stop_on_errors(found: Sequence[Diagnostic], topology: Topology, settings: Settings, request: Plans) -> None:
    """Raise KafkaGitopsError for errors; `ci --fail-on never` lets those pass that leave no doubt what is wanted."""
    errors = [entry for entry in found if entry.severity is Severity.error]
    load.say_notes(topology, found)
    if request.fail_on == "never":
        passed, errors = errors, [entry for entry in errors if _binds(entry, topology, settings)]
        if len(passed) > len(errors):
            let = words.count(len(passed) - len(errors), "error")
            terminal.say(f"note: {let} in the files let pass (--fail-on never)")
    if errors:
        terminal.problem("\n".join(harmless(line) for line in hook.folded(errors)))
        counted = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        again = shell.ours("lint", *request.paths, *resaid.files(request))
        raise KafkaGitopsError(f"{counted} in the files, nothing was planned.", help=f"{again} shows them in full.")


def _binds(entry: Diagnostic, topology: Topology, settings: Settings) -> bool:
    """Whether an error always stops: the files could not be read as they are, or what bounds a run is in its way."""
    unread = {(one.span, one.rule, one.message) for one in topology.problems}
    rule = settings.rules.get(entry.rule)
    demanded = rule is not None and rule.floor is not Severity.off  # by the platform's policy
    return entry.rule in FIXED or demanded or (entry.span, entry.rule, entry.message) in unread


@contextmanager
def met(request: Plans, ready: Prepared) -> Iterator[Systems]:
    """The servers of a prepared run, or their snapshot. Raises as `reaching.connected` does."""
    if ready.past is not None:
        yield ready.past
        return
    assert isinstance(ready.early, Early)
    with reaching.connected(request, ready.settings, ready.early) as systems:
        yield systems


def make(ready: Prepared, systems: Systems) -> Plan:
    """The plan of a prepared run."""
    ledger = ready.ledger
    if ledger is None:
        return offline.marked(planner.make(ready.wish, ready.settings, systems), ready.past)
    made = ledger.told(planner.make(ledger.wish(ready.wish, ready.read, systems), ready.settings, systems))
    return ledger.apart(made, ready.wish, ready.read)


def patience(request: Plans, plan: Plan) -> float:
    """For how many seconds an apply waits for the next change to become visible."""
    return request.timeout or max((KINDS[change.key.kind].PATIENCE for change in plan.changes), default=0.0)


def named(settings: Settings, *, drift: bool) -> int:
    """How many of each kind that is left alone are named.

    All with -v, and of what `manage` says is the repository's own in `drift`; else `drift` names the first ones.
    """
    if terminal.verbose() or (drift and settings.scopes):
        return plan_rest.ALL
    return plan_rest.FEW if drift else 0


def view(ready: Prepared, plan: Plan, *, drift: bool = False) -> PlanView:
    """How the plan of a prepared run is shown, without colour."""
    shown = named(ready.settings, drift=drift)
    drawn = ready.topology.state if plan.changes else {}
    return PlanView(plan, ready.sizes, ready.consent, named=shown, declared=drawn)


def refuse(plan: Plan, settings: Settings, given: Consent, *, proposed: bool = False, shown: bool = True) -> None:
    """Raise Blocked when a brake, a risk or a never stands in the way, with every reason.

    `proposed`: the plan is for a change that nobody has merged; what was pending before it does not stop it.
    `shown`: the plan was printed by this run.
    """
    judged = plan.own() if proposed else plan
    reasons = refusals(judged, settings.limits, given, scopes=settings.scopes, protect=settings.protect)
    if reasons:
        said, help = refusal.proposed(judged, reasons, given) if proposed else refusal.refused(reasons, shown=shown)
        raise Blocked(said, help=help)

"""Show what an apply would change on the cluster, and save it."""

import argparse
import json
from dataclasses import replace
from pathlib import Path

from kafka_gitops import shell
from kafka_gitops.cli import again, planning, resaid, terminal
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.reports import add_reports, check_reports, write_reports
from kafka_gitops.cli.request import Plans
from kafka_gitops.cli.setup import Configured
from kafka_gitops.errors import KafkaGitopsError, UsageError
from kafka_gitops.git import Repository
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent, refusals
from kafka_gitops.plan.steps import needed
from kafka_gitops.report import formats
from kafka_gitops.report.fit import fit
from kafka_gitops.report.formats import PLANS

EXAMPLE = "kafka-gitops plan topologies/ -e prod -o plan.json"


class Show(Plans):
    """What whatever shows a plan is asked for."""

    output: str | None = None
    format: str = "text"
    report: tuple[str, ...] = ()


class Request(Show):
    """What `plan` is asked for."""

    exit_code: bool = False


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `plan`."""
    add_showing(parser)
    text = "a snapshot to compare with: no network, no credentials, no variables; the plan cannot be applied"
    parser.add_argument("--against", metavar="FILE", help=text)
    parser.add_argument("--exit-code", action="store_true", help="exit with 2 when there is anything to change")
    planning.add_options(parser)
    again.add(parser)


def add_showing(parser: argparse.ArgumentParser) -> None:
    """The options of whatever shows a plan."""
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help="files or directories (default: `topology` of the config)"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="save the plan, for `kafka-gitops apply FILE`")
    parser.add_argument("--format", choices=tuple(PLANS), default="text", help="what goes to stdout")
    add_reports(parser, tuple(PLANS))


def run(request: Request) -> int:
    """Make a plan, print it, save it; exit 4 when it would be refused, 2 for changes with --exit-code."""
    ready, plan = show(request, able=True)
    planning.refuse(plan, ready.settings, ready.consent)
    return 2 if request.exit_code and plan.differs else 0


def show(request: Show, *, able: bool = False, drift: bool = False) -> tuple[planning.Prepared, Plan]:
    """Make a plan, print it, save it; for `drift` what nobody declares is named.

    `able`: raise KafkaGitopsError, at the end, where the brokers do not know a request that its apply takes.
    """
    check_reports(request.report, tuple(PLANS))
    _check_output(request.output)
    with Repository() as repo:
        ready = planning.prepare(request, Configured(request, MERGED), repo, drift=drift)
        with planning.met(request, ready) as systems:
            plan = planning.make(ready, systems)
            lacking = _lacking(plan, systems) if able else None
    if ready.ledger is not None and not drift and (note := ready.ledger.out_of_order()) is not None:
        terminal.say(f"note: {note}")
    view = planning.view(ready, plan, drift=drift)
    text = formats.plan(request.format, replace(view, paint=terminal.paint))
    terminal.write(fit(text, terminal.columns()) if PLANS[request.format].wrapped else text)
    write_reports(request.report, tuple(PLANS), lambda form: formats.plan(form, view))
    if request.output:
        from kafka_gitops.plan import file as plan_file

        terminal.save(request.output, plan_file.dumps(plan), exact=True)
        if plan.entire().changes:
            _say_how(request, request.output, ready, plan.entire(), able=lacking is None)
    if lacking is not None:
        raise lacking
    return ready, plan


def _check_output(path: str | None) -> None:
    """Raise UsageError for a name that an apply would not take for a saved plan."""
    if path == "-" or (path or "").endswith((".yaml", ".yml")):
        way = "Give a name such as plan.json. To print the plan: --format json"
        raise UsageError(f"-o {path}: a saved plan needs another name", help=way)


def _lacking(plan: Plan, systems: Systems) -> KafkaGitopsError | None:
    """Why an apply of the plan would stop at once: requests that the brokers do not know."""
    try:
        systems.kafka.lacks(needed(plan.changes))
    except KafkaGitopsError as failure:
        return failure
    return None


def _say_how(request: Show, output: str, ready: planning.Prepared, plan: Plan, *, able: bool) -> None:
    """The command that applies the saved plan as it is; none where no option lets it through."""
    settings = ready.settings
    if plan.past is not None:
        terminal.say(f"\nSaved to {output}. It was made against a snapshot, so no apply takes it.")
        return
    reasons = refusals(plan, settings.limits, Consent(), scopes=settings.scopes, protect=settings.protect)
    ways = [reason.way for reason in reasons if reason.way is not None]
    if len(ways) < len(reasons) or not able:
        terminal.say(f"\nSaved to {output}.")
        return
    command = " ".join([shell.ours("apply", output, *resaid.words(request)), *ways])
    terminal.say(f"\nSaved to {output}. Apply exactly this: {command}")
    if missing := resaid.secrets(request):
        terminal.say(f"  and add, as a secret is not repeated here: {' '.join(missing)}")


def is_plan_file(path: str) -> bool:
    """Whether a path names a saved plan and not a topology file in JSON."""
    file = Path(path)
    if path.endswith((".yaml", ".yml")) or not file.is_file():
        return False
    text = file.read_text(encoding="utf-8", errors="replace")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return '"approval": "sha256:' in text
    return isinstance(body, dict) and "changes" in body and "context" not in body

"""What `lint` does once there is something to do: load, judge, print, decide."""

import argparse
import time
from collections.abc import Iterable, Sequence

from kafka_gitops import lint
from kafka_gitops.cli import load, reports, setup, terminal
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.model import Topology
from kafka_gitops.report import formats
from kafka_gitops.report.findings import Findings
from kafka_gitops.settings import Settings


def check(args: argparse.Namespace) -> int:
    """Lint and print; 1 when a finding reaches `--fail-on`, else 0."""
    started = time.perf_counter()
    runs = [(settings, load.load_topology(args, settings)) for settings in _settings(args)]
    return report(args, runs, started)


def report(
    args: argparse.Namespace,
    runs: Sequence[tuple[Settings, Topology]],
    started: float,
    *,
    without: frozenset[str] = frozenset(),
) -> int:
    """Judge what was loaded, each topology under its settings, print, decide; `without` names rules to leave out."""
    found = sorted(
        dict.fromkeys(
            one for settings, topology in runs for one in lint.run(topology, settings) if one.rule not in without
        ),
        key=lambda one: (one.span, one.rule, one.message),
    )
    _say_notes(runs)
    findings = _merged(found, [topology for _, topology in runs], args.environment, time.perf_counter() - started)
    reports.write_reports(args.report, tuple(formats.FORMATS), lambda name: formats.render(name, findings))
    if findings.sources or found or formats.FORMATS[args.format].for_programs:
        terminal.write(_stdout(args.format, findings))
    return int(args.fail_on != "never" and any(one.severity >= Severity[args.fail_on] for one in found))


def _settings(args: argparse.Namespace) -> list[Settings]:
    """One environment's settings, or, without -e and PATH, those of each that has something to read."""
    if args.environment or args.paths:
        return [setup.settings(args, connect=False)]
    return [settings for settings in setup.all_settings(args) if load.topology_paths(args, settings)]


def _merged(
    found: Sequence[Diagnostic], topologies: Sequence[Topology], environment: str | None, seconds: float
) -> Findings:
    sources = {path: source for topology in topologies for path, source in topology.sources.items()}
    if len(topologies) == 1:
        return Findings(found, sources, len(topologies[0].topics), seconds, environment)
    topics = {(topic.name, topic.node.span) for topology in topologies for topic in topology.topics}
    return Findings(found, sources, len(topics), seconds, environment)


def _say_notes(runs: Iterable[tuple[Settings, Topology]]) -> None:
    said = (note for settings, topology in runs for note in (*topology.notes, *lint.notes(topology, settings)))
    for note in dict.fromkeys(said):
        terminal.say(f"note: {note}")


def _stdout(name: str, findings: Findings) -> str:
    """A format for stdout: the one for people may be in colour there."""
    if name == "full":
        from kafka_gitops.report import full

        return full.render(findings, terminal.paint)
    return formats.render(name, findings)

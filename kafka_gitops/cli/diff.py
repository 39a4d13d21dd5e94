"""Show what two environments declare, side by side, each after its own naming; without a cluster."""

import argparse
from dataclasses import replace

from kafka_gitops import shell
from kafka_gitops.cli import load, terminal
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.reports import add_reports, check_reports, write_reports
from kafka_gitops.cli.request import Files, changed
from kafka_gitops.cli.setup import Configured
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.errors import KafkaGitopsError, UsageError
from kafka_gitops.lint import origins
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Topology
from kafka_gitops.report import diff, formats, hook
from kafka_gitops.report.findings import harmless
from kafka_gitops.report.fit import fit
from kafka_gitops.report.formats import DIFFERENCES
from kafka_gitops.report.words import count

EXAMPLE = "kafka-gitops diff test prod"


class Request(Files):
    """What `diff` is asked for."""

    left: str = ""
    right: str = ""
    format: str = "text"
    report: tuple[str, ...] = ()
    exit_code: bool = False


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `diff`."""
    parser.add_argument("left", metavar="ENV", help="an environment of the config file")
    parser.add_argument("right", metavar="ENV", help="the one to compare it with")
    text = "files or directories, of both (default: each environment's `topology`)"
    parser.add_argument("paths", metavar="PATH", nargs="*", default=[], help=text)
    parser.add_argument("--recursive", action="store_true", default=None, help="descend into sub-directories")
    parser.add_argument("--format", choices=tuple(DIFFERENCES), default="text", help="what goes to stdout")
    add_reports(parser, tuple(DIFFERENCES))
    parser.add_argument("--exit-code", action="store_true", help="exit with 2 when they differ by more than names")


def run(request: Request) -> int:
    """Print what differs; 2 with --exit-code when anything does. Raises KafkaGitopsError for files with errors."""
    check_reports(request.report, tuple(DIFFERENCES))
    if request.environment or request.client_config:
        option = "-e" if request.environment else "--client-config"
        raise UsageError(f"diff takes its two environments as they are named, not {option}.", help=f"Write: {EXAMPLE}")
    left, right = (diff.Side(name, _read(request, name)) for name in (request.left, request.right))
    view = diff.view(left, right)
    text = formats.difference(request.format, replace(view, paint=terminal.paint))
    terminal.write(fit(text, terminal.columns()) if DIFFERENCES[request.format].wrapped else text)
    write_reports(request.report, tuple(DIFFERENCES), lambda form: formats.difference(form, view))
    return 2 if request.exit_code and view.differs else 0


def _read(request: Request, name: str) -> Topology:
    """What an environment declares. Raises KafkaGitopsError where its files have errors."""
    own = changed(request, environment=name)
    settings = Configured(own, MERGED).settings(connect=False)
    topology = load.load_topology(own, settings)
    found = lint.run(topology, settings, found_alone=topology.alone)
    errors: list[Diagnostic] = [*origins.told(one for one in found if one.severity is Severity.error)]
    if errors:
        terminal.problem("\n".join(harmless(line) for line in hook.folded(errors)))
        said = f"{count(len(errors), 'error')} in the files of {name}, nothing was compared."
        raise KafkaGitopsError(said, help=f"{shell.ours('lint', '-e', name)} shows them in full.")
    load.say_notes(topology, found)
    return topology

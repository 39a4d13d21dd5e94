"""Check topology files: shape, names, configs, rights."""

import argparse
from functools import partial
from typing import TYPE_CHECKING

from kafka_gitops import shell
from kafka_gitops.cli import hook, reports, terminal
from kafka_gitops.cli.request import Lint
from kafka_gitops.config import environment
from kafka_gitops.config.find import DEFAULTS, customary, find
from kafka_gitops.report.formats import FORMATS
from kafka_gitops.settings import BASELINE

if TYPE_CHECKING:
    from kafka_gitops.cli.warm import Kept

Request = Lint
EXAMPLE = "kafka-gitops lint topologies/"
FAIL_ON = ("error", "warning", "info", "never")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `lint`."""
    parser.add_argument("paths", metavar="PATH", nargs="*", help="topology files or directories, or - for stdin")
    parser.add_argument("--format", choices=tuple(FORMATS), default="full", help="what goes to stdout (default: full)")
    reports.add_reports(parser, tuple(FORMATS))
    parser.add_argument(
        "--fail-on",
        choices=FAIL_ON,
        default="error",
        help="exit 1 from this severity on (default: error)",
    )
    parser.add_argument("--recursive", action="store_true", help="descend into sub-directories")
    changes = parser.add_argument_group("options about a change and about what is known")
    changes.add_argument("--base", metavar="REV", help="also judge what changed since the merge base of HEAD and REV")
    changes.add_argument("--changed-only", action="store_true", help="with --base: only what the change touches")
    accept = "accept the findings of a change-* rule, for one resource or all (repeatable); also in a commit: "
    accept += "Kafka-Gitops-Accept: RULE NAME"
    changes.add_argument("--accept", metavar="RULE[:NAME]", action="append", default=[], help=accept)
    changes.add_argument("--baseline", metavar="FILE", help="report only findings that are not in this file")
    text = f"write the findings to a file (default: {BASELINE}) for --baseline"
    changes.add_argument("--write-baseline", metavar="FILE", nargs="?", const=BASELINE, help=text)
    changes.add_argument(
        "--no-plugins", action="store_true", help="do not run own rules, for files that you do not trust"
    )
    text = "judge every file anew, and keep nothing in the user's cache directory"
    parser.add_argument("--no-cache", action="store_true", help=text)
    hook.add(parser)


def run(request: Lint) -> int:
    """Lint and print; 1 when a finding reaches `--fail-on`, else 0. With nothing to do: silence, and 0 at once."""
    if request.commit_msg:
        request = hook.take_message(request)
    if request.hook or request.files_only or request.commit_msg:
        return hook.run(request, nothing_to_do=nothing_to_do(request))
    if nothing_to_do(request):
        if terminal.is_terminal():  # who sits there may be in the wrong directory; a job with nothing to do is silent
            where = f"there is neither {' nor '.join(DEFAULTS)} here, nor a kafka-gitops.yaml here or above"
            terminal.say(f"Nothing to check: {where}. To begin with one: {shell.ours('init')}")
        return 0
    from kafka_gitops.cli import warm

    return warm.check(request, partial(_lint, request))


def _lint(request: Lint, kept: "Kept | None") -> int:
    from kafka_gitops.cli.linting import check
    from kafka_gitops.git import Repository

    with Repository() as repo:
        return check(request, repo, kept=kept)


def nothing_to_do(request: Lint) -> bool:
    """Whether nobody says what to read and nothing customary is there: a hook asks this on every commit."""
    variables = environment()
    said = (request.paths, request.environment, request.config, request.client_config, request.policy, request.report)
    named = ("KAFKA_GITOPS_CONFIG", "KAFKA_GITOPS_ENV", "KAFKA_GITOPS_POLICY")
    if any(said) or FORMATS[request.format].for_programs or any(variables.get(name) for name in named):
        return False
    return not customary() and find(None, variables) is None

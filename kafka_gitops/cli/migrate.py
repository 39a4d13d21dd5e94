"""Write topology files from another tool's files, list what is not taken over, and plan where a cluster is named."""

import argparse
from collections.abc import Iterator, Sequence

from kafka_gitops import files, shell
from kafka_gitops.cli import migrated, plan, resaid, terminal, written
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import Request as Common
from kafka_gitops.cli.request import names
from kafka_gitops.cli.setup import Configured
from kafka_gitops.diagnostics import Diagnostic, Span
from kafka_gitops.dialects import DIALECTS, by_project, documents, layout
from kafka_gitops.dialects import dialect as dialect_of
from kafka_gitops.dialects.estate import Estate, Left
from kafka_gitops.errors import KafkaGitopsError, listed
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Topology
from kafka_gitops.report import words
from kafka_gitops.report.findings import one_line

Request = migrated.Migrate
EXAMPLE = "kafka-gitops migrate --from strimzi manifests/ --out topologies -e prod"
JULIEOPS = "julieops"  # whose topology is ours: only its client file has to become a config
_MOST = 5  # places of one reason that are told without -v


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `migrate`."""
    parser.add_argument("paths", metavar="PATH", nargs="+", help="the other tool's files, or directories of them")
    parser.add_argument(
        "--from", dest="dialect", choices=(*DIALECTS, JULIEOPS), required=True, help="whose files they are"
    )
    parser.add_argument("--out", metavar="DIR", required=True, help="where the topology files go; none is overwritten")
    text = "topics into projects by their names, CONTEXT.PROJECT.TOPIC, a file for each project"
    parser.add_argument("--projects", action="store_true", help=text)
    text = "the context of the files, which begins no name here (default: main)"
    parser.add_argument("--context", metavar="NAME", default="main", help=text)


def run(request: Request) -> int:
    """Write the files, tell what they come to and what was left out, and return 0, or what their plan comes to.

    With errors print those, write nothing, and return 1. Raises KafkaGitopsError where there is nothing to write, or a
    file is there already.
    """
    if request.dialect == JULIEOPS:
        return migrated.config(request)
    if _has_cluster(request):
        Configured(request, MERGED).effective()  # a slip in the name of an environment is told before anything is there
    one = dialect_of(request.dialect)
    estate = Estate()
    loaded = files.load(documents.paths(request.paths, one.SUFFIXES), recursive=False)
    estate.problems.extend(loaded.problems)
    one.take(estate, loaded.texts)
    if estate.problems:
        return _refuse(estate.problems)
    language = Configured(request, MERGED).top_level().language
    if request.projects:
        made = by_project.files(estate, request.dialect, language.naming)
    else:
        made = layout.files(estate, request.dialect, request.context)
    topology = layout.read_back(made, estate.texts, language)
    if found := [*estate.problems, *layout.errors(topology, made)]:
        return _refuse(found)
    if not made:
        _tell_left(estate.left)
        raise KafkaGitopsError(f"There is nothing of {one.TOOL} in {listed(request.paths)}, so nothing was written.")
    if topology.specs.keys() != estate.names:
        raise KafkaGitopsError(
            "The names that the config makes of projects (naming) are not those of the topics.",
            help="Leave --projects out: then every name is kept whole.",
        )
    paths = written.files(request.out, {**{each.path: each.text for each in made}, **estate.texts})
    terminal.write(f"{sizes(topology)}, read from {words.count(len(loaded.texts), 'file')} of {one.TOOL}")
    _tell(paths, estate, one.NEXT)
    return _planned(request, paths[: len(made)])


def _has_cluster(request: Request) -> bool:
    """Whether a cluster is named, to plan with."""
    return bool(request.environment or request.client or request.client_config)


def _planned(request: Request, paths: Sequence[str]) -> int:
    """Show the plan of the files, and return its exit code; without a cluster say what to run.

    Raises as `plan` does, with the command that plans again: the files stay.
    """
    if not _has_cluster(request):
        terminal.write("Next:")
        for command in ("lint", "plan"):
            terminal.write(f"  {shell.ours(command, request.out)}")
        return 0
    terminal.write("The plan of these files:")
    common = {name: getattr(request, name) for name in names(Common)}
    try:
        return plan.run(plan.Request(**common, paths=tuple(paths)))
    except KafkaGitopsError as failure:
        named = ("-e", request.environment) if request.environment else ()
        again = shell.ours("plan", request.out, *named, *resaid.words(request))
        failure.help = "\n".join(filter(None, (failure.help, f"The files are written. To plan: {again}")))
        raise


def _tell(paths: Sequence[str], estate: Estate, hand_over: str) -> None:
    """What was written, what was not taken over, what to do with the other tool."""
    for path in paths:
        terminal.write(f"  wrote  {path}")
    _tell_left(estate.left)
    for note in (*estate.notes, hand_over):
        terminal.write(note)


def sizes(topology: Topology) -> str:
    """`3 topics, 12 ACLs, 1 quota; 1 to remove`: what the files declare, kind by kind."""
    counted = {kind.PLURAL: len(topology.wanted(kind.NAME)) for kind in KINDS.values()}
    gone = len(topology.removals) + len(topology.revoked)
    return words.sizes(counted) + (f"; {gone:,} to remove" if gone else "")


def _refuse(problems: Sequence[Diagnostic]) -> int:
    for one in sorted(dict.fromkeys(problems), key=lambda problem: (problem.span, problem.message)):
        help = f" ({one.help})" if one.help else ""
        terminal.problem(one_line(f"{one.span}: error: {one.message}{help}"))
    terminal.say(f"{words.count(len(problems), 'error')}: nothing was written.")
    return 1


def _tell_left(left: Sequence[Left]) -> None:
    """What was not taken over, by what it is and why, with its places."""
    if not left:
        return
    terminal.write(f"Not taken over ({words.count(len(left), 'place')}):")
    for line in _told(left):
        terminal.write(line)


def _told(left: Sequence[Left]) -> Iterator[str]:
    reasons: dict[tuple[str, str], list[Span]] = {}
    for one in left:
        reasons.setdefault((one.what, one.why), []).append(one.span)
    for (what, why), spans in reasons.items():
        yield "  " + one_line(f"{what}: {why}")
        most = len(spans) if terminal.verbose() else _MOST
        for span in spans[:most]:
            yield f"    {span.path}:{span.line}"
        if len(spans) > most:
            yield f"    and {len(spans) - most:,} more (-v names them)"

"""What `ci` says where there is no topology file: a run that looked at nothing is no success."""

from pathlib import Path

from kafka_gitops.cli import load
from kafka_gitops.cli.request import Files
from kafka_gitops.cli.setup import Configured
from kafka_gitops.config.find import DEFAULTS
from kafka_gitops.errors import UsageError, listed
from kafka_gitops.report.findings import Findings


def remark(request: Files, config: Configured, found: Findings) -> tuple[str, ...]:
    """A sentence where the directories are empty on purpose; none where files were read. Raises UsageError else."""
    if found.sources or found.diagnostics:
        return ()
    paths = dict.fromkeys(path for one in config.every() for path in load.topology_paths(request, one))
    wrong = [path for path in paths if not _on_purpose(Path(path))]
    if paths and not wrong:
        return (f"Nothing was checked: there is no topology file in {listed(paths)}.",)
    if wrong:
        raise UsageError(
            f"Nothing was checked: there is no topology file in {listed(wrong)}, looked at from {Path.cwd()}.",
            help="Topology files end in .yaml, .yml or .json; those of sub-directories are read with --recursive.",
        )
    file = config.path
    named = "no kafka-gitops.yaml here or above" if file is None else f"{file} names no topology"
    raise UsageError(
        f"Nothing was checked: there is neither {' nor '.join(DEFAULTS)} in {Path.cwd()}, and {named}.",
        help="Run this where the topology is, name its files or directories, or set `topology` in kafka-gitops.yaml.",
    )


def _on_purpose(path: Path) -> bool:
    """Whether a directory holds nothing but what keeps it in git or explains it."""
    return path.is_dir() and all(one.name.startswith((".", "README")) for one in path.iterdir())

"""The ways out of a run of `ci`: stdout, stderr and the directory for its reports."""

from pathlib import Path
from tempfile import TemporaryFile

from kafka_gitops.ci import Channel
from kafka_gitops.cli import saving, terminal
from kafka_gitops.cli.pipeline.request import Ci
from kafka_gitops.config import environment
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.report.findings import harmless


def opened(request: Ci) -> Channel:
    """The ways out. Raises KafkaGitopsError, before anything is done, where no report could be written."""
    folder = Path(request.reports)

    def warn(text: str) -> None:
        terminal.problem("\n".join(f"warning: {harmless(line)}" for line in text.splitlines()))

    def save(name: str, text: str, *, exact: bool = False) -> Path:
        try:
            _made((folder / name).parent)
            terminal.save(str(folder / name), text, exact=exact)
        except KafkaGitopsError as error:  # the outcome is in the log by then, and what was done is done
            warn(f"Not everything was reported: {error.message}")
        return folder / name

    _made(folder)
    for place in folder.rglob("*"):  # what keeps the reports may follow a link, and would keep what it leads to
        if place.is_symlink():
            saving.refuse_links(str(place))
    comment, issue = not request.no_comment, not request.no_issue
    return Channel(environment(), folder, terminal.tell, warn, save, comment=comment, issue=issue)


def _made(folder: Path) -> None:
    saving.refuse_links(str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as error:
        help = "Remove what is there or make it writable, or name another directory: --reports DIR"
        raise KafkaGitopsError(f"No report can be written into {folder}: {error.strerror}.", help=help) from None

"""What `ci` was asked for."""

from kafka_gitops.cli.lasting import Lasting
from kafka_gitops.cli.request import Recorded

FOLDER = "kafka-gitops-reports"


class Ci(Recorded):
    """A command in a pipeline, and who may have it."""

    command: str = "plan"
    approved: str | None = None
    auto_approve: bool = False
    reports: str = FOLDER
    branch: tuple[str, ...] = ()
    merged: bool = False
    no_comment: bool = False
    no_issue: bool = False
    record_drift: bool = False
    stop_after: Lasting | None = None

"""A change from a fork has no credentials: its topics are planned on a snapshot where the target branch says so."""

from typing import NamedTuple

from kafka_gitops.ci import Context
from kafka_gitops.cli.pipeline.request import Ci
from kafka_gitops.cli.request import changed
from kafka_gitops.cli.setup import Configured
from kafka_gitops.errors import KafkaGitopsError

PLURAL = "topics"


class Verdict(NamedTuple):
    """The snapshot to plan against, or why it cannot be used; neither where nobody asks for it."""

    snapshot: str | None = None
    why: str | None = None


def judged(request: Ci, context: Context, config: Configured) -> Verdict:
    """Whether this change is planned without credentials: it comes from a fork, and the tip of its target wants that.

    Never where the config may be the change's own, and never with a snapshot that holds more than declared topics. The
    file is that of the tip, or one that is in no commit, which the pipeline brought.
    """
    trust = config.trust
    if request.command != "plan" or context.trusted or trust.merged or trust.stranger or trust.tip is None:
        return Verdict()
    settings = config.effective(connect=False).settings
    if not settings.forks.allowed:
        return Verdict()
    if request.only is not None and PLURAL not in (name.strip() for name in request.only.split(",")):
        return Verdict(why="the pipeline plans no topics (--only)")
    if settings.forks.snapshot is None:
        return Verdict(why="`ci.snapshot_for_forks` is true, and `ci.snapshot` names no file")
    try:
        path = trust.place(settings.forks.snapshot)
        whole = not _of_topics(path)
    except KafkaGitopsError as error:
        return Verdict(why=error.message.rstrip("."))
    if whole:
        said = "holds more than the declared topics; made by `kafka-gitops snapshot --for-forks -o FILE` it does not"
        return Verdict(why=f"{settings.forks.snapshot} {said}")
    return Verdict(path)


def without_login(
    request: Ci, context: Context, config: Configured, lint_only: str | None
) -> tuple[Ci, str | None, tuple[str, ...]]:
    """The request as it is carried out, why it is linted only, and a remark: a fork's may be planned on a snapshot."""
    if lint_only is None:
        return request, None, ()
    found = judged(request, context, config)
    if found.snapshot is None:
        return request, f"{lint_only} ({found.why})" if found.why else lint_only, ()
    said = f"Only topics are planned, against a snapshot and without credentials: {lint_only}."
    return changed(request, against=found.snapshot, only=PLURAL), None, (said,)


def _of_topics(path: str) -> bool:
    """Whether a snapshot is of topics only. Raises KafkaGitopsError for what is none."""
    from kafka_gitops.snapshot.file import read

    return read(path).topics_only

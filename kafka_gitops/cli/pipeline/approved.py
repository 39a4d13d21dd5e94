"""Whether the plan made now is the one that somebody approved in an earlier job."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kafka_gitops.changes import Change
from kafka_gitops.ci import Context, Result
from kafka_gitops.cli.pipeline.request import Ci
from kafka_gitops.cli.planning import Prepared
from kafka_gitops.cli.setup import Configured
from kafka_gitops.errors import KafkaGitopsError, Stale, UsageError, listed
from kafka_gitops.git import Repository
from kafka_gitops.model import Key
from kafka_gitops.plan import approval
from kafka_gitops.plan import file as plan_file
from kafka_gitops.plan.make import Plan
from kafka_gitops.report.ranks import rank

_HELP = "The files or the cluster changed since the approval. Look at the new plan and approve it."


def judged(
    request: Ci, context: Context, config: Configured, repo: Repository, ready: Prepared, result: Result
) -> Result:
    """The result, with what nobody approved and why the run stops there. Raises UsageError without an approval.

    With a ledger, what was merged since the last apply by change requests that were approved needs no other approval.
    """
    assert result.plan is not None
    if request.approved is None:
        if result.plan.changes and not request.yes:
            said = "Nothing was applied: no plan was approved"
            raise UsageError(said, help="Give the approved plan (--approved PLAN.json or its digest), or --yes.")
        return result
    new = approval.unapproved(result.plan, _approved(request.approved, result.plan))
    if not new:
        return result
    why: Mapping[Key, str] = {}
    if ready.ledger is not None:
        from kafka_gitops.cli.pipeline.carried import carried

        found = carried(new, result.plan, request, context, config, repo, ready)
        result = replace(result, remarks=(*result.remarks, *found.told), approvers=found.approvers, notes=found.notes)
        new, why = [*found.left], found.why
    return _stopped(result, new, why) if new else result


def _stopped(result: Result, new: Sequence[Change], why: Mapping[Key, str]) -> Result:
    """A result that ends with what nobody approved, and why that comes with no approval of its own."""
    first = listed([f"{change.action} {change.key}" for change in sorted(new, key=rank)], most=5)
    told = [change for change in sorted(new, key=rank) if change.key in why]
    error = Stale(
        f"Nothing was applied: the plan made now has changes that nobody approved: {first}",
        help="\n".join([_HELP, *_reasons(told, why)]),
    )
    return replace(result, unapproved=tuple(new), code=error.exit_code, error=error)


def _reasons(told: Sequence[Change], why: Mapping[Key, str]) -> Iterator[str]:
    """Each reason once, with what it is about."""
    for reason in dict.fromkeys(why[change.key] for change in told):
        about = [f"{change.action} {change.key}" for change in told if why[change.key] == reason]
        yield f"{reason}: {listed(about, most=5)}"


def _approved(said: str, plan: Plan) -> Plan | str:
    """The approved plan of a file, or a digest as it is. Raises KafkaGitopsError for a plan of something else."""
    if said.startswith("sha256:"):
        return said
    try:
        text = Path(said).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KafkaGitopsError(f"The approved plan {said} cannot be read: {error}") from None
    approved = plan_file.loads(text, said)
    for what, theirs, ours in (
        ("environment", approved.environment, plan.environment),
        ("cluster", approved.cluster, plan.cluster),
    ):
        if theirs != ours:
            raise KafkaGitopsError(f"The approved plan is for {what} {theirs}, not for {ours}.")
    if approved.past is not None:
        said = f"The approved plan {said} was made against a snapshot of {approved.past.made}, not on the cluster."
        raise KafkaGitopsError(said, help="Have a plan approved that was made on the cluster.")
    return approved

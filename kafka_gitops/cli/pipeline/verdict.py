"""What a plan of `ci` means for people: whether one has to look (`--auto-approve`), whether one can do anything."""

from collections.abc import Iterator

from kafka_gitops import shell, trailers
from kafka_gitops.ci import Result
from kafka_gitops.cli import added
from kafka_gitops.cli.pipeline.request import Ci
from kafka_gitops.cli.planning import Prepared
from kafka_gitops.config import environment
from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import Blocked, KafkaGitopsError, UsageError, listed
from kafka_gitops.git import Repository
from kafka_gitops.kinds import PLURALS
from kafka_gitops.plan import autoapprove
from kafka_gitops.report import words

APPLYING = ("stop_after", "lock_timeout", "record", "allow_diverged")  # what only an apply looks at
MERGED = "Kafka-Gitops-Merged"  # the trailer of a commit that was merged without a person


def asked_well(request: Ci) -> None:
    """Raise UsageError for options that do not go together with a verdict, or with the command."""
    _stop_on_idle(request)
    for option, given in (("--record-drift", request.record_drift), ("--no-issue", request.no_issue)):
        if given and request.command != "drift":
            raise UsageError(f"{option} is about drift", help=f"Write: {shell.ours('ci', 'drift', option)}")
    if request.auto_approve and request.command != "plan":
        raise UsageError("--auto-approve judges a plan", help="Write: kafka-gitops ci plan --auto-approve")
    if request.auto_approve and added.words(environment()):  # such as another --base, against which nothing is changed
        said = f"With --auto-approve nobody may add options ({added.VARIABLE})."
        raise UsageError(said, help="Write what is needed into the pipeline's own file.")


def _stop_on_idle(request: Ci) -> None:
    """What whoever started the pipeline added is let through: every job of it gets that."""
    everywhere = {word.partition("=")[0] for word in added.words(environment())}
    for name in APPLYING:
        option = f"--{name.replace('_', '-')}"
        if request.command != "apply" and getattr(request, name) is not None and option not in everywhere:
            raise UsageError(f"{option} is about an apply", help="Give it to: kafka-gitops ci apply")


def reasons(repo: Repository, ready: Prepared, target: str | None, base: str | None, result: Result) -> Iterator[str]:
    """Why a person is needed. `target` is the branch that it is to be merged into, `base` where the change left it."""
    if ready.base is None or target is None or base is None or result.plan is None:
        yield "what it is to be compared with is not known (--base)"
        return
    if not repo.contains(target):
        yield "the target has commits that this change does not have: rebase it"
    merged, most = trailers.lately(repo, target, MERGED), ready.settings.limits.auto_approve_per_day
    if merged >= most:
        limit = f"at most {most} are (`limits.auto_approve_per_day`)"
        yield f"{words.count(merged, 'change')} of the last 24 hours had no person, {limit}"
    if result.plan.commit is None or result.plan.commit.endswith("-dirty"):
        yield "the files are not those of a commit"
    if result.plan.past is not None:
        yield "it was planned against a snapshot"
    if ready.wish.kinds not in (None, frozenset(PLURALS)):
        yield "only a part of the files is planned (--only)"
    yield from (doubt.rstrip(".") for doubt in result.doubts)
    found = result.findings.diagnostics if result.findings is not None else ()
    if result.code or any(one.severity is Severity.error for one in found):  # which --fail-on never lets pass
        yield "lint has findings that fail the run"
    yield from autoapprove.elsewhere(repo.committed(base), {**ready.base.sources, **ready.topology.sources})
    case = autoapprove.Case(result.plan, ready.base, ready.topology, ready.settings, found)
    yield from autoapprove.reasons(case)


def stop(result: Result) -> None:
    """Raise Blocked for a change that needs a person; what failed in itself keeps its exit code."""
    if result.person and not result.code:
        raise Blocked(
            f"Needs a person: {listed(result.person, most=10)}.",
            help="Nothing is wrong: a reviewer decides. What needs none is listed in docs/auto-approve.md.",
        )


def refused(ready: Prepared, result: Result) -> None:
    """Raise KafkaGitopsError where the brokers refuse a part of this change; what was pending before is none of it."""
    base, now = (ready.base.state if ready.base else {}), ready.topology.state
    found = result.plan.refused if result.plan is not None else []
    own = [one.key for one in found if not (result.proposed and base.get(one.key) == now.get(one.key))]
    if own:
        said = f"The brokers refuse {words.count(len(own), 'change')} of this plan: {listed(own, most=5)}."
        raise KafkaGitopsError(
            said, help="The plan says why, under what cannot be done. Mend the files or the brokers."
        )


def stopped(result: Result, error: KafkaGitopsError) -> tuple[str, ...] | None:
    """The reasons of a run that an error ended: the verdict is never good."""
    return None if result.person is None else result.person or (error.message,)


def nothing_possible(result: Result) -> str | None:
    """What is said of a plan that has differences and no change: nobody is asked about it, and it is no success."""
    if result.plan is None or result.changes or not result.plan.unsupported:
        return None
    counted = words.count(len(result.plan.unsupported), "difference")
    return f"Nothing can be applied: {counted} cannot be done, see below why. Mend the files or the cluster by hand."

"""What `ci` hands to its steps: risks that a reviewed commit accepts, and of `--accept` what is lint's matter too."""

from collections.abc import Sequence

from kafka_gitops import trailers
from kafka_gitops.acceptance import TRAILER, said
from kafka_gitops.cli import terminal
from kafka_gitops.git import Repository
from kafka_gitops.plan.policy import blocking
from kafka_gitops.report.findings import inert
from kafka_gitops.rules import changes


def by_commits(repo: Repository, base: str | None) -> dict[tuple[str, str], str]:
    """Who accepted each blocking risk of a resource, by its name and that of the resource, in a commit since the base.

    They are told as notes. What names no risk of a plan is a rule of lint, or nothing. Raises UsageError when git does
    not know the base.
    """
    if base is None:
        return {}
    found = {}
    for commit, (author, values) in trailers.of_commits(repo, base, TRAILER).items():
        for value in values:
            risk, name = said(value)
            if risk in blocking() and name:
                found[risk, name] = f"{author} (commit {commit})"
                terminal.say(f"note: {inert(f'risk {risk} on {name} is accepted by {found[risk, name]}')}")
    return found


def by_lint(accept: Sequence[str]) -> tuple[str, ...]:
    """The values of `--accept` without those that name a risk of a plan about which lint has no rule."""
    rules = {rule.NAME for rule in changes()}
    risks = {text for text in accept if text.partition(":")[0] in blocking()}
    return tuple(text for text in accept if text not in risks or f"change-{text.partition(':')[0]}" in rules)

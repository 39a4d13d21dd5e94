"""Risks that a reviewed commit accepts: `Kafka-Gitops-Accept: RISK NAME` in its message."""

from kafka_gitops import git
from kafka_gitops.acceptance import TRAILER, said
from kafka_gitops.cli import terminal
from kafka_gitops.policy import BLOCKING
from kafka_gitops.report.findings import inert


def by_commits(base: str | None) -> list[str]:
    """`RISK:NAME` for each blocking risk that a commit since the base accepts, one resource at a time, told as notes.

    What names no risk of a plan is a rule of lint, or nothing. Raises UsageError when git does not know the base.
    """
    if base is None:
        return []
    found = []
    for commit, (author, values) in git.trailers(base, TRAILER).items():
        for value in values:
            risk, name = said(value)
            if risk in BLOCKING and name:
                found.append(f"{risk}:{name}")
                terminal.say(f"note: {inert(f'risk {risk} on {name} is accepted by {author} (commit {commit})')}")
    return found

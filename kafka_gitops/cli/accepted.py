"""Risks that a reviewed commit accepts: `Kafka-Gitops-Accept: RISK NAME` in its message."""

from kafka_gitops import git
from kafka_gitops.acceptance import TRAILER
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
            risk, name = (*value.replace(":", " ", 1).split(None, 1), "", "")[:2]
            if risk in BLOCKING and name.strip():
                found.append(f"{risk}:{name.strip()}")
                said = inert(f"risk {risk} on {name.strip()} is accepted by {author} (commit {commit})")
                terminal.say(f"note: {said}")
    return found

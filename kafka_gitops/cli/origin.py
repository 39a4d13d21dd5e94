"""Where a run comes from, each fact with who says so: variables of the platform, its API, or git (unproved)."""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence

from kafka_gitops.ci import Context
from kafka_gitops.config import environment
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.git import Repository
from kafka_gitops.ledger.people import ENVIRONMENT, GIT, PLATFORM, Fact, Person, Source, person

_LOCAL = ("USER", "LOGNAME", "USERNAME")


def actor(context: Context, mode: str) -> Person | None:
    """Who started the run, as `ledger.actors` wants it: by login, by the platform's id, or not at all."""
    if mode == "none":
        return None
    name = context.actor if mode == "login" else context.actor_id
    if name is None and context.local and mode == "login":
        name = next((found for one in _LOCAL if (found := environment().get(one))), None)
    return somebody(name, ENVIRONMENT) if name else None


def somebody(name: str, source: Source) -> Person:
    """Somebody, erasable."""
    return person(name, source, secrets.token_hex(16))


def facts(context: Context, repo: Repository | None, commit: str | None) -> Mapping[str, Fact]:
    """The change request and the address of the run, as far as variables and git tell."""
    found: dict[str, Fact] = {}
    if context.run_url:
        found["run_url"] = Fact(context.run_url, ENVIRONMENT)
    if context.change_request is not None:
        found["change_request"] = Fact(_signed(context, context.change_request), ENVIRONMENT)
    elif repo is not None and commit is not None and (merged := _merged(repo, commit)) is not None:
        found["change_request"] = merged
    return found


def asked(
    context: Context, mode: str, known: Mapping[str, Fact]
) -> tuple[Mapping[str, Fact], tuple[Person, ...], str | None]:
    """The same facts with what the platform's API tells, who approved, and why it could not be asked."""
    from kafka_gitops.ci import approvals
    from kafka_gitops.clients.http import ApiError

    try:
        told = approvals.told(context, environment())
    except ApiError as failure:
        return known, (), failure.message
    facts = {**known}
    if told.change_request is not None:
        facts["change_request"] = Fact(_signed(context, told.change_request), PLATFORM)
    users = [user.login if mode == "login" else user.id for user in told.approvers] if mode != "none" else []
    return facts, tuple(somebody(one, PLATFORM) for one in users), None


def joined(known: Sequence[Person], names: Iterable[str]) -> tuple[Person, ...]:
    """People that the platform's API told of, with others by how they are recorded."""
    there = {one.name for one in known}
    return (*known, *(somebody(one, PLATFORM) for one in names if one not in there))


def _signed(context: Context, number: str) -> str:
    """A change request as its platform writes it, and as git's messages do: `#7`, GitLab's `!7`."""
    return f"{'!' if context.platform == 'gitlab' else '#'}{number}"


def _merged(repo: Repository, commit: str) -> Fact | None:
    """The change request that a commit merged, by its message."""
    from kafka_gitops.history import message

    try:
        said = repo.asked("log", "-1", "--no-show-signature", "--format=%B", commit.removesuffix("-dirty"), "--")
    except KafkaGitopsError:
        return None
    subject, _, body = said.decode("utf-8", "replace").strip().partition("\n")
    found = message.request(subject.strip(), body, ())
    return Fact(found.value, GIT) if found is not None else None


def accepted(by: str, context: Context, who: Person | None) -> tuple[Person | None, str]:
    """Who accepted a risk, and how; `by` is what the plan says of it.

    The author of a commit is a name that anybody can write, and a full one: the commit stands for it. An option is the
    choice of whoever typed it; in a pipeline it may stand in a file, so nobody is named.
    """
    found = re.search(r"\(commit ([0-9a-f]+)\)$", by)
    if found is not None:
        return None, f"commit {found[1]}"
    return who if context.local else None, by

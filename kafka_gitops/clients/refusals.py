"""What a broker refused, in words: errors that end a run, and problems of single resources."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from kafka_gitops import shell
from kafka_gitops.clients.library import error_name
from kafka_gitops.errors import KafkaGitopsError, MissingRight, NoAuthorizer, listed
from kafka_gitops.kinds.parts import Problem

TOPIC_AUTHORIZATION_FAILED = 29
CLUSTER_AUTHORIZATION_FAILED = 31
SECURITY_DISABLED = 54

_DUMP = re.compile(r"Request(Context)?\s?\(|Request Request\(")
_CLASS = re.compile(r"^(?:[a-z]+\.)+[A-Z]\w*(?:Exception|Error)?: ")
_LACKS = {
    TOPIC_AUTHORIZATION_FAILED: "this principal lacks the right on the topic",
    CLUSTER_AUTHORIZATION_FAILED: "this principal lacks the right on the cluster",
}
_MISSING = ("TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED")
_HELP = {
    "TOPIC_DELETION_DISABLED": "The brokers delete no topics: they run with delete.topic.enable=false.",
}
TIMED_OUT = "REQUEST_TIMED_OUT"
_Resource = TypeVar("_Resource", bound=Hashable)


def problem(code: int, message: str | None) -> Problem | None:
    """A resource's error as the contract has it, None for no error; Java dumps are left out."""
    if not code:
        return None
    text = _CLASS.sub("", (message or "").strip().split("\n", 1)[0])
    if code in _LACKS and (not text or _DUMP.search(text) or text.endswith("uthorization failed.")):
        text = _LACKS[code]
    name = error_name(code)
    if name == TIMED_OUT:  # the broker stopped waiting, the controller may go on
        return Problem(
            name, f"{(text or 'the broker did not wait for it').rstrip('.')}. It may or may not be done", "lost"
        )
    return Problem(name, text)


def explained(
    answers: Mapping[_Resource, Problem | None], principal: str | None, operation: str
) -> dict[_Resource, Problem | None]:
    """The answers to a write, with what lets refused resources through: the right `operation` that the write takes.

    Resources are names of topics, or anything else, which takes the right on the cluster.
    """
    refused = [name for name, found in answers.items() if found and found.code in _MISSING]
    topics = sorted(name for name in refused if isinstance(name, str))
    if topics:
        help = missing_topics(principal, topics, operation, "").help or ""
    else:
        help = f"Grant {operation}:\n  {grant(principal, operation, '--cluster')}"
    lacks = f"{who(principal)} lacks {operation} on the {'topic' if topics else 'cluster'}"

    def told(found: Problem | None) -> Problem | None:
        if found is None or found.help:
            return found
        if found.code in _MISSING:
            return found._replace(message=lacks if found.message in _LACKS.values() else found.message, help=help)
        return found._replace(help=_HELP.get(found.code, ""))

    return {name: told(found) for name, found in answers.items()}


def who(principal: str | None) -> str:
    """The principal as the subject of a sentence."""
    return principal or "This principal"


def grant(principal: str | None, operation: str, *resource: str) -> str:
    """The command that grants a right: `kafka-acls --add --allow-principal User:ci --operation Describe --cluster`."""
    return shell.acls("add", "allow", principal or "User:NAME", "--operation", operation, *resource)


def missing_topics(principal: str | None, names: Sequence[str], operation: str, verb: str) -> MissingRight:
    """The error for topics that this principal may not `verb` ("describe")."""
    what = f"topic {names[0]}" if len(names) == 1 else f"{len(names)} topics: {listed(names)}"
    shown = [word for name in names[:10] for word in ("--topic", name)]
    more = (
        ""
        if len(names) <= 10
        else f"\nand so on for {len(names) - 10} more; a prefix: --resource-pattern-type prefixed"
    )
    return MissingRight(
        f"{who(principal)} may not {verb} {what}.",
        help=f"Grant {operation} (a prefix covers many):\n  {grant(principal, operation, *shown)}{more}",
    )


def missing_cluster_right(
    principal: str | None, what: str, operation: str = "Describe", others: str = "topics"
) -> MissingRight:
    """The error for what may not be read (`what`: "ACLs") without a right on the cluster; `others` can be planned."""
    return MissingRight(
        f"{who(principal)} may not read the cluster's {what}, so a plan would be blind to them. "
        f"Grant it, or plan {others.replace(',', ' and ')} only: --only {others}",
        help=f"  {grant(principal, operation, '--cluster')}",
    )


def no_authorizer() -> NoAuthorizer:
    """The error for ACL requests to brokers without an authorizer."""
    return NoAuthorizer(
        "No authorizer is configured on the brokers, so there are no ACLs to read or write.",
        help="Plan topics only: --only topics. Or set authorizer.class.name on the brokers (KRaft: "
        "org.apache.kafka.metadata.authorizer.StandardAuthorizer).",
    )


def unexpected(what: str, code: int, message: str | None) -> KafkaGitopsError:
    """The error for a read that the broker refused for another reason."""
    return KafkaGitopsError(f"The cluster did not answer when asked for {what}: {problem(code, message)}")


def chunks(items: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    """The items in lists of at most `size`."""
    return (items[at : at + size] for at in range(0, len(items), size))

"""Whether topics may be there that this principal may not see: they are in no list that it gets."""

from collections.abc import Iterator
from uuid import uuid4

from kafka_gitops.clients.acls import topic_denials
from kafka_gitops.clients.link import Link, understood
from kafka_gitops.clients.refusals import TOPIC_AUTHORIZATION_FAILED, chunks, grant, who
from kafka_gitops.clients.topics import CHUNK, asking
from kafka_gitops.errors import MissingRight


@understood
def unseen(link: Link, prefix: str) -> MissingRight | None:
    """What keeps this principal from seeing all topics whose names begin so; None where nothing does.

    Asked is for one that is nowhere, and for those that a denial names: what may not be described is answered with
    TOPIC_AUTHORIZATION_FAILED, be it there or not. Denials are not known without DESCRIBE on the cluster.
    """
    probe = prefix + uuid4().hex
    asked = [probe, *_denied(link, prefix)]
    refused = set()
    for answer in link.exchange(asking(chunk) for chunk in chunks(asked, CHUNK)):
        refused |= {topic.name for topic in answer.decode().topics if topic.error_code == TOPIC_AUTHORIZATION_FAILED}
    principal = link.login.principal
    if probe in refused:
        said = f"{who(principal)} may not see all ledgers (it needs Read on the topics whose names begin with {prefix})"
        every = ("--resource-pattern-type", "prefixed", "--topic", prefix)
        return MissingRight(said, help=f"Grant it:\n  {grant(principal, 'Read', *every)}")
    if refused:
        said = f"{who(principal)} may not see all ledgers (Describe on topic {min(refused)} is denied)"
        return MissingRight(said, help="The binding that denies it has to go; kafka-acls --list --topic shows it.")
    return None


def _denied(link: Link, prefix: str) -> Iterator[str]:
    """Topics that a denial may hide though the prefix is allowed."""
    for acl in topic_denials(link):
        if acl.name.startswith(prefix) and acl.operation in ("DESCRIBE", "ALL"):
            yield acl.name if acl.pattern_type == "LITERAL" else acl.name + uuid4().hex

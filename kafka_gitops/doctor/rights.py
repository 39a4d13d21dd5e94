"""What the principal may do: a look for every right on Kafka that the kinds say a run needs."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from kafka_gitops.clients import acls, configs, needs, readers, topics
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.refusals import grant, who
from kafka_gitops.doctor.verdict import LACKING, Verdict
from kafka_gitops.errors import KafkaGitopsError, MissingRight, NoAuthorizer, listed
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.parts import CLUSTER, Right

REQUESTS = "knows all requests"
_UNTOLD = "this server does not tell what a principal may do"
_OPEN = "no authorizer is configured on the brokers"


def of_kafka() -> list[Right]:
    """The rights on Kafka, those of a kind together; one that two kinds need is looked at once for each."""
    return [right for kind in KINDS.values() for right in kind.RIGHTS if right.system == "kafka"]


class Seen:
    """What a connection tells of itself, each asked once."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.principal = link.login.principal

    @cached_property
    def names(self) -> list[str]:
        """The topics that are visible."""
        return sorted(topics.list_topics(self.link))

    @cached_property
    def on_topics(self) -> Mapping[str, frozenset[str]]:
        """What the principal may do to each of them, where that is told."""
        return topics.topic_operations(self.link, self.names)

    @cached_property
    def on_cluster(self) -> frozenset[str] | None:
        """What it may do to the cluster, None where that is not told."""
        return topics.cluster_operations(self.link)

    @cached_property
    def authorizer(self) -> bool:
        """Whether there is one at all: without one the brokers answer that everybody may do all."""
        try:
            acls.list_acls(self.link)
        except NoAuthorizer:
            return False
        except MissingRight:
            pass
        return True

    def sees_groups(self) -> bool | None:
        """Whether it may see every consumer group; None where no broker answers that."""
        try:
            return readers.sees_all(self.link)
        except KafkaGitopsError:
            return None


def examine(link: Link) -> Iterator[Verdict]:
    """A verdict on each right, and on the requests that an apply takes."""
    seen = Seen(link)
    for right in of_kafka():
        yield _look(right)(seen, right)
    lacks = needs.lacking(link)
    help = "What needs them cannot be applied. Kafka 2.8 and newer have them all."
    yield Verdict("note", REQUESTS, f"lacks {listed(lacks, most=9)}", help) if lacks else Verdict("ok", REQUESTS)


def _word(right: Right) -> str:
    """An operation as brokers tell it: `DESCRIBE_CONFIGS`."""
    return "".join(f"_{char}" if char.isupper() and at else char for at, char in enumerate(right.operation)).upper()


def _visible(seen: Seen, right: Right) -> Verdict:
    if seen.names:
        return Verdict("ok", right.look, f"{len(seen.names)} visible")
    lacks = f"none visible: there are none, or {who(seen.principal)} may {_word(right)} none"
    return Verdict("note", right.look, lacks, grant(seen.principal, right.operation, "--topic", "NAME"))


def _readable(seen: Seen, right: Right) -> Verdict:
    """By what the broker tells of each topic; where it does not tell (below 2.3, other servers) by asking for one."""
    if seen.names and not seen.on_topics:
        try:
            configs.topic_configs(seen.link, [seen.names[0]], [])
        except MissingRight as lacking:
            return Verdict("FAIL", right.look, lacking.message, lacking.help or "", LACKING)
        return Verdict("ok", right.look, f"of {seen.names[0]}; this server does not tell of the others")
    found = _on_topics(seen, right)
    if found.status == "note" and not any(_word(right) in may for may in seen.on_topics.values()):
        return found._replace(status="FAIL", code=LACKING)
    return found


def _on_topics(seen: Seen, right: Right) -> Verdict:
    if not seen.names:
        return Verdict("ok", right.look, "no topic to look at")
    if not seen.on_topics:
        return Verdict("note", right.look, _UNTOLD)
    may = sum(_word(right) in operations for operations in seen.on_topics.values())
    found = f"of {may} of the {len(seen.names)} visible topics"
    if may == len(seen.names):
        return Verdict("ok", right.look, found)
    return Verdict("note", right.look, found, grant(seen.principal, right.operation, "--topic", "NAME"))


def _creation(seen: Seen, right: Right) -> Verdict:
    if seen.on_cluster is None:
        return Verdict("note", right.look, _UNTOLD)
    if _word(right) in seen.on_cluster:
        return Verdict("ok", right.look, "of any name")
    return Verdict("note", right.look, "not of any name; rights on single names or prefixes cannot be asked for")


def _bindings(seen: Seen, right: Right) -> Verdict:
    try:
        return Verdict("ok", right.look, f"{len(acls.list_acls(seen.link))} bindings")
    except MissingRight:
        lacks = f"{who(seen.principal)} lacks {_word(right)} on the cluster"
        return Verdict("FAIL", right.look, lacks, grant(seen.principal, right.operation, "--cluster"), LACKING)
    except NoAuthorizer:
        return Verdict("note", right.look, _OPEN, "Plan topics only: --only topics")


def _bindings_changed(seen: Seen, right: Right) -> Verdict:
    if not seen.authorizer:
        return Verdict("note", right.look, _OPEN)
    found = _on_cluster(seen, right)
    return found._replace(found=f"{found.found}, which an apply of ACLs needs") if found.help else found


def _on_cluster(seen: Seen, right: Right) -> Verdict:
    if seen.on_cluster is None:
        return Verdict("note", right.look, _UNTOLD)
    if _word(right) in seen.on_cluster:
        return Verdict("ok", right.look)
    if "DESCRIBE" not in seen.on_cluster and right.operation != "Describe":  # KafkaApis.handleDescribeCluster
        return Verdict("note", right.look, "not told to a principal that lacks DESCRIBE on the cluster")
    lacks = f"{who(seen.principal)} lacks {_word(right)} on the cluster"
    return Verdict("note", right.look, lacks, grant(seen.principal, right.operation, "--cluster"))


def _groups(seen: Seen, right: Right) -> Verdict:
    told = seen.sees_groups()
    if told is None:
        return Verdict("note", right.look, _UNTOLD)
    if told:
        return Verdict("ok", right.look)
    lacks = f"{who(seen.principal)} may not see every consumer group"
    return Verdict("note", right.look, lacks, grant(seen.principal, right.operation, "--group", "*"))


Look = Callable[[Seen, Right], Verdict]
_OWN: Mapping[str, Look] = {  # rights of which more is to be said than whether they are there
    "may read topics": _visible,
    "may read configs": _readable,
    "may create topics": _creation,
    "may read ACLs": _bindings,
    "may alter ACLs": _bindings_changed,
    "may see all groups": _groups,
}
_BY_RESOURCE: Mapping[str, Look] = {CLUSTER: _on_cluster, "your topics": _on_topics}


def _look(right: Right) -> Look:
    return _OWN.get(right.look) or _BY_RESOURCE[right.resource]

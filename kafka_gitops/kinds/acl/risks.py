"""What a change of ACL bindings may cost."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from kafka_gitops.changes import Change, Danger, Origin, Risk
from kafka_gitops.errors import listed
from kafka_gitops.kinds.cluster import OPEN_SETTING
from kafka_gitops.model import Acl, Key, acl_key

LAST_GRANT = Danger("last-grant", True, "a principal loses its last right")
DENY_ADDED = Danger("deny-added", True, "a new DENY")
FIRST_ACL = Danger("first-acl", True, "the first ACL on a resource while the broker allows everyone without one")
LAST_ACL = Danger("last-acl", True, "the last ACL on a resource goes while the broker allows everyone without one")
SELF_LOCKOUT = Danger(
    "self-lockout", True, "the run's own principal would be denied, or has no right left on what it needs"
)
CLUSTER_ADMIN = Danger("cluster-admin", True, "a right with which somebody rules the cluster, or acts as another user")
DANGERS = (LAST_GRANT, DENY_ADDED, FIRST_ACL, LAST_ACL, SELF_LOCKOUT, CLUSTER_ADMIN)
_ADMIN = {  # (resource type, operation): what whoever has it can do; StandardAuthorizer, KafkaApis, KIP-373
    ("CLUSTER", "ALL"): "do everything on the cluster, give itself every right too",
    ("CLUSTER", "ALTER"): "create and delete every ACL, give itself every right too",
    ("CLUSTER", "ALTER_CONFIGS"): "change the configuration of all brokers",
    ("CLUSTER", "CLUSTER_ACTION"): "act as a broker, read and write every topic too",
    ("CLUSTER", "CREATE"): "create every topic, also outside `manage.topics`",
    ("USER", "ALL"): "log in as {name}, with a delegation token",
    ("USER", "CREATE_TOKENS"): "log in as {name}, with a delegation token",
}


class Facts(NamedTuple):
    """What the risks of bindings depend on.

    `open_by_default` is the broker's `allow.everyone.if.no.acl.found`, None where it could not be read; `principal`
    is the run's own, None also where it is a super user; `usual` are bindings of `new` that make nobody an
    administrator, though their words say so; `topics` are what the files declare, which the run has to see.
    """

    open_by_default: bool | None
    principal: str | None
    usual: Collection[Acl] = ()
    topics: Collection[str] = ()


def diff(
    new: Collection[Acl],
    gone: Collection[Acl],
    live: Collection[Acl],
    facts: Facts,
    origins: Mapping[Key, Origin],
) -> Iterator[Change]:
    """The bindings to create (`new`: not live) and to delete (`gone`: live, not wanted), with their risks."""
    if not new and not gone:
        return
    after = Counter(acl.principal for acl in live if acl.permission == "ALLOW")
    after.update(acl.principal for acl in new if acl.permission == "ALLOW")
    after.subtract(acl.principal for acl in gone if acl.permission == "ALLOW")
    before = _Resources(live)
    left = {*live, *new} - set(gone)
    later = _Resources(left) if gone else before
    mine = _Resources(acl for acl in left if own_right(acl, facts.principal))
    for acl in sorted(new):
        key = acl_key(acl)
        yield Change(key, None, acl, tuple(_risks_of_new(acl, before, mine, facts)), origins.get(key))
    for acl in sorted(gone):
        key = acl_key(acl)
        last = acl.permission == "ALLOW" and after[acl.principal] <= 0
        yield Change(key, acl, None, tuple(_risks_of_gone(acl, later, facts, last)), origins.get(key))


class _Resources:
    """Which resources have any binding at all, as StandardAuthorizer decides it: literal, prefixed and `*` count."""

    def __init__(self, acls: Iterable[Acl]) -> None:
        self.literal: set[tuple[str, str]] = set()
        self.prefixes: dict[str, set[str]] = {}
        for acl in acls:
            if acl.pattern_type == "PREFIXED":
                self.prefixes.setdefault(acl.resource_type, set()).add(acl.name)
            else:
                self.literal.add((acl.resource_type, acl.name))

    def any(self, resource_type: str) -> bool:
        """Whether there is any binding on this type."""
        return resource_type in self.prefixes or any(kind == resource_type for kind, _ in self.literal)

    def covers(self, resource_type: str, name: str) -> bool:
        """Whether the resource of this name has any binding."""
        return self.covered(Acl("", "", "", "", resource_type, "LITERAL", name))

    def covered(self, acl: Acl) -> bool:
        """Whether everything that this binding's pattern matches has some binding already."""
        if (acl.resource_type, "*") in self.literal:
            return True
        if acl.pattern_type == "LITERAL" and (acl.resource_type, acl.name) in self.literal:
            return True
        prefixes = self.prefixes.get(acl.resource_type, set())
        if acl.pattern_type == "LITERAL" and acl.name == "*":
            return "" in prefixes
        return any(acl.name[:length] in prefixes for length in range(len(acl.name) + 1)) if prefixes else False


def _risks_of_new(acl: Acl, before: _Resources, mine: _Resources, facts: Facts) -> Iterator[Risk]:
    own = facts.principal
    who = "everybody" if acl.principal == "User:*" else acl.principal
    if acl.permission == "ALLOW" and (power := _power(acl)) is not None and acl not in facts.usual:
        yield CLUSTER_ADMIN(f"{who} can {power}")
    if acl.permission == "DENY":
        yield DENY_ADDED(f"{who} loses {acl.operation} there, whatever else is granted")
        if own is not None and acl.principal in (own, "User:*"):
            yield SELF_LOCKOUT(f"it also denies {own}, which this run logs in as")
    if facts.open_by_default is False or before.covered(acl):
        return
    why = "the broker allows everyone where there is no ACL"
    if facts.open_by_default is None:
        why = f"the broker may allow everyone where there is no ACL (it hides {OPEN_SETTING})"
    yield FIRST_ACL(f"the first ACL there, and {why}: all others lose access")
    lost = _lost(acl, before, mine, facts.topics) if own is not None else None
    if lost is not None:
        yield SELF_LOCKOUT(f"{own}, which this run logs in as, loses its rights on {lost}: give it its own ACLs first")


def _lost(acl: Acl, before: _Resources, mine: _Resources, topics: Collection[str]) -> str | None:
    """What the run itself can no longer use once this first ACL is there, None for nothing that it needs.

    It needs the cluster, every group (who reads a topic that is deleted) and the topics that the files declare.
    """
    if mine.covered(acl):
        return None
    if acl.resource_type == "CLUSTER":
        return "the cluster"
    everything = acl.name == ("*" if acl.pattern_type == "LITERAL" else "")
    if acl.resource_type == "GROUP":
        return "all consumer groups" if everything else None
    if acl.resource_type != "TOPIC":
        return None
    if everything and not topics:
        return None if mine.any("TOPIC") else "all topics"
    if acl.pattern_type == "LITERAL" and not everything:
        reached = [acl.name] if acl.name in topics else []
    else:
        reached = [name for name in topics if everything or name.startswith(acl.name)]
    names = [name for name in reached if not (mine.covers("TOPIC", name) or before.covers("TOPIC", name))]
    return listed([f"topic {name}" for name in sorted(names)], most=3) if names else None


def _power(acl: Acl) -> str | None:
    """What somebody with a right of an administrator can do, None for any other right."""
    power = _ADMIN.get((acl.resource_type, acl.operation))
    whoever = "any user" if acl.name == "*" else f"any {acl.name}*" if acl.pattern_type == "PREFIXED" else acl.name
    return None if power is None else power.format(name=whoever)


def _risks_of_gone(acl: Acl, later: _Resources, facts: Facts, last: bool) -> Iterator[Risk]:
    if acl.permission == "DENY" and (power := _power(acl)) is not None:
        yield CLUSTER_ADMIN(f"{acl.principal} is no longer denied to {power}")
    if last:
        yield LAST_GRANT(f"{acl.principal} has no other right on this cluster")
    if facts.open_by_default is not False and not later.covered(acl):
        why = "allows" if facts.open_by_default else f"may allow (it hides {OPEN_SETTING})"
        yield LAST_ACL(f"the last ACL there, and the broker {why} everyone where there is none")


def own_right(acl: Acl, principal: str | None) -> bool:
    """Whether revoking this binding would take a right from the run itself."""
    return principal is not None and acl.permission == "ALLOW" and acl.principal in (principal, "User:*")

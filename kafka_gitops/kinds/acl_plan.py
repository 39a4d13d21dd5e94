"""The share of ACL bindings in a plan: what is to be granted and revoked."""

from collections.abc import Iterable
from dataclasses import replace

from kafka_gitops.changes import Origin, Unsupported
from kafka_gitops.kinds import acl
from kafka_gitops.kinds.contract import Cluster
from kafka_gitops.kinds.wish import Part, Wish, where
from kafka_gitops.model import Acl, Key, Topology, acl_key
from kafka_gitops.scope import acl_fence, acl_inside, all_topics
from kafka_gitops.settings import Settings

KIND = "acls"


def count(wish: Wish) -> int:
    """How many grants the files declare, now or at the base: principals times resources."""
    return acl.units({*wish.topology.acls, *(wish.base.acls if wish.base else ())})


def plan(wish: Wish, settings: Settings, cluster: Cluster) -> Part | None:
    """The changes of bindings, None where the files have none; raises MissingRight or NoAuthorizer."""
    if not _wants_acls(wish):
        return None
    part = Part(KIND)
    live = set(cluster.list_acls())
    wanted = wish.topology.acls
    before = wish.base.acls if wish.base is not None else {}
    removed: list[Acl] = []
    origins: dict[Key, Origin] = {}
    if wish.base is not None and "acls" in settings.prune:
        for binding in wish.base.acls:
            if binding in wanted or binding not in live:
                continue
            if acl.own_right(binding, cluster.principal):
                reason = f"it is a right of {cluster.principal}, which this run logs in as"
                part.nevers.append(Unsupported(acl_key(binding), reason, where(wish.base, acl_key(binding))))
            elif acl_inside(settings.scopes, binding):
                removed.append(binding)
                _note_origin(origins, wish.base, binding)
    asked = [binding for binding in wanted if not (wish.only_change and binding in before)]
    outside = {binding: why for binding in asked if (why := acl_fence(settings.scopes, binding)) is not None}
    for binding, why in sorted(outside.items()):
        part.nevers.append(Unsupported(acl_key(binding), why.reason(), where(wish.topology, acl_key(binding), binding)))
    new = [binding for binding in asked if binding not in live and binding not in outside]
    for binding in new:
        _note_origin(origins, wish.topology, binding)
    open_by_default = _open_by_default(cluster, settings) if new or removed else False
    facts = acl.Facts(open_by_default, cluster.principal, _usual(new, wish.topology, settings))
    ours = wanted.keys() - outside.keys()
    for change in acl.diff(ours, new, removed, live, facts, origins):
        part.changes.append(replace(change, pending=change.after in before))
    declared = {*wanted, *removed}
    part.left_alone = sum(acl_inside(settings.scopes, binding) for binding in live if binding not in declared)
    return part


def _usual(new: Iterable[Acl], topology: Topology, settings: Settings) -> frozenset[Acl]:
    """CREATE on the cluster where the connector role gives it, or where every topic is this repository's."""
    creates = {binding for binding in new if (binding.resource_type, binding.operation) == ("CLUSTER", "CREATE")}
    if not creates or all_topics(settings.scopes):
        return frozenset(creates)
    connectors = (grant for grant in topology.grants if grant.role == "connector")
    return frozenset(creates & {binding for grant in connectors for binding in grant.acls})


def _wants_acls(wish: Wish) -> bool:
    """Whether any binding is looked at: of the files, or of the base; with `only_change` only one that differs."""
    base = wish.base.acls if wish.base is not None else {}
    return wish.topology.acls.keys() != base.keys() if wish.only_change else bool(wish.topology.acls or base)


def _note_origin(origins: dict[Key, Origin], topology: Topology, binding: Acl) -> None:
    origin = where(topology, acl_key(binding), binding)
    if origin is not None:
        origins[acl_key(binding)] = origin


def _open_by_default(cluster: Cluster, settings: Settings) -> bool | None:
    """The broker's `allow.everyone.if.no.acl.found`: false where it is not set (Kafka's default), None where it is
    hidden and the environment's `broker_defaults` do not tell it either."""
    told = cluster.broker_configs([acl.OPEN_SETTING])
    value = told.get(acl.OPEN_SETTING, "false")
    if value is None:
        value = settings.broker_defaults.get(acl.OPEN_SETTING)
    return value.strip().lower() == "true" if value is not None else None

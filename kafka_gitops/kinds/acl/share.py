"""The share of ACL bindings in a plan: what is to be granted and revoked."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from kafka_gitops import by_hand
from kafka_gitops.changes import Change, Origin, Unsupported
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds.acl import in_use, risks
from kafka_gitops.kinds.cluster import OPEN_SETTING, Cluster
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.wish import Part, Wish, where
from kafka_gitops.model import Acl, Key, Topology, acl_key
from kafka_gitops.scope import acl_fence, acl_inside, all_topics, reserved
from kafka_gitops.settings import Settings

_PRUNE = "`prune` names no acls"


def plan(wish: Wish, settings: Settings, systems: Systems) -> Part | None:
    """The changes of bindings, None where none are looked at; raises MissingRight or NoAuthorizer."""
    cluster = systems.kafka
    live = _live(wish, cluster)
    if live is None:
        return None
    part, wanted, before = Part("acls"), wish.topology.acls, _base(wish).acls
    removed = list(_removed(wish, settings, live, cluster.principal, part))
    asked = [binding for binding in wanted if not (wish.only_change and binding in before)]
    doubtful = asked if settings.scopes else filter(reserved, asked)
    fences = ((binding, acl_fence(settings.scopes, binding)) for binding in doubtful)
    outside = {binding: why for binding, why in fences if why is not None}
    for binding, why in sorted(outside.items()):
        part.nevers.append(Unsupported(acl_key(binding), why.reason(), where(wish.topology, acl_key(binding), binding)))
    missing = wanted.keys() - live - outside.keys()
    new = [binding for binding in asked if binding in missing] if missing else []
    open_by_default = _open_by_default(cluster, settings) if new or removed else False
    facts = risks.Facts(
        open_by_default, _mortal(cluster, settings), _usual(new, wish.topology, settings), wish.topology.specs
    )
    changes = list(risks.diff(new, removed, live, facts, _origins(wish, [*new, *removed])))
    if changes:
        changes = in_use.marked(changes, {*live, *new} - set(removed), systems, part.notes)
    part.changes += (_known(change, wish) for change in changes)
    if part.changes and cluster.principal is None:  # a certificate may log it in
        part.notes.append(
            "it is not known who the brokers take this run for, so `self-lockout` is not judged: "
            "set `principal` of the environment (`kafka-gitops doctor` says more)"
        )
    if not wish.only_change:
        rest = live - wanted.keys() - set(removed)
        part.others = tuple(sorted(str(binding) for binding in rest if acl_inside(settings.scopes, binding)))
    return part


def _base(wish: Wish) -> Topology:
    return wish.base or Topology()


def _live(wish: Wish, cluster: Cluster) -> set[Acl] | None:
    """The bindings of the cluster, None where they are not looked at.

    Where neither the files nor the base say anything of bindings they are only counted as left alone: not with
    `only_change`, and not where they cannot be read.
    """
    now, base = wish.topology, _base(wish)
    if wish.only_change:
        same = now.acls.keys() == base.acls.keys() and now.revoked.keys() <= base.revoked.keys()
        return None if same else set(cluster.list_acls())
    try:
        return set(cluster.list_acls())
    except KafkaGitopsError:
        if now.acls or now.revoked or base.acls:
            raise
        return None


def _removed(wish: Wish, settings: Settings, live: Collection[Acl], principal: str | None, part: Part) -> Iterator[Acl]:
    """The bindings to delete: stated under `removed:`, or, with prune, declared at the base and no longer.

    What must not be deleted is told in `part`: as what stays where it only left the files, else as what nothing allows.
    """
    wanted, stated, base = wish.topology.acls, wish.topology.revoked, _base(wish)
    old = base.revoked if wish.only_change else {}
    for binding in dict.fromkeys([*stated, *base.acls]):
        if binding in wanted or binding not in live or (binding in stated and binding in old):
            continue
        fence = acl_fence(settings.scopes, binding)
        told, why = part.nevers, None
        if binding not in stated and (fence is not None or "acls" not in settings.prune):
            told, why = part.stays, _PRUNE if fence is None else f"{fence.reason()}; by hand: {by_hand.remove(binding)}"
        elif fence is not None:
            why = fence.reason()
        elif risks.own_right(binding, principal):
            why = f"it is a right of {principal}, which this run logs in as"
        if why is None:
            yield binding
        else:
            told.append(Unsupported(acl_key(binding), why, _place(wish, binding)))


def _known(change: Change, wish: Wish) -> Change:
    """A change with what the files say of it: whether the base wanted it already, and the reason of a removal."""
    base, spec = _base(wish), change.after or change.before
    if change.after is not None or not isinstance(spec, Acl) or spec not in wish.topology.revoked:
        return replace(change, pending=spec in base.acls and change.after is not None)
    return replace(change, pending=spec in base.revoked, because=wish.topology.revoked[spec].because)


def _place(wish: Wish, binding: Acl) -> Origin | None:
    """Where the files, or those of the base, speak of a binding."""
    key = acl_key(binding)
    return where(wish.topology, key, binding) or where(_base(wish), key, binding)


def _origins(wish: Wish, bindings: Iterable[Acl]) -> dict[Key, Origin]:
    places = ((acl_key(binding), _place(wish, binding)) for binding in bindings)
    return {key: place for key, place in places if place is not None}


def _mortal(cluster: Cluster, settings: Settings) -> str | None:
    """The run's own principal, unless the environment's `broker_defaults` tell that it is a super user.

    `super.users` is an authorizer's: brokers hide it.
    """
    above = [name.strip() for name in settings.broker_defaults.get("super.users", "").split(";")]
    return None if cluster.principal in above else cluster.principal


def _usual(new: Iterable[Acl], topology: Topology, settings: Settings) -> frozenset[Acl]:
    """CREATE on the cluster where the connector role gives it, or where every topic is this repository's."""
    creates = {binding for binding in new if (binding.resource_type, binding.operation) == ("CLUSTER", "CREATE")}
    if not creates or all_topics(settings.scopes):
        return frozenset(creates)
    connectors = (grant for grant in topology.grants if grant.role == "connector")
    return frozenset(creates & {binding for grant in connectors for binding in grant.acls})


def _open_by_default(cluster: Cluster, settings: Settings) -> bool | None:
    """The broker's `allow.everyone.if.no.acl.found`: false where it is not set (Kafka's default), None where it is
    hidden and the environment's `broker_defaults` do not tell it either."""
    told = cluster.broker_configs([OPEN_SETTING])
    value = told.get(OPEN_SETTING, "false")
    if value is None:
        value = settings.broker_defaults.get(OPEN_SETTING)
    return value.strip().lower() == "true" if value is not None else None

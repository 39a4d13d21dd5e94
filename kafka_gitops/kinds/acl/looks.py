"""How ACL bindings stand in reports: by principal and resource, what reaches furthest first."""

from collections.abc import Iterable, Iterator

from kafka_gitops.changes import Change, Origin
from kafka_gitops.kinds.looks import ADMIN, MIDDLE, NEAR, Link, Looks, Rank, Row
from kafka_gitops.model import Acl, Spec

STRONG = frozenset(("ALL", "ALTER", "ALTER_CONFIGS", "CLUSTER_ACTION", "CREATE_TOKENS", "DELETE"))
_OF_APPLICATIONS = frozenset(("TOPIC", "GROUP", "TRANSACTIONAL_ID"))
_CALM = frozenset(("DESCRIBE", "DESCRIBE_CONFIGS", "IDEMPOTENT_WRITE"))
_READS = frozenset(("READ", "DESCRIBE"))
_EVERYONE = (":*", ":ANONYMOUS")  # who has not logged in is User:ANONYMOUS (KafkaPrincipal.ANONYMOUS)
_OF_KAFKA = "__"  # how its own topics begin: who writes there moves offsets of others and ends their transactions
_VERBS = {
    (True, "ALLOW"): "gains",
    (False, "ALLOW"): "**loses**",
    (True, "DENY"): "**is denied**",
    (False, "DENY"): "is no longer denied",
}


def tier(acl: Acl) -> int:
    """How far a binding reaches, ADMIN furthest: whoever picks its names has no say in it."""
    on_cluster, strong = acl.resource_type not in _OF_APPLICATIONS, acl.operation in STRONG
    everything, prefixed = acl.name in ("", "*"), acl.pattern_type == "PREFIXED"
    usual = acl.resource_type == "GROUP" and acl.operation in _READS  # a consumer without a group
    tiers = (
        on_cluster and (strong or acl.resource_type != "CLUSTER"),
        acl.principal.endswith(_EVERYONE),
        everything and not usual,
        acl.permission == "DENY",
        (strong and prefixed) or (acl.name.startswith(_OF_KAFKA) and acl.operation not in _CALM | _READS),
        strong or (on_cluster and acl.operation not in _CALM),
        everything,
        prefixed,
    )
    return ADMIN + tiers.index(True) if True in tiers else NEAR


def rank(change: Change) -> Rank:
    """What to sort by: a wide prefix before a long one; what only takes a permission away after all that gives."""
    acl = change.after or change.before
    if not isinstance(acl, Acl):
        return MIDDLE
    wide = acl.pattern_type == "PREFIXED"
    return (tier(acl) if gives(change) else NEAR + 1), len(acl.name) if wide else 0


def gives(change: Change) -> bool:
    """Whether somebody can do more, or is denied something, than before: a binding comes, or a DENY goes."""
    acl = change.after or change.before
    return isinstance(acl, Acl) and (change.after is not None or acl.permission == "DENY")


def rows(changes: Iterable[Change]) -> list[Row]:
    """The changes, those of one principal, resource and place as one: `READ, DESCRIBE topic x`.

    By principal, whoever gets the furthest-reaching right first; of each what it loses first.
    """
    groups: dict[tuple[str, Acl, Origin | None], list[tuple[str, Change]]] = {}
    for change in changes:
        binding = change.after or change.before
        if isinstance(binding, Acl):
            same = (_VERBS[change.after is not None, binding.permission], binding._replace(operation=""), change.origin)
            groups.setdefault(same, []).append((binding.operation, change))
    found = []
    for (verb, acl, origin), members in groups.items():
        operations = ", ".join(operation for operation, _ in members)
        what = str(acl._replace(operation=operations, permission="ALLOW")).removeprefix(f"{acl.principal} may ")
        every = tuple(change for _, change in members)
        found.append(Row(every, what, origin, min(map(rank, every)), acl.principal, verb))
    furthest: dict[str, Rank] = {}
    for row in found:
        furthest[row.who] = min(row.rank, furthest.get(row.who, row.rank))
    return sorted(found, key=lambda row: (furthest[row.who], row.who, row.verb[0] != "*"))


def links(_name: str, spec: Spec) -> Iterator[Link]:
    """Who may write to and read from which topics by a binding."""
    if isinstance(spec, Acl) and (spec.permission, spec.resource_type) == ("ALLOW", "TOPIC"):
        for operation, writes in (("WRITE", True), ("READ", False)):
            if spec.operation in (operation, "ALL"):
                yield Link(spec.principal, spec.name, writes, spec.pattern_type == "PREFIXED")


LOOKS = Looks("ACL", "ACLs", left="right", grants=True, rank=rank, gives=gives, rows=rows, links=links)

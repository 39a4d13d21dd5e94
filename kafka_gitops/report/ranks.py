"""Which rights of a plan reach furthest: what a reader sees first, and what no limit may cut away."""

from kafka_gitops.changes import Change
from kafka_gitops.model import Acl

STRONG = frozenset(("ALL", "ALTER", "ALTER_CONFIGS", "CLUSTER_ACTION", "CREATE_TOKENS", "DELETE"))
ADMIN, FAR, NEAR = 0, 4, 8  # tiers: rule of the cluster; the last that always stands above; one named resource
_OF_APPLICATIONS = frozenset(("TOPIC", "GROUP", "TRANSACTIONAL_ID"))
_CALM = frozenset(("DESCRIBE", "DESCRIBE_CONFIGS", "IDEMPOTENT_WRITE"))
_READS = frozenset(("READ", "DESCRIBE"))
_EVERYONE = (":*", ":ANONYMOUS")  # who has not logged in is User:ANONYMOUS (KafkaPrincipal.ANONYMOUS)
_OF_KAFKA = "__"  # how its own topics begin: who writes there moves offsets of others and ends their transactions


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
    return tiers.index(True) if True in tiers else NEAR


def rank(change: Change) -> tuple[int, int]:
    """What to sort changes by, furthest first: a topic after the far-reaching rights, a wide prefix before a long one.

    A change that only takes a permission away comes after all that give or deny something.
    """
    acl = change.after or change.before
    if not isinstance(acl, Acl):
        return FAR + 1, 0
    wide = acl.pattern_type == "PREFIXED"
    return (tier(acl) if gives(change) else NEAR + 1), len(acl.name) if wide else 0


def gives(change: Change) -> bool:
    """Whether somebody can do more, or is denied something, than before: a binding comes, or a DENY goes."""
    acl = change.after or change.before
    return isinstance(acl, Acl) and (change.after is not None or acl.permission == "DENY")


def far(change: Change) -> bool:
    """Whether a change gives a right that stands above all that is counted, grouped or folded."""
    return gives(change) and rank(change)[0] <= FAR

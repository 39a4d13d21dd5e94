"""Which ACL operations Kafka has for each resource type, and which of them imply another."""

from collections.abc import Mapping
from types import MappingProxyType

from kafka_gitops.catalog.topics import resolve

ALL = "ALL"  # allowed for every resource type

# AclEntry.supportedOperations as Kafka 2.8 to 4.4 answer it (tools/catalog/ask.bsh), in the order of AclOperation
BASE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "TOPIC": ("READ", "WRITE", "CREATE", "DELETE", "ALTER", "DESCRIBE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS"),
        "GROUP": ("READ", "DELETE", "DESCRIBE"),
        "CLUSTER": (
            *("CREATE", "ALTER", "DESCRIBE", "CLUSTER_ACTION"),
            *("DESCRIBE_CONFIGS", "ALTER_CONFIGS", "IDEMPOTENT_WRITE"),
        ),
        "TRANSACTIONAL_ID": ("WRITE", "DESCRIBE"),
        "DELEGATION_TOKEN": ("DESCRIBE",),
    }
)
# What came later: (version, resource type, operations)
LATER = (
    ("3.3", "USER", ("CREATE_TOKENS", "DESCRIBE_TOKENS")),  # KIP-373
    ("4.0", "GROUP", ("DESCRIBE_CONFIGS", "ALTER_CONFIGS")),  # KIP-848
    ("4.1", "TRANSACTIONAL_ID", ("TWO_PHASE_COMMIT",)),  # KIP-939
)
# StandardAuthorizerData and, before it, AclAuthorizer: an ALLOW of these answers a question for DESCRIBE
# (DESCRIBE_CONFIGS) too. A DENY implies nothing.
IMPLIED: Mapping[str, str] = MappingProxyType(
    {
        "READ": "DESCRIBE",
        "WRITE": "DESCRIBE",
        "DELETE": "DESCRIBE",
        "ALTER": "DESCRIBE",
        "ALTER_CONFIGS": "DESCRIBE_CONFIGS",
    }
)


def _reached(version: str, since: str) -> bool:
    return tuple(map(int, version.split("."))) >= tuple(map(int, since.split(".")))


def resource_types(version: str | None = None) -> tuple[str, ...]:
    """The resource types that this Kafka version has ACLs for, as Kafka prints them."""
    at = resolve(version)
    return (*BASE, *(kind for since, kind, _ in LATER if kind not in BASE and _reached(at, since)))


def operations(resource_type: str, version: str | None = None) -> tuple[str, ...]:
    """What may be allowed or denied on a resource type, ALL included; empty for an unknown resource type."""
    at = resolve(version)
    later = (one for since, kind, found in LATER if kind == resource_type and _reached(at, since) for one in found)
    found = (*BASE.get(resource_type, ()), *later)
    return (*found, ALL) if found else ()


def since(resource_type: str, operation: str) -> str | None:
    """The version that an operation on a resource type came with; None for what the oldest known one has."""
    later = (at for at, kind, found in LATER if kind == resource_type and (operation in found or kind not in BASE))
    return next(later, None)


def implied(operation: str) -> tuple[str, ...]:
    """The operations that an ALLOW of this one grants as well; for ALL see `operations`."""
    return (IMPLIED[operation],) if operation in IMPLIED else ()

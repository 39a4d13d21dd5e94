"""Reads a DescribeAcls response into bindings, without an object for each of its resources and fields."""

from collections.abc import Sequence

from kafka_gitops.clients.compact import Unreadable, items, skip_tags, text, varint
from kafka_gitops.model import Acl

VERSIONS = (2, 3)  # the layout below: DescribeAclsResponse.json of Apache Kafka, flexible from version 2
# org.apache.kafka.common.{acl.AclOperation,acl.AclPermissionType,resource.ResourceType,resource.PatternType}, by code
OPERATIONS = (
    *("UNKNOWN", "ANY", "ALL", "READ", "WRITE", "CREATE", "DELETE", "ALTER", "DESCRIBE", "CLUSTER_ACTION"),
    *("DESCRIBE_CONFIGS", "ALTER_CONFIGS", "IDEMPOTENT_WRITE", "CREATE_TOKENS", "DESCRIBE_TOKENS", "TWO_PHASE_COMMIT"),
)
PERMISSIONS = ("UNKNOWN", "ANY", "DENY", "ALLOW")
RESOURCES = ("UNKNOWN", "ANY", "TOPIC", "GROUP", "CLUSTER", "TRANSACTIONAL_ID", "DELEGATION_TOKEN", "USER")
PATTERNS = ("UNKNOWN", "ANY", "MATCH", "LITERAL", "PREFIXED")


def word(words: Sequence[str], code: int) -> str:
    """The word of a code, a byte with or without its sign; a newer broker's is shown as it is: `CODE_16`."""
    if 0 <= code < len(words):
        return words[code]
    return f"CODE_{code if code < 128 else code - 256}"


def acls(body: bytes) -> tuple[int, str | None, list[Acl]]:
    """Error code, message and bindings of a response body. Raises Unreadable where the bytes do not add up."""
    try:
        message, at = text(body, 6)  # after throttle_time_ms and error_code
        found, at = _resources(body, at)
        if skip_tags(body, at) != len(body):
            raise Unreadable("bytes are left over")
        return int.from_bytes(body[4:6], "big", signed=True), message, found
    except (IndexError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from error


def _resources(body: bytes, at: int) -> tuple[list[Acl], int]:
    found: list[Acl] = []
    texts: dict[bytes, str] = {}  # each once: thousands of bindings share principals and hosts
    number, at = items(body, at)
    for _ in range(number):
        kind = word(RESOURCES, body[at])
        name, at = _shared(body, at + 1, texts)
        pattern = word(PATTERNS, body[at])
        bindings, at = items(body, at + 1)
        for _ in range(bindings):
            principal, at = _shared(body, at, texts)
            host, at = _shared(body, at, texts)
            operation, permission = word(OPERATIONS, body[at]), word(PERMISSIONS, body[at + 1])
            found.append(Acl(principal, host, operation, permission, kind, pattern, name))
            at = skip_tags(body, at + 2)
        at = skip_tags(body, at)
    return found, at


def _shared(body: bytes, at: int, texts: dict[bytes, str]) -> tuple[str, int]:
    """A compact string and where it ends."""
    size, at = varint(body, at)
    end = at + size - 1
    if not at <= end <= len(body):
        raise Unreadable("a text is missing or cut off")
    raw = body[at:end]
    found = texts.get(raw)
    if found is None:
        found = texts[raw] = raw.decode()
    return found, end

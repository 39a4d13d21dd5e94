"""A quota: its entity by name, its limits, and both as plain data."""

import json
import math
import re
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any, NamedTuple

from kafka_gitops.catalog import humanize
from kafka_gitops.model import Key
from kafka_gitops.shape.exact import object_of, of_type

NAME = "quota"
Entity = tuple[tuple[str, str | None], ...]  # (("client-id", None), ("user", "orders")): by type; None: the default
DEFAULT = "<default>"  # as Kafka's own tools print the default entity
TYPES = ("user", "client-id", "ip")  # org.apache.kafka.common.quota.ClientQuotaEntity
UNITS = {  # org.apache.kafka.server.config.QuotaConfig; whole: of type LONG or INT there
    "producer_byte_rate": "/s per broker",
    "consumer_byte_rate": "/s per broker",
    "request_percentage": "% of one thread's time per broker",
    "controller_mutation_rate": "partitions made or deleted/s",
    "connection_creation_rate": "connections/s per broker",
}
WHOLE = ("producer_byte_rate", "consumer_byte_rate", "connection_creation_rate")
_PART = re.compile(r'(user|client-id|client_id|ip)=("(?:[^"\\]|\\.)*"|\S+)(?: |$)')


class Quota(NamedTuple):
    """The limits of one entity, each as Kafka's own tools write the number."""

    entity: Entity
    limits: Mapping[str, str]

    def fields(self) -> Mapping[str, str | None]:
        """Each limit with its unit."""
        known = [key for key in UNITS if key in self.limits]
        return {key: told(key, self.limits[key]) for key in (*known, *sorted(self.limits.keys() - UNITS.keys()))}


def told(key: str, limit: str) -> str:
    """A limit as a person reads it: `10485760 (10 MiB/s per broker)`."""
    unit = UNITS.get(key)
    if key.endswith("_byte_rate"):
        size = humanize("rate.bytes", limit)
        return f"{limit} ({size}{unit})" if size else f"{limit} bytes{unit}"
    return f"{limit} {unit}" if unit else limit


def number(limit: float) -> str:
    """A limit as Kafka's own tools and YAML take it: whole numbers without a point (brokers hold NaN too)."""
    whole = isinstance(limit, int) or (math.isfinite(limit) and limit == int(limit))
    return str(int(limit)) if whole else repr(limit)


def name(entity: Entity) -> str:
    """`user=orders client-id=batch`, `user=<default>`; unique: a name with blanks, quotes or of that word is quoted."""
    found = dict(entity)
    return " ".join(f"{kind}={_written(kind, found[kind])}" for kind in TYPES if kind in found)


def key(entity: Entity) -> Key:
    """The key of an entity's quota; of an address in its one form."""
    return Key(NAME, name(entity))


def _written(kind: str, value: str | None) -> str:
    if value is None:
        return DEFAULT
    text = address(value) or value if kind == "ip" else value
    plain = text and text != DEFAULT and text.isprintable() and not re.search(r'[\s"\\]', text)
    return text if plain else json.dumps(text, ensure_ascii=not text.isprintable())


def parse(text: str) -> Entity | None:
    """The entity of a name as `name` writes it, None for what is none; `client_id` is taken too."""
    found: dict[str, str | None] = {}
    at = 0
    while part := _PART.match(text, at):
        kind, written = part[1].replace("_", "-"), part[2]
        if kind in found:
            return None
        try:
            found[kind] = json.loads(written) if written[0] == '"' else None if written == DEFAULT else written
        except ValueError:
            return None
        at = part.end()
    whole = at == len(text) and found and found.keys() <= set(TYPES) and not ("ip" in found and len(found) > 1)
    return tuple(sorted(found.items())) if whole else None


def address(text: str) -> str | None:
    """An IP address in its one form, None for what is none: a host name, a network, an address with a zone."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            return None
        return str(found.ipv4_mapped or found)  # as Java takes it: java.net.InetAddress
    return str(found)


def dump(quota: Quota) -> dict[str, Any]:
    """A quota as plain data: the entity's parts by type (null: the default), and its limits."""
    return {"entity": dict(quota.entity), "limits": dict(sorted(quota.limits.items()))}


def load(called: str, data: Mapping[str, Any]) -> Quota:
    """The quota of that name. Raises KeyError, TypeError or ValueError for what is none."""
    entity, limits = tuple(sorted(data["entity"].items())), data["limits"]
    if not all(type(part) in (str, type(None)) for _, part in entity) or name(entity) != called:
        raise ValueError("the entity of a quota")
    if not all(type(limit) is str and number(float(limit)) == limit for limit in limits.values()):
        raise TypeError("the limits of a quota")
    return Quota(entity, limits)


SCHEMA = object_of(
    entity=of_type(
        "object",
        "Whose quota it is: a name by type, null for the default.",
        propertyNames={"enum": list(TYPES)},
        additionalProperties={"type": ["string", "null"]},
        minProperties=1,
    ),
    limits=of_type(
        "object",
        "The limits, each as Kafka's own tools write the number.",
        additionalProperties={"type": "string"},
    ),
)

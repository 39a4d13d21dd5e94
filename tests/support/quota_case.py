"""The world of quotas: one new, one that gets lower, one that is stated to go."""

from beside_topics import InMemory
from kind_cases import Case
from making import node

from kafka_gitops.kinds.quota.spec import Entity, Quota, key
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Declared, Removal, Topology


def case() -> Case:
    """Quotas on a cluster that has two."""
    new: Entity = (("user", "new"),)
    edited: Entity = (("client-id", None), ("user", "edited"))
    old: Entity = (("ip", "10.1.2.3"),)
    cluster = InMemory(quota={edited: {"producer_byte_rate": 5.0}, old: {"connection_creation_rate": 5.0}})
    wanted = tuple(Declared(key(one), Quota(one, {"producer_byte_rate": "3"}), node()) for one in (new, edited))
    before = Topology(declared=(Declared(key(edited), Quota(edited, {"producer_byte_rate": "5"}), node()),))
    files = Topology(declared=wanted, removals=(Removal(key(old), False, "it is gone", node()),))
    return Case(cluster, Wish(files, before), key(new).name, key(edited).name, key(old).name)

"""All bindings of a cluster, and those that no file can say."""

from typing import Protocol

from kafka_gitops.catalog.acls import operations
from kafka_gitops.errors import NoAuthorizer
from kafka_gitops.kinds.acl.answers import outside
from kafka_gitops.kinds.census import Census, Choice, unwritable
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.model import WORDS, Acl, acl_key
from kafka_gitops.scope import managed_inside
from kafka_gitops.settings import ManagedPrefixes, Settings

_PLURAL = "acls"
_CLUSTER = "kafka-cluster"  # org.apache.kafka.common.resource.Resource.CLUSTER_NAME
_PATTERNS = ("LITERAL", "PREFIXED")


class Groups(Protocol):
    """What is asked of a Kafka cluster beside its bindings."""

    def list_groups(self) -> frozenset[str] | None:
        """The names of all groups; None where that is not known. Who may list bindings may see every group."""


def census(systems: Systems, settings: Settings, choice: Choice) -> Census:
    """Every binding; with patterns of topics those on these topics.

    Raises MissingRight, and NoAuthorizer where somebody asked for ACLs by name.
    """
    found, managed = Census(), settings.language.managed
    try:
        bindings = sorted(systems.kafka.list_acls())
    except NoAuthorizer:
        if choice.kinds is not None and _PLURAL in choice.kinds:
            raise
        found.leave(_PLURAL, "the brokers have no authorizer, so there are none")
        return found
    bounded, everything = bool(settings.scopes), managed == ManagedPrefixes()
    for acl in filter(choice.about, bindings) if choice.topics else bindings:
        key = acl_key(acl)
        why = outside(settings.scopes, key, acl) if bounded else None
        if why is None and not everything and not managed_inside(managed, acl):
            why = "it is outside the managed prefixes of the client file"
        why = why or unsaid(acl)
        if why is None:
            found.specs[key] = acl
        else:
            found.leave(key, why)
    if any(acl.resource_type == "GROUP" for acl in found.specs.values() if isinstance(acl, Acl)):
        groups: Groups = systems.on_kafka("group_names")
        names = groups.list_groups()
        found.names |= {} if names is None else {"GROUP": names}
    return found


def unsaid(acl: Acl) -> str | None:
    """Why no file can say a binding, in a clause, or None."""
    known = operations(acl.resource_type)
    if not known or acl.pattern_type not in _PATTERNS:
        return "no file has a word for it"
    if acl.operation not in known:
        return f"Kafka knows no {acl.operation} on a {WORDS[acl.resource_type]}: it grants and denies nothing"
    if acl.resource_type == "CLUSTER" and (acl.pattern_type, acl.name) != ("LITERAL", _CLUSTER):
        return f'it is on the cluster by another name than "{_CLUSTER}", which no file can say'
    if acl.resource_type != "TOPIC" and acl.name != acl.name.strip(" "):
        return "its name begins or ends with a blank, which no file may have"
    return unwritable(acl.principal, acl.name, acl.host)

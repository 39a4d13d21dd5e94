"""What Kafka knows: its topic configs per version, how it reads their values, and its ACL operations."""

from kafka_gitops.catalog.human import humanize
from kafka_gitops.catalog.topics import (
    Definition,
    definition,
    is_newer,
    known,
    last_definition,
    outside,
    resolve,
    status,
    suggest,
    versions,
)
from kafka_gitops.catalog.values import canonical, check, equal

__all__ = [
    "Definition",
    "canonical",
    "check",
    "definition",
    "equal",
    "humanize",
    "is_newer",
    "known",
    "last_definition",
    "outside",
    "resolve",
    "status",
    "suggest",
    "versions",
]

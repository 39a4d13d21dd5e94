"""Rules about what a change does to what was there."""

from kafka_gitops.rules.change import (
    cleanup_policy,
    key_order,
    name,
    no_effect,
    nothing_released,
    partitions_fewer,
    partitions_more,
    principal_loses_all,
    replication,
    retention_shrink,
    right_revoked,
    right_stays,
    schema_incompatible,
    schema_meaning,
    schema_namespace,
    segment,
    topic_absent,
    topic_deleted,
)
from kafka_gitops.rules.contract import ChangeRule

CHANGES: tuple[ChangeRule, ...] = (
    segment,
    topic_absent,
    topic_deleted,
    nothing_released,
    partitions_fewer,
    partitions_more,
    key_order,
    retention_shrink,
    cleanup_policy,
    replication,
    principal_loses_all,
    right_revoked,
    right_stays,
    schema_incompatible,
    schema_meaning,
    schema_namespace,
    name,
    no_effect,
)

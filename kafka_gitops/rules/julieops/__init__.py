"""Rules about what JulieOps makes of a file."""

from kafka_gitops.rules.contract import Rule
from kafka_gitops.rules.julieops import (
    camel_case,
    config_key,
    min_isr,
    partition_number,
    replication_factor,
    topic_name,
)

CHECKS: tuple[Rule, ...] = (
    camel_case,
    config_key,
    min_isr,
    partition_number,
    replication_factor,
    topic_name,
)

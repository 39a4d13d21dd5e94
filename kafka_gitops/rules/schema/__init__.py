"""Rules about schemas."""

from kafka_gitops.rules.contract import Rule
from kafka_gitops.rules.schema import (
    compatibility_none,
    default,
    logical_type,
    name_collision,
    reference,
    subject_orphan,
    syntax,
)

CHECKS: tuple[Rule, ...] = (
    syntax,
    reference,
    default,
    name_collision,
    logical_type,
    subject_orphan,
    compatibility_none,
)

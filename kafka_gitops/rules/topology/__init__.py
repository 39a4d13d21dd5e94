"""Rules about all that a topology declares."""

from kafka_gitops.rules.contract import Rule
from kafka_gitops.rules.topology import (
    access_expectation,
    name_hidden_character,
    name_mixed_scripts,
    outside_scope,
    placeholder,
    placeholder_text,
    resource_duplicate,
)

CHECKS: tuple[Rule, ...] = (
    name_hidden_character,
    name_mixed_scripts,
    placeholder,
    placeholder_text,
    outside_scope,
    resource_duplicate,
    access_expectation,
)

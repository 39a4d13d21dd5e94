"""Rules about all that a topology declares."""

from kafka_gitops.rules.contract import ChangeRule, Rule
from kafka_gitops.rules.topology import (
    access_expectation,
    name_hidden_character,
    name_mixed_scripts,
    outside_scope,
    placeholder,
    placeholder_text,
    promotion,
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
ORDER: tuple[ChangeRule, ...] = (promotion,)  # over two environments, one before the other

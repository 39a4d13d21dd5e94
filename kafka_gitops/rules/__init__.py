"""The table of rules: one module each, whose docstring is its page, in a folder for its family."""

from kafka_gitops.rules import (
    acl,
    change,
    connector,
    julieops,
    quota,
    reading,
    schema,
    topic,
    topology,
    user,
    waiver,
)
from kafka_gitops.rules.change.rule import ChangeRule
from kafka_gitops.rules.contract import Options, Page, Rule

READING: tuple[Page, ...] = (*reading.READING, *topic.READING, *acl.READING, *connector.READING)
CHECKS: tuple[Rule, ...] = (
    *topic.CHECKS,
    *topology.CHECKS,
    *acl.CHECKS,
    *quota.CHECKS,
    *user.CHECKS,
    *connector.CHECKS,
    *schema.CHECKS,
    *julieops.CHECKS,
)
CHANGES: tuple[ChangeRule, ...] = change.CHANGES
WAIVERS: tuple[Page, ...] = waiver.WAIVERS
RULES: dict[str, Page] = {rule.NAME: rule for rule in (*READING, *CHECKS, *CHANGES, *WAIVERS)}
RULE_NAMES: frozenset[str] = frozenset(RULES)

__all__ = ["CHANGES", "CHECKS", "READING", "RULES", "RULE_NAMES", "WAIVERS", "ChangeRule", "Options", "Page", "Rule"]

"""Rules about users that log in by SCRAM."""

from kafka_gitops.rules.contract import Rule
from kafka_gitops.rules.user import duplicate, password, principal, unknown, unused

CHECKS: tuple[Rule, ...] = (duplicate, password, principal, unused, unknown)

"""Rules about users that log in by SCRAM."""

from kafka_gitops.rules.contract import Rule
from kafka_gitops.rules.user import password, principal, unknown, unused

CHECKS: tuple[Rule, ...] = (password, principal, unused, unknown)

"""Rules about client quotas."""

from kafka_gitops.rules.contract import Rule
from kafka_gitops.rules.quota import address, missing, principal, value

CHECKS: tuple[Rule, ...] = (principal, value, address, missing)

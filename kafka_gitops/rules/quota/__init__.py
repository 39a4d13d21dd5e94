"""Rules about client quotas."""

from kafka_gitops.rules.contract import Rule
from kafka_gitops.rules.quota import address, duplicate, missing, principal, value

CHECKS: tuple[Rule, ...] = (duplicate, principal, value, address, missing)

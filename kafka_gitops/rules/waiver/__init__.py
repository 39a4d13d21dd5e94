"""Rules about the waivers themselves."""

from kafka_gitops.rules.contract import Page
from kafka_gitops.rules.waiver import (
    expired,
    malformed,
    unknown_rule,
    unused,
    without_reason,
)

WAIVERS: tuple[Page, ...] = (
    expired,
    malformed,
    unknown_rule,
    unused,
    without_reason,
)

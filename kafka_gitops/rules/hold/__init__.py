"""Rules about holds: entries that an apply leaves as they are for a while."""

from kafka_gitops.rules.contract import Page
from kafka_gitops.rules.hold import expired, malformed, too_long

HOLDS: tuple[Page, ...] = (expired, malformed, too_long)

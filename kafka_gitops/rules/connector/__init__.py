"""Rules about connectors of Kafka Connect."""

from kafka_gitops.rules.connector import (
    allowed_class,
    dlq,
    keep,
    name,
    override,
    provider,
    rights,
    secret,
    topic_creation,
    topics,
    value,
)
from kafka_gitops.rules.contract import Page, Rule

READING: tuple[Page, ...] = (name, secret, value)
CHECKS: tuple[Rule, ...] = (
    allowed_class,
    dlq,
    keep,
    override,
    provider,
    rights,
    topic_creation,
    topics,
)

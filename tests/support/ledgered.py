"""A cluster in memory that has a ledger, and a directory whose applies are kept there."""

from collections.abc import Sequence
from typing import Any

from memory_log import CLUSTER, MemoryLog
from recording import Recording

from kafka_gitops.errors import MissingRight

CONFIG = """\
rules: {{topic-owner: off}}
owner: acme
environments:
  prod:
    ledger: {mode}
    bootstrap: 127.0.0.1:9
    brokers: 1
    broker_defaults: {{default.replication.factor: "1", min.insync.replicas: "1"}}
"""


class Ledgered(Recording):
    """A cluster in memory with the log of a ledger."""

    def __init__(self, log: MemoryLog) -> None:
        super().__init__(id=CLUSTER)
        self.ledger = log

    def on_kafka(self, client: str) -> Any:
        return self

    def log(self, topic: str, *, apart: bool = False) -> MemoryLog:
        self.ledger.topic = topic
        return self.ledger

    def unseen(self, prefix: str = "") -> MissingRight | None:
        return None

    def names(self, prefix: str = "") -> Sequence[str]:
        return [self.ledger.topic]

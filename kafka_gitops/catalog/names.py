"""Which names Kafka takes for a topic."""

import re

MOST = 249  # characters: a name is a folder's on the brokers' disks, with a partition behind it
ILLEGAL = re.compile(r"[^a-zA-Z0-9._-]", re.ASCII)
_RESERVED = ("", ".", "..")


def is_topic(name: str) -> bool:
    """Whether a topic can be called so: `org.apache.kafka.common.internals.Topic.validate`."""
    return name not in _RESERVED and len(name) <= MOST and ILLEGAL.search(name) is None

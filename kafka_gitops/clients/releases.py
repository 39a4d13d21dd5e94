"""Which release of Apache Kafka a broker is, by what its answer to ApiVersions tells."""

from typing import Any

# metadata.version (org.apache.kafka.server.common.MetadataVersion): the first level of each release
_LEVELS = (
    *((1, "3.0"), (2, "3.1"), (3, "3.2"), (4, "3.3"), (8, "3.4"), (9, "3.5"), (12, "3.6"), (15, "3.7")),
    *((20, "3.8"), (21, "3.9"), (22, "4.0"), (26, "4.1"), (28, "4.2"), (30, "4.3"), (31, "4.4")),
)
_LAST_LEVEL = 33  # of the newest release above; a broker with a higher one is newer
# With ZooKeeper there is no such level: (request, the version that it has from this release on), as brokers answered.
_REQUESTS = (
    *((60, 0, "2.8"), (2, 7, "3.0"), (1, 13, "3.1"), (11, 9, "3.2"), (29, 3, "3.3"), (4, 7, "3.4"), (1, 15, "3.5")),
    *((24, 4, "3.6"), (1, 16, "3.7"), (24, 5, "3.8"), (1, 17, "3.9")),
)


def release(answer: Any) -> str:
    """`Kafka 4.3`, `Kafka 4.4 or newer`, `Kafka 2.8 by its requests` (with ZooKeeper; other servers look like a release
    too), `older than Kafka 2.8`. `answer` is a decoded ApiVersionsResponse."""
    features = {feature.name: feature.max_version for feature in answer.supported_features or ()}
    level = features.get("metadata.version")
    if level is not None:
        name = next((name for first, name in reversed(_LEVELS) if level >= first), _LEVELS[0][1])
        return f"Kafka {name} or newer" if level > _LAST_LEVEL else f"Kafka {name}"
    known = {item.api_key: item.max_version for item in answer.api_keys}
    found = [name for request, version, name in _REQUESTS if known.get(request, -1) >= version]
    return f"Kafka {found[-1]} by its requests" if found else "older than Kafka 2.8"

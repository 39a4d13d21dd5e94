"""A topic that Kafka or a tool makes for itself.

Kafka's own topics (`__consumer_offsets`, ...), Schema Registry's `_schemas`, Confluent's, MirrorMaker's and their
like have the settings that their owner needs; who declares them changes them under its feet. The topics of a streams
application (`-changelog`, `-repartition`) and of Kafka Connect (`connect-configs`, ...) may have to be made by hand:
they belong under `special_topics`, and are fine there. Full names count.

Bad:

```yaml
context: acme
projects: []
special_topics:
- name: __consumer_offsets
```

Good:

```yaml
context: acme
projects: []
special_topics:
- name: app-orders-store-changelog
```

Options: `allow` (none), names that are fine; `*` at the end matches the rest.
"""

import re
from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, name_place
from kafka_gitops.settings import matches

NAME = "topic-internal"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {"allow": ()}

# {names, as a regular expression: whose they are}
_OWNED = {
    r"__(consumer_offsets|transaction_state|share_group_state|cluster_metadata|remote_log_metadata)": "Kafka",
    r"_schemas|_schema_encoders|_schemas_[\w.-]+": "Schema Registry",
    r"_{1,2}confluent[._-][\w.-]+": "Confluent",
    r"__amazon_msk_[\w.-]+": "Amazon MSK",
    r"__strimzi[\w.-]*|_{0,2}strimzi[_.]canary": "Strimzi",
    r"__(KafkaCruiseControl|CruiseControl)[\w.-]*|strimzi\.cruisecontrol\.[\w.-]+": "Cruise Control",
    r"__debezium[\w.-]*": "Debezium",
    r"mm2-(offset-syncs|configs|offsets|status)\.[\w.-]+|[\w.-]+\.checkpoints\.internal": "MirrorMaker",
    r"_kafka_gitops": "kafka-gitops",
}
_STREAMS = re.compile(r".+-(changelog|repartition)|.+-KTABLE-FK-JOIN-SUBSCRIPTION-[\w.-]+-topic", re.ASCII)
_CONNECT = re.compile(r"connect-(configs|offsets|status)")
# What all of these begin or end with, so that other names cost next to nothing
_BEGIN, _END = ("_", "mm2-", "connect-", "strimzi"), (".internal", "-changelog", "-repartition", "-topic")


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each declared name that belongs to Kafka or to a tool."""
    allowed = options.texts("allow")
    owned = re.compile("|".join(f"({names})" for names in _grouped()), re.ASCII)
    owners = tuple(_OWNED.values())
    for declared in topology.topics:
        if not (declared.name.startswith(_BEGIN) or declared.name.endswith(_END)):
            continue
        if declared.dlq or any(matches(one, declared.name) for one in allowed):
            continue
        found = owned.fullmatch(declared.name)
        if found:
            owner = owners[(found.lastindex or 1) - 1]
            said = f'"{declared.name}" is a topic of {owner}, which makes it for itself'
            yield Note(name_place(declared), said, "delete it here: nobody else should change it")
        elif declared.project is not None and (of := _maker(declared.name)):
            said = f'"{declared.name}" looks like a topic that {of} makes for itself'
            yield Note(name_place(declared), said, "delete it, or move it to special_topics when you must make it")


def _grouped() -> Iterator[str]:
    for names in _OWNED:
        yield names.replace("(", "(?:")


def _maker(name: str) -> str | None:
    if _STREAMS.fullmatch(name):
        return "a streams application"
    return "Kafka Connect" if _CONNECT.fullmatch(name) else None

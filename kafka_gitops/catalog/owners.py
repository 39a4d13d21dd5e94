"""Topics that Kafka, or a tool, makes for itself: told by their names."""

import re
from functools import cache

# {names, as a regular expression without groups: whose they are}
_OWNED = {
    r"__(?:consumer_offsets|transaction_state|share_group_state|cluster_metadata|remote_log_metadata)": "Kafka",
    r"_schemas|_schema_encoders|_schemas_[\w.-]+": "Schema Registry",
    r"_{1,2}confluent[._-][\w.-]+": "Confluent",
    r"__amazon_msk_[\w.-]+": "Amazon MSK",
    r"__strimzi[\w.-]*|_{0,2}strimzi[_.]canary": "Strimzi",
    r"__(?:KafkaCruiseControl|CruiseControl)[\w.-]*|strimzi\.cruisecontrol\.[\w.-]+": "Cruise Control",
    r"__debezium[\w.-]*": "Debezium",
    r"mm2-(?:offset-syncs|configs|offsets|status)\.[\w.-]+|[\w.-]+\.checkpoints\.internal": "MirrorMaker",
    r"kafkasql-(?:journal|snapshots)": "Apicurio Registry",
    r"_kafka_gitops(?:\.[\w.-]+)?": "kafka-gitops",
}
_STREAMS = r".+-(?:changelog|repartition)|.+-KTABLE-FK-JOIN-SUBSCRIPTION-[\w.-]+-topic"
_CONNECT = r"connect-(?:configs|offsets|status)"
# What all of these begin or end with, so that other names cost next to nothing
BEGIN, END = ("_", "mm2-", "connect-", "strimzi", "kafkasql-"), (".internal", "-changelog", "-repartition", "-topic")


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.ASCII)


@cache
def _every() -> re.Pattern[str]:
    return re.compile("|".join(f"({names})" for names in _OWNED), re.ASCII)


def owner(name: str) -> str | None:
    """Who has made a topic of this name for itself, and nobody else would: `Kafka`, `Confluent`; None for others."""
    if not name.startswith(BEGIN) and not name.endswith(END):
        return None
    found = _every().fullmatch(name)
    return None if found is None else tuple(_OWNED.values())[(found.lastindex or 1) - 1]


def maker(name: str) -> str | None:
    """Who probably made it, as a clause; somebody may have to make such a topic by hand."""
    if not name.startswith(BEGIN) and not name.endswith(END):
        return None
    if _pattern(_STREAMS).fullmatch(name):
        return "a streams application"
    return "Kafka Connect" if _pattern(_CONNECT).fullmatch(name) else None

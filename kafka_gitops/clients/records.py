"""Looks, with confluent-kafka, at what would be lost with a topic: its records and the consumer groups that read it."""

import time
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from kafka_gitops.clients.tokens import KEY, Token, Tokens

SECONDS = 30.0  # for one answer; only deletions wait for it
LOADING = 5.0  # seconds for a broker that has just started to load its groups
AT_ONCE = 100  # groups in a request


def open_admin(client: Mapping[str, str], token: Tokens | None = None) -> Any:
    """An AdminClient that is quiet: its connection is known to work, and what it says would go to stderr.

    `token` gives it the token of an OAUTHBEARER login, so that librdkafka fetches none in a way of its own.
    """
    import logging

    from confluent_kafka.admin import AdminClient

    silent = logging.getLogger("kafka_gitops.clients.records")
    silent.addHandler(logging.NullHandler())
    silent.propagate = False
    settings: dict[str, Any] = {key: value for key, value in client.items() if not key.startswith(KEY)}
    settings |= {"logger": silent, "error_cb": lambda _error: None}
    if token is not None:
        settings["oauth_cb"] = lambda _config: _for_librdkafka(token())
    return AdminClient(settings)


def _for_librdkafka(token: Token) -> tuple[str, float, str, dict[str, str]]:
    """The text, when it ends, the principal (a formality here) and the extensions."""
    return token.text, token.until, token.principal or "", dict(token.extensions)


def hold_records(admin: Any, partitions: Mapping[str, int]) -> frozenset[str]:
    """Topics (with their numbers of partitions) that have an end offset above the start offset, or do not tell."""
    from confluent_kafka import KafkaException, TopicPartition

    ends: Any = import_module("confluent_kafka.admin").OffsetSpec  # its own module does not list it as public
    places = [TopicPartition(name, index) for name, number in partitions.items() for index in range(number)]
    firsts = admin.list_offsets({place: ends.earliest() for place in places}, request_timeout=SECONDS)
    lasts = admin.list_offsets({place: ends.latest() for place in places}, request_timeout=SECONDS)
    holding = set()
    for place in places:
        try:
            empty = lasts[place].result().offset <= firsts[place].result().offset
        except KafkaException:  # no right to read, or no leader: the safe side
            empty = False
        if not empty:
            holding.add(place.topic)
    return frozenset(holding)


def active_groups(admin: Any, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The consumer groups with members assigned to these topics, of those that this principal may describe."""
    wanted = frozenset(names)
    readers: dict[str, set[str]] = {}
    for group, topic in _assignments(admin):
        if topic in wanted:
            readers.setdefault(topic, set()).add(group)
    return {topic: tuple(sorted(groups)) for topic, groups in sorted(readers.items())}


def sees_groups(admin: Any) -> bool:
    """Whether this principal may describe every consumer group: the others are in no answer, and nothing says so.

    Asked is for a group that is nowhere: without the right on it the answer is GROUP_AUTHORIZATION_FAILED. A broker
    that does not answer leaves groups out as well.
    """
    import uuid

    from confluent_kafka import KafkaError, KafkaException

    nowhere = uuid.uuid4().hex
    until = time.monotonic() + LOADING
    while admin.list_consumer_groups(request_timeout=SECONDS).result().errors:
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    try:
        admin.describe_consumer_groups([nowhere], request_timeout=SECONDS)[nowhere].result()
    except KafkaException as error:
        code = error.args[0].code()  # below 0: no broker's answer
        return bool(code > 0 and code != KafkaError.GROUP_AUTHORIZATION_FAILED)
    return True


def _assignments(admin: Any) -> Iterator[tuple[str, str]]:
    """(group, topic) for every topic that is assigned to a member of a group."""
    from confluent_kafka import ConsumerGroupState, KafkaException

    listed = admin.list_consumer_groups(request_timeout=SECONDS).result()
    idle = (ConsumerGroupState.EMPTY, ConsumerGroupState.DEAD)
    active = [group.group_id for group in listed.valid if group.state not in idle]
    for start in range(0, len(active), AT_ONCE):
        asked = admin.describe_consumer_groups(active[start : start + AT_ONCE], request_timeout=SECONDS)
        for group, answer in asked.items():
            try:
                members = answer.result().members
            except KafkaException:  # not ours to see
                continue
            for member in members:
                yield from ((group, place.topic) for place in member.assignment.topic_partitions)

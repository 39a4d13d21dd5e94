"""Reads and writes client quotas (KIP-546): of users, client ids, both together, and of addresses."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import Link, Lost, understood
from kafka_gitops.clients.refusals import (
    CLUSTER_AUTHORIZATION_FAILED,
    explained,
    missing_cluster_right,
    problem,
    unexpected,
)
from kafka_gitops.clients.writes import UNANSWERED
from kafka_gitops.kinds.parts import Problem

CHUNK = 1000  # entities; the controller takes 10,000 records in one request, an entity makes one for each key
Entity = tuple[tuple[str, str | None], ...]  # (("client-id", None), ("user", "orders")): by type; None: the default


class KafkaQuotas:
    """The quotas of one cluster; the Protocol of the kind says what is asked of it."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def list_quotas(self) -> Mapping[Entity, Mapping[str, float]]:
        """Every entity that has a quota; MissingRight without DESCRIBE_CONFIGS on the cluster."""
        return _list(self._link)

    def alter_quotas(
        self, wanted: Mapping[Entity, Mapping[str, float | None]], *, validate_only: bool = False
    ) -> Mapping[Entity, Problem | None]:
        """Set keys of entities, None removes one; keys that are not named stay. An entity is done or refused whole."""
        answers: dict[Entity, Problem | None] = {}
        left = iter(wanted.items())
        while chunk := dict(islice(left, CHUNK)):
            answers.update(_alter(self._link, chunk, validate_only))
        return explained(answers, self._link.login.principal, "AlterConfigs")


@understood
def _list(link: Link) -> dict[Entity, Mapping[str, float]]:
    request = load("protocol.admin.client_quotas").DescribeClientQuotasRequest
    answer = link.read(request(components=[], strict=False))
    if answer.error_code == CLUSTER_AUTHORIZATION_FAILED:
        raise missing_cluster_right(link.login.principal, "quotas", "DescribeConfigs", "topics,acls")
    if answer.error_code:
        raise unexpected("its quotas", answer.error_code, answer.error_message)
    found = {_entity(entry): {value.key: value.value for value in entry.values} for entry in answer.entries}
    return {entity: values for entity, values in found.items() if values}


def _entity(entry: Any) -> Entity:
    return tuple(sorted((part.entity_type, part.entity_name) for part in entry.entity))


def _alter(
    link: Link, wanted: Mapping[Entity, Mapping[str, float | None]], validate_only: bool
) -> dict[Entity, Problem | None]:
    request = load("protocol.admin.client_quotas").AlterClientQuotasRequest
    entry = request.EntryData

    def told(answer: Any) -> list[tuple[Entity, Problem | None]]:
        return [(_entity(one), problem(one.error_code, one.error_message)) for one in answer.entries]

    entries = [
        entry(
            entity=[entry.EntityData(entity_type=kind, entity_name=name) for kind, name in entity],
            ops=[
                entry.OpData(key=key, value=0.0 if value is None else value, remove=value is None)
                for key, value in values.items()
            ],
        )
        for entity, values in wanted.items()
    ]
    try:
        answers = dict(link.written(request(entries=entries, validate_only=validate_only), told))
    except Lost as lost:
        return dict.fromkeys(wanted, lost.problem())
    return {entity: answers.get(entity, UNANSWERED) for entity in wanted}


def on(link: Link) -> KafkaQuotas:
    """What a kind gets of the connection."""
    return KafkaQuotas(link)

"""What a cluster was asked before anybody wanted to know is given to who asks for the same, and to nobody else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest

from kafka_gitops.clients import cluster as module
from kafka_gitops.clients.ahead import Ahead
from kafka_gitops.clients.early import Later
from kafka_gitops.kinds.cluster import LiveConfig
from kafka_gitops.kinds.early import CONFIGS, Configs

FOUND = {"a": LiveConfig({}, {"retention.ms": "1"})}


class Asked:
    """An `Early` that has asked this."""

    def __init__(self, name: str, answer: Any) -> None:
        self.asked = {name: Later(lambda: answer)}
        self.asked[name].find()


@pytest.fixture
def more(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """The topics whose configs are asked for now."""
    names: list[Sequence[str]] = []

    def configs(_: object, wanted: Sequence[str], _keys: Iterable[str], *, only: bool = False) -> Mapping[str, Any]:
        names.append(wanted)
        return {}

    monkeypatch.setattr(module.KafkaCluster, "topic_configs", configs)
    return names


def test_a_look_at_one_topic_alone_leaves_the_answer_to_whoever_compares(more: list[Sequence[str]]) -> None:
    early: Any = Asked(CONFIGS, Configs(["a"], ["retention.ms"], FOUND))
    there = Ahead(early, module.KafkaCluster(early, {}))
    there.topic_configs(["ledger"], ["cleanup.policy"], only=True)
    assert there.topic_configs(["a"], ["retention.ms"]) == FOUND
    assert more == [["ledger"]]

"""What a plan will ask of a cluster in any case, to be asked before it is made."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, Protocol

from kafka_gitops.kinds.census import Choice
from kafka_gitops.kinds.cluster import Cluster, LiveConfig
from kafka_gitops.model import Topology
from kafka_gitops.settings import Settings

TOPICS, ACLS, CONFIGS = "topics", "acls", "configs"


class Asks(Protocol):
    """Asks a cluster in the background, one question after the other."""

    @property
    def asked(self) -> Mapping[str, Any]:
        """By name what gives the answer, with `answer()`."""

    def ask(self, name: str, question: Callable[[Cluster], Any]) -> None:
        """Put a question under a name."""


class Configs(NamedTuple):
    """Which topics were asked for which keys, and what they have."""

    names: list[str]
    keys: list[str]
    found: Mapping[str, LiveConfig]


def lists(early: Asks, asks: Callable[[str], bool]) -> None:
    """Ask for what there is of the kinds that a plan looks at, whatever the files say."""
    if asks("topics"):
        early.ask(TOPICS, lambda cluster: cluster.list_topics())
    if asks("acls"):
        early.ask(ACLS, lambda cluster: cluster.list_acls())


def everything(early: Asks, choice: Choice) -> None:
    """Ask for all that a census of topics and bindings asks, so that both are there when the rest is loaded."""
    if choice.asks("topics"):
        early.ask(TOPICS, lambda cluster: cluster.list_topics())
        early.ask(CONFIGS, partial(_all_configs, early.asked[TOPICS], choice))
    if choice.asks("acls"):
        early.ask(ACLS, lambda cluster: cluster.list_acls())


def _all_configs(listed: Any, choice: Choice, cluster: Cluster) -> Configs:
    wanted = [name for name, live in listed.answer().items() if choice.wants(name) and not live.internal]
    return Configs(wanted, [], cluster.topic_configs(wanted, []) if wanted else {})


def configs(early: Asks, topology: Topology, settings: Settings) -> None:
    """Ask for the configs of the topics that a plan compares, those of them that are there."""
    from kafka_gitops.kinds.topic.share import compared

    if TOPICS not in early.asked:
        return
    listed = early.asked[TOPICS]
    names, keys = compared(topology, settings)

    def question(cluster: Cluster) -> Configs:
        there = sorted(set(names).intersection(listed.answer()))
        return Configs(there, keys, cluster.topic_configs(there, keys) if there else {})

    early.ask(CONFIGS, question)

"""What a snapshot needs of a cluster besides what kinds ask: which requests and which topic configs it knows."""

from collections.abc import Iterable

from kafka_gitops.clients.configs import every_topic_config
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.needs import spoken


class Outline:
    """What one cluster knows."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def requests(self) -> dict[str, tuple[int, int]]:
        """The oldest and the newest version of each request that both sides speak."""
        return spoken(self._link)

    def topic_keys(self, topics: Iterable[str]) -> frozenset[str]:
        """The configs that topics have, told by some of them."""
        return every_topic_config(self._link, list(topics))


def on(link: Link) -> Outline:
    """What a snapshot gets of the connection."""
    return Outline(link)

"""The names of consumer groups, of every broker: each tells those that it coordinates (KIP-518)."""

from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import ANY, Link, understood
from kafka_gitops.errors import Unreachable


class KafkaGroups:
    """The groups of one cluster; the Protocol of the kind says what is asked of it."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def list_groups(self) -> frozenset[str] | None:
        """All that this principal may describe (with DESCRIBE on the cluster: all); None where a broker tells none."""
        try:
            return _listed(self._link)
        except Unreachable:
            return None


@understood
def _listed(link: Link) -> frozenset[str] | None:
    request = load("protocol.admin.groups").ListGroupsRequest
    names: set[str] = set()
    for node in sorted(link.brokers):
        answer = link.read(request(states_filter=[], types_filter=[]), node=ANY if link.is_first(node) else node)
        if answer.error_code:
            return None
        names.update(str(group.group_id) for group in answer.groups)
    return frozenset(names)


def on(link: Link) -> KafkaGroups:
    """What a kind gets of the connection."""
    return KafkaGroups(link)

"""Rights as consumers, producers, streams and connectors, where the role gives exactly these; all others are left.

What a role gives is asked of `descriptor.roles`, as the reader does. A right that comes with each topic of a principal,
such as that on its group, is given by each of its entries.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kafka_gitops.adopt import applications, clients
from kafka_gitops.adopt.holder import Given, Holder
from kafka_gitops.adopt.structure import Structure
from kafka_gitops.model import Acl, Topic
from kafka_gitops.settings import Language


class Rights(NamedTuple):
    """The entries of roles, and the bindings that no role gives, in order."""

    given: list[Given]
    rest: list[Acl]

    @property
    def size(self) -> int:
        """About how many lines they take."""
        return len(self.given) + len(self.rest)


def recognised(acls: Iterable[Acl], structure: Structure, topics: Mapping[str, Topic], language: Language) -> Rights:
    """Each binding as a part of a role or as itself: together exactly these, whatever order they come in."""
    given: list[Given] = []
    rest: list[Acl] = []
    own: dict[str, list[Acl]] = {}
    for acl in acls:
        from_anywhere = acl.permission == "ALLOW" and acl.host == "*"
        (own.setdefault(acl.principal, []) if from_anywhere else rest).append(acl)
    for principal, held in sorted(own.items()):
        holder = Holder(principal, held, language)
        given += applications.find(holder, structure, language)
        given += clients.find(holder, structure, topics, language)
        rest += holder.left
    return Rights(given, sorted(rest))

"""A prefix that covers what another project declares.

The entry of one project, by a prefix, gives rights on topics or groups of another: a short prefix, an application id
that begins like a neighbour's, or a project format without a separator at its end. Entries at top level belong to no
project and are taken as meant.

Bad:

```yaml
context: acme
projects:
- name: pay
  acls:
  - principals: [User:pay]
    allow: [READ]
    topics: ["acme.*"]
- name: ship
  topics:
  - name: parcels
```

Good:

```yaml
context: acme
projects:
- name: pay
  acls:
  - principals: [User:pay]
    allow: [READ]
    topics: ["acme.pay.*"]
- name: ship
  topics:
  - name: parcels
```
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kafka_gitops.authorizer import MOST_LOOKS, TooMuch
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import WORDS, Acl, Grant, Topology
from kafka_gitops.rules.contract import Options, binding_place

NAME = "acl-prefix-too-wide"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {}


class _Name(NamedTuple):
    name: str
    project: str
    principal: str | None  # whose group it is; None for a topic


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each prefix of a project's entry that covers another project's name, with the first such name."""
    prefixes = [(grant, acl) for grant in topology.grants if grant.project is not None for acl in _prefixes(grant)]
    if not prefixes:
        return
    names = {"TOPIC": _Names(_topics(topology)), "GROUP": _Names(_groups(topology))}
    known: dict[tuple[str, str, str | None, str], _Name | None] = {}
    for grant, acl in prefixes:
        asked = (acl.resource_type, acl.name, grant.project, grant.principal)
        if asked not in known:
            known[asked] = names[acl.resource_type].foreign(acl.name, grant)
        foreign = known[asked]
        if foreign is not None:
            what = WORDS[acl.resource_type]
            said = f'the {what} prefix "{acl.name}" also covers {what} "{foreign.name}" of project {foreign.project}'
            yield Note(binding_place(grant, acl), said, f"make it longer: {grant.principal} has rights on all of it")


def _prefixes(grant: Grant) -> list[Acl]:
    found = {
        (acl.resource_type, acl.name): acl
        for acl in grant.acls
        if acl.pattern_type == "PREFIXED" and acl.permission == "ALLOW" and acl.name
    }
    return [acl for (kind, _), acl in found.items() if kind in ("TOPIC", "GROUP")]


def _topics(topology: Topology) -> list[_Name]:
    return sorted(_Name(topic.name, topic.project, None) for topic in topology.topics if topic.project is not None)


def _groups(topology: Topology) -> list[_Name]:
    return sorted(
        {
            _Name(acl.name, grant.project, grant.principal)
            for grant, acl in topology.named
            if acl.resource_type == "GROUP" and grant.project is not None and acl.name not in ("", "*")
        }
    )


class _Names:
    """Sorted names, and for each the next one of another project: most prefixes are about thousands of one's own."""

    def __init__(self, names: list[_Name]) -> None:
        self._names = names
        self._next = [*range(1, len(names) + 1)]
        for index in range(len(names) - 2, -1, -1):
            if names[index].project == names[index + 1].project:
                self._next[index] = self._next[index + 1]
        self._looks = 0

    def foreign(self, prefix: str, grant: Grant) -> _Name | None:
        """The first name under a prefix of another project and another principal. Raises TooMuch."""
        index = bisect_left(self._names, (prefix,))
        while index < len(self._names) and self._names[index].name.startswith(prefix):
            found = self._names[index]
            if found.project != grant.project and found.principal != grant.principal:
                return found
            self._looks += 1
            if self._looks > MOST_LOOKS:
                raise TooMuch
            index = self._next[index] if found.project == grant.project else index + 1
        return None

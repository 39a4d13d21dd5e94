"""A declared resource outside what the repository, or a platform's policy, may touch.

`manage` in kafka-gitops.yaml bounds every run: topics, groups, transactional ids and principals by patterns, exact or
with a `*` at the end. A prefix is inside only when all of it is. No waiver, setting or baseline silences this rule: a
plan refuses the same.

Bad:

```yaml
# manage: {topics: ["acme.pay.*"]}
context: acme
projects:
- name: ship
  topics:
  - name: parcels
```

Good:

```yaml
# manage: {topics: ["acme.pay.*"]}
context: acme
projects:
- name: pay
  topics:
  - name: orders
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, binding_place, name_place, principal_place
from kafka_gitops.scope import acl_inside, topic_inside
from kafka_gitops.settings import Scope

NAME = "outside-scope"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

_HELP = "take it out of these files, or widen `manage`"


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic, removal and entry outside; an entry once, with its first binding outside."""
    scopes = options.scopes
    if not scopes:
        return
    for declared in topology.topics:
        if not topic_inside(scopes, declared.name):
            yield Note(name_place(declared), f'the topic "{declared.name}" is outside `manage`{_open(scopes)}', _HELP)
    for removal in topology.removals:
        if not topic_inside(scopes, removal.topic):
            yield Note(removal.node.at("topic"), f'the topic "{removal.topic}" is outside `manage`', _HELP)
    for grant in topology.grants:
        outside = [acl for acl in grant.acls if not acl_inside(scopes, acl)]
        if outside:
            more = f", and {len(outside) - 1} more of this entry" if len(outside) > 1 else ""
            stranger = any(scope.principals and not _has(scope.principals, grant.principal) for scope in scopes)
            place = principal_place(grant) if stranger else binding_place(grant, outside[0])
            yield Note(place, f'"{outside[0]}" is outside `manage`{more}', _HELP)


def _has(patterns: tuple[str, ...], name: str) -> bool:
    return topic_inside((Scope(topics=patterns),), name)


def _open(scopes: tuple[Scope, ...]) -> str:
    patterns = [pattern for scope in scopes for pattern in scope.topics or ()]
    return f" ({', '.join(patterns)})" if 0 < len(patterns) <= 3 else ""

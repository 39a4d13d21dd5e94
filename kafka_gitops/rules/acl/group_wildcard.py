"""A consumer without a group.

Without `group` a consumer may join, and so disturb, every consumer group of the cluster. `group: "*"` says that it is
meant.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - principal: User:reporting
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - principal: User:reporting
      group: reporting-*
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options

NAME = "acl-group-wildcard"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}

_ANY = ("GROUP", "LITERAL", "*")


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each consumer that names no group and has a topic to read."""
    for grant in topology.grants if ("group", "*") in topology.given else ():
        if grant.role != "consumer" or all(acl[4:] != _ANY for acl in grant.acls):
            continue  # its entry is not looked at: most consumers name a group
        group = grant.node.map.get("group")
        if group is None or group.is_null:
            principal = grant.node.map.get("principal")
            place = principal.key_span if principal is not None else grant.node.span
            said = f"{grant.principal} may read every consumer group"
            yield Note(place, said, 'add "group: NAME" (or "NAME*") to say which')

"""A principal that ends in `*`.

Kafka knows no prefixes of principals: `User:app-*` is the principal of that very name, which nobody has. Only a lone
`User:*` is special: everybody.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    producers:
    - principal: User:app-*
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    producers:
    - principal: User:app-1
    - principal: User:app-2
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, principal_place

NAME = "acl-principal-prefix"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each entry whose principal is written like a prefix."""
    for grant in topology.grants:
        if grant.principal.endswith("*") and grant.principal.partition(":")[2] != "*":
            said = f"{grant.principal} matches nobody: Kafka takes the * of a principal literally"
            yield Note(principal_place(grant), said, "name each principal; only a lone User:* is special, everybody")

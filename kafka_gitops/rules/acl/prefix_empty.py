"""A binding on an empty name.

An empty prefix would cover everything, which is why Kafka refuses it ("Invalid empty resource name"). It comes from an
empty project prefix with optimised ACLs, or from a custom role that uses a `topic` that its entry does not have.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - principal: User:app
      group: ""
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - principal: User:app
      group: app
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import WORDS, Topology
from kafka_gitops.rules.contract import Options, binding_place

NAME = "acl-prefix-empty"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each entry with a binding on an empty name, once per kind of resource."""
    for grant in topology.grants if any(not name for _, name in topology.given) else ():
        seen = set()
        for acl in grant.acls:
            if not acl.name and acl.resource_type not in seen:
                seen.add(acl.resource_type)
                what = WORDS.get(acl.resource_type, acl.resource_type.lower())
                prefixed = acl.pattern_type == "PREFIXED"
                said = f"an empty {what} {'prefix' if prefixed else 'name'} for {grant.principal}"
                meaning = ": it would cover everything" if prefixed else ""
                yield Note(binding_place(grant, acl), f"{said}{meaning}", f"Kafka refuses it: name the {what}")

"""Two quotas of one entity.

Over all files an entity (a user, a client id, both together, an address) may be declared once; of two declarations
nobody could tell which limits count. `User:orders` and `orders` are one user, and two spellings of an address are one.

Bad:

```yaml
context: acme
quotas:
- {user: orders, producer_byte_rate: 1048576}
- {user: "User:orders", consumer_byte_rate: 1048576}
```

Good:

```yaml
context: acme
quotas:
- {user: orders, producer_byte_rate: 1048576, consumer_byte_rate: 1048576}
- {user: orders, client_id: batch, consumer_byte_rate: 1024}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Declared, Key, Topology
from kafka_gitops.rules.contract import Options

NAME = "quota-duplicate"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield every declaration after the first, with the place of the first."""
    firsts: dict[Key, Declared] = {}
    for declared in sorted(topology.declared, key=lambda one: one.node.head):
        first = firsts.setdefault(declared.key, declared)
        if declared.key.kind == "quota" and first is not declared:
            place = first.node.head
            said = f"the {declared.key} is declared twice, first at {place}"
            yield Note(declared.node.head, said, "keep one of them", ((place, "first here"),))

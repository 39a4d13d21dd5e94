"""A quota on `User:NAME`.

Brokers compare a quota's user with the bare name of the principal: a quota on the user `User:orders` limits nobody.
It is taken as `orders` here. JulieOps sends `User:orders` as it is; where it did, the plan names the quota without
effect and blocks (`quota-first`), since from then on the user really is limited.

Bad:

```yaml
context: acme
quotas:
- {user: "User:orders", producer_byte_rate: 1048576}
```

Good:

```yaml
context: acme
quotas:
- {user: orders, producer_byte_rate: 1048576}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options

NAME = "quota-principal"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each quota whose user is written as a principal."""
    for declared in topology.declared:
        if declared.key.kind != "quota":
            continue
        for found in filter(None, map(declared.node.map.get, ("user", "principal"))):
            if found.text.startswith("User:"):
                bare = found.text.removeprefix("User:")
                said = f"brokers compare a quota's user without its type: it is taken as {bare}"
                yield Note(found.span, said, f"write {bare}")

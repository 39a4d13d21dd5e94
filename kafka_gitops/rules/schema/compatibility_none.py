"""A subject whose level of compatibility is NONE: any change of its schema passes.

The registry then takes a version that consumers cannot read, and the first record that is written with it stops them.
Declare a level (BACKWARD lets consumers be updated first, FORWARD producers), or say in a waiver why nobody reads
the topic but who writes it.

Bad:

```yaml
# schemas/order.avsc:
#   "string"
context: acme
schemas:
- subject: acme.pay.orders-value
  file: schemas/order.avsc
  compatibility: NONE
```

Good:

```yaml
# schemas/order.avsc:
#   "string"
context: acme
schemas:
- subject: acme.pay.orders-value
  file: schemas/order.avsc
  compatibility: BACKWARD
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.schema.entries import entries

NAME = "schema-compatibility-none"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each level that lets everything pass."""
    for entry in entries(topology):
        if entry.spec.compatibility == "NONE":
            said = f"any change of {entry.subject} passes, also one that its consumers cannot read"
            yield Note(entry.at("compatibility"), said, "write BACKWARD, FORWARD or FULL")

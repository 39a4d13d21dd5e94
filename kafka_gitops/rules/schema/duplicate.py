"""A subject that is declared twice, and not alike.

Only the first declaration counts. A topic's schemas in JulieOps' way may name one subject several times (a record that
several topics have); that is fine as long as they say the same.

Bad:

```yaml
# schemas/order.avsc:
#   "string"
# schemas/other.avsc:
#   "bytes"
context: acme
schemas:
- {subject: acme.pay.orders-value, file: schemas/order.avsc}
- {subject: acme.pay.orders-value, file: schemas/other.avsc}
```

Good:

```yaml
# schemas/order.avsc:
#   "string"
context: acme
schemas:
- {subject: acme.pay.orders-key, file: schemas/order.avsc}
- {subject: acme.pay.orders-value, file: schemas/order.avsc}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.schema.entries import by_subject, entries

NAME = "schema-duplicate"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each later declaration that differs from the first one of its subject."""
    first = by_subject(topology)
    for entry in entries(topology):
        one = first[entry.subject]
        if entry.node is not one.node and entry.spec != one.spec:
            place = one.at("subject")
            said = f'the subject "{entry.subject}" is declared twice; the first is at {place}'
            yield Note(entry.at("subject"), said, "keep one of the two", ((place, "the first declaration"),))

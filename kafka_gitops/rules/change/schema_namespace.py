"""The namespace of a schema's type changes, which every compatibility check lets pass.

Neither registries nor Avro's own check look at the namespace of a record, enum or fixed type, nor at a package of
Protobuf. Who finds types by their full names does not find the new one: generated classes above all, unions of several
records, and the subject itself under the strategies that are named after the record. Keep it, or make a new topic.

Bad:

```yaml
# before
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "namespace": "acme", "fields": []}
context: acme
schemas:
- {subject: acme.pay.orders-value, file: schemas/order.avsc}
# after
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "namespace": "acme.v2", "fields": []}
context: acme
schemas:
- {subject: acme.pay.orders-value, file: schemas/order.avsc}
```

Good:

```yaml
# before
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "namespace": "acme", "fields": []}
context: acme
schemas:
- {subject: acme.pay.orders-value, file: schemas/order.avsc}
# after
# schemas/order.avsc:
#   {"type": "record", "name": "acme.Order", "fields": []}
context: acme
schemas:
- {subject: acme.pay.orders-value, file: schemas/order.avsc}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.schema.entries import alarms

NAME = "change-schema-namespace"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each type that keeps its name and loses its namespace."""
    yield from alarms(before, after, {"namespace": "keep the namespace, or make a new topic and move its users there"})

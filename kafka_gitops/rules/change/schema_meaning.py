"""A change of a schema that every compatibility check lets pass, and that readers break on.

* The scale of a decimal: readers with the old schema see each number by powers of ten too large or too small.
* The unit of a time (timestamp-millis to timestamp-micros): the same number is another time.

Neither is an error to a registry, nor to a reader, which is why nobody hears of it. Add a new field, or a new topic, in
place of changing what a number means.

Bad:

```yaml
# before
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
context: acme
schemas:
- {subject: acme.pay.orders-value, file: schemas/order.avsc}
# after
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}}]}
context: acme
schemas:
- {subject: acme.pay.orders-value, file: schemas/order.avsc}
```

Good:

```yaml
# before
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
context: acme
schemas:
- {subject: acme.pay.orders-value, file: schemas/order.avsc}
# after
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}, "doc": "UTC"}]}
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

NAME = "change-schema-meaning"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}
_HELP = {
    "scale": "add a field with the new scale",
    "unit": "add a field with the new unit",
}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each change of meaning."""
    yield from alarms(before, after, _HELP)

"""A logical type that readers ignore: a typo, on the wrong type, beside a field's type, or with wrong attributes.

By the specification a reader that does not understand a logical type reads the plain type, without a word: a
`timestamp-milis` is a long, a decimal whose scale is above its precision is bytes. A `logicalType` beside the `type` of
a field means nothing: it belongs within, `"type": {"type": "long", "logicalType": "timestamp-millis"}`. Logical types
of your own are fine where all readers know them; switch the rule off then.

Bad:

```yaml
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "at", "type": {"type": "int", "logicalType": "timestamp-millis"}}]}
context: acme
schemas:
- subject: acme.pay.orders-value
  file: schemas/order.avsc
```

Good:

```yaml
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
context: acme
schemas:
- subject: acme.pay.orders-value
  file: schemas/order.avsc
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.schema.entries import problems

NAME = "schema-logical-type"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each logical type of an Avro schema that means nothing where it stands."""
    yield from problems(topology, "logical-type")

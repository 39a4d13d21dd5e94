"""Names of a schema that collide.

In Avro: an alias that is the name of another field of the same record (Java's readers stop with "matches multiple
fields" on data that has both, its own included), and a type that a reference defines too, which registries
refuse. In Protobuf: a field number or name that is there twice, or that is reserved, and values of an enum with one
number.

Bad:

```yaml
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "id", "type": "long"},
#     {"name": "key", "type": "long", "aliases": ["id"]}]}
context: acme
schemas:
- subject: acme.pay.orders-value
  file: schemas/order.avsc
```

Good:

```yaml
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "key", "type": "long", "aliases": ["id"]}]}
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

NAME = "schema-name-collision"
SEVERITY = Severity.error
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each name or number that stands for two things."""
    yield from problems(topology, "name")

"""A default that does not fit its type.

Apicurio and older registries take such a schema; the first reader that needs the default fails. The default of a
union is a value of its *first* type: since Avro 1.12 of any of them, but every reader before that refuses the schema.
An enum's default is one of its symbols, an int is within 32 bits, a record's default has each field that has no default
of its own, bytes are a text with one character up to U+00FF for each.

Bad:

```yaml
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "note", "type": ["null", "string"], "default": ""}]}
context: acme
schemas:
- subject: acme.pay.orders-value
  file: schemas/order.avsc
```

Good:

```yaml
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "note", "type": ["null", "string"], "default": null}]}
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

NAME = "schema-default"
SEVERITY = Severity.error
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each default of an Avro schema that its type does not take."""
    yield from problems(topology, "default")

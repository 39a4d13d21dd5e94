"""A schema that is none: its file does not parse, or no reader takes what it says.

Avro is held to the specification and to two libraries (Apache's own and fastavro), where the extra `schemas` is
installed; the registry is laxer than readers are. JSON Schema is held to the meta-schema of the draft that it names
(else draft-07), Protobuf to its grammar, to numbers and names that are there twice, and to types that nothing declares.

Bad:

```yaml
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "order-id", "type": "long"}]}
context: acme
schemas:
- subject: acme.pay.orders-value
  file: schemas/order.avsc
```

Good:

```yaml
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "order_id", "type": "long"}]}
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

NAME = "schema-syntax"
SEVERITY = Severity.error
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each fault of a schema, but in a file of which another rule said that it does not parse at all."""
    told = {problem.span.path for problem in topology.problems if problem.rule == "artefact-syntax"}
    yield from (note for note in problems(topology, "syntax") if note.span.path not in told)

"""Two declarations of one connector.

The first one counts. Of two that differ nobody can tell which one is meant.

Bad:

```yaml
context: acme
connectors:
- name: orders-sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.orders}
- name: orders-sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.refunds}
```

Good:

```yaml
context: acme
connectors:
- name: orders-sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.orders}
- name: refunds-sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.refunds}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity, Span
from kafka_gitops.kinds.connector.spec import NAME as KIND
from kafka_gitops.kinds.connector.spec import parts
from kafka_gitops.model import Key, Topology
from kafka_gitops.rules.contract import Options

NAME = "connector-duplicate"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, _options: Options) -> Iterator[Note]:
    """Yield each declaration after the first, with the place of that."""
    first: dict[Key, Span] = {}
    own = (declared for declared in topology.declared if declared.key.kind == KIND)
    for place, declared in sorted(((one.node.at("name"), one) for one in own), key=lambda found: found[0]):
        if declared.key in first:
            was = first[declared.key]
            said = f'the connector "{parts(declared.key)[1]}" is declared twice, first in {was}'
            yield Note(place, said, "keep one of them", ((was, "first here"),))
        first.setdefault(declared.key, place)

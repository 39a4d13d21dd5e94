"""A dead letter queue that gets no record.

Records come there only with `errors.tolerance: all` (KIP-298): without it the task fails at the first bad record. A
source has no dead letters, and a queue that the sink itself reads gets the same record for ever.

Bad:

```yaml
context: acme
connectors:
- name: orders-sink
  config:
    connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector
    topics: acme.pay.orders
    errors.deadletterqueue.topic.name: acme.pay.orders.dlq
```

Good:

```yaml
context: acme
connectors:
- name: orders-sink
  config:
    connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector
    topics: acme.pay.orders
    errors.tolerance: all
    errors.deadletterqueue.topic.name: acme.pay.orders.dlq
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.kinds.connector import checks
from kafka_gitops.model import Topology
from kafka_gitops.rules.connector.places import wrongs
from kafka_gitops.rules.contract import Options

NAME = "connector-dlq"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, _options: Options) -> Iterator[Note]:
    """Yield each queue that gets nothing, or what it gave."""
    yield from wrongs(topology, checks.dead_letters)

"""A source whose `topic.creation.*` makes it fail later, or does nothing.

Connect does not look at these keys (KIP-158) when it takes a config: without a replication factor the connector fails
when it starts, and a topic config that does not exist fails the task at the first record.

Bad:

```yaml
context: acme
connectors:
- name: orders-source
  config:
    connector.class: org.apache.kafka.connect.file.FileStreamSourceConnector
    topic: acme.pay.orders
    topic.creation.default.partitions: "6"
```

Good:

```yaml
context: acme
connectors:
- name: orders-source
  config:
    connector.class: org.apache.kafka.connect.file.FileStreamSourceConnector
    topic: acme.pay.orders
    topic.creation.default.partitions: "6"
    topic.creation.default.replication.factor: "3"
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.kinds.connector import checks
from kafka_gitops.model import Topology
from kafka_gitops.rules.connector.places import wrongs
from kafka_gitops.rules.contract import Options

NAME = "connector-topic-creation"
SEVERITY = Severity.error
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, _options: Options) -> Iterator[Note]:
    """Yield each key that is wrong or that another one is missing for."""
    yield from wrongs(topology, checks.creation)

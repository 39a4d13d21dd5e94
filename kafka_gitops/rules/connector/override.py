"""A client override that no client of the connector reads.

`consumer.override.*` is for sinks and `producer.override.*` for sources (KIP-458); a sink has a producer only for its
dead letter queue. Connect takes the key and says nothing.

Bad:

```yaml
context: acme
connectors:
- name: orders-source
  config:
    connector.class: org.apache.kafka.connect.file.FileStreamSourceConnector
    topic: acme.pay.orders
    consumer.override.max.poll.records: "10"
```

Good:

```yaml
context: acme
connectors:
- name: orders-source
  config:
    connector.class: org.apache.kafka.connect.file.FileStreamSourceConnector
    topic: acme.pay.orders
    producer.override.linger.ms: "10"
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.kinds.connector import checks
from kafka_gitops.model import Topology
from kafka_gitops.rules.connector.places import wrongs
from kafka_gitops.rules.contract import Options

NAME = "connector-override"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, _options: Options) -> Iterator[Note]:
    """Yield each override that has no effect."""
    yield from wrongs(topology, checks.overrides)

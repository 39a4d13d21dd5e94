"""A connector class that is not among the allowed ones.

Off until `allow` says which classes this repository may use. `manage.connector_classes` bounds what a run may do at
all; this rule says it earlier, and per path.

Bad:

```yaml
context: acme
connectors:
- name: orders-sink
  config: {connector.class: com.example.AnySinkConnector, topics: acme.pay.orders}
```

Good:

```yaml
context: acme
connectors:
- name: orders-sink
  config: {connector.class: FileStreamSink, topics: acme.pay.orders}
```

Options: `allow` (the sink for files of Kafka), classes by their full names, exact or with a `*` at the end; a connector
may name them by an alias.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.errors import listed
from kafka_gitops.kinds.connector.declared import connectors
from kafka_gitops.kinds.connector.spec import CLASS, same_class
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.settings import matches

NAME = "connector-class"
SEVERITY = Severity.off
ALONE = False
OPTIONS: Mapping[str, object] = {"allow": ("org.apache.kafka.connect.file.FileStreamSinkConnector",)}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each class that is not allowed."""
    allowed = options.texts("allow")
    for one in connectors(topology):
        name = one.spec.config.get(CLASS, "")
        if not any(same_class(pattern, name) or matches(pattern, name) for pattern in allowed):
            said = f"the class {name} is not among the allowed ones"
            yield Note(one.at(CLASS), said, f"allowed: {listed(allowed, most=5) or 'none'}")

"""A config key whose value only the worker has.

`keep` sends back what the worker has, so that a connector with a secret in clear can be managed at once. Nobody can
make the connector again from the files. It is a step on the way to a reference.

Bad:

```yaml
context: acme
connectors:
- name: orders-sink
  config: {connector.class: io.aiven.connect.jdbc.JdbcSinkConnector, topics: acme.pay.orders}
  keep: [connection.password]
```

Good:

```yaml
context: acme
connectors:
- name: orders-sink
  config:
    connector.class: io.aiven.connect.jdbc.JdbcSinkConnector
    topics: acme.pay.orders
    connection.password: "${file:/etc/secrets/orders.properties:password}"
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.kinds.connector.declared import connectors
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options

NAME = "connector-keep"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, _options: Options) -> Iterator[Note]:
    """Yield each key that is kept."""
    for one in connectors(topology):
        listed = one.node.get("keep")
        for node in listed.items if listed is not None else ():
            if node.text in one.spec.keep:
                said = f"only the worker has the value of {node.text}: {one.name} cannot be made again from the files"
                yield Note(node.span, said, f'write a reference instead: {node.text}: "${{file:PATH:KEY}}"')

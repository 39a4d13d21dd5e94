r"""A connector name that no path of Connect's REST API reaches.

Connect takes names with `/`, `\`, `%`, dots alone or blanks around them when a connector is created, and then refuses
every path with such a name as ambiguous (400), or has taken the blanks away: the connector lives on, and can be neither
changed nor deleted.

Bad:

```yaml
context: acme
connectors:
- name: orders/sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.orders}
```

Good:

```yaml
context: acme
connectors:
- name: orders-sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.orders}
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "connector-name"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

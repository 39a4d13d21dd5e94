"""A value of a connector config that is not a text.

Connect's configs are texts. A list or a mapping makes a worker answer 500, and a null is taken, stored, and makes the
connector fail when it starts. Numbers and true or false go to the worker as they are written in the file.

Bad:

```yaml
context: acme
connectors:
- name: orders-sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: [acme.pay.orders]}
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

NAME = "connector-value"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

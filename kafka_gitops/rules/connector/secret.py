"""A secret in clear in a connector's config.

Whoever reads the repository reads it, and Connect shows it to whoever reads its REST API. A reference of a config
provider (KIP-297) is resolved by the worker, and appears as it is written everywhere else. A value counts as a secret
by the name of its key (`connection.password`, `sasl.jaas.config`, `aws.secret.access.key`) or by what it is (JAAS, PEM,
an address with a password in it). The text is shown nowhere, and never sent; `keep` names keys whose value only the
worker has.

Bad:

```yaml
context: acme
connectors:
- name: orders-sink
  config:
    connector.class: io.aiven.connect.jdbc.JdbcSinkConnector
    topics: acme.pay.orders
    connection.password: correct-horse-battery
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

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "connector-secret"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

"""A reference to a config provider that workers hardly have.

Connect leaves `${name:...}` as it stands where no provider has that name: the connector gets the text of the reference
in place of the value, and nothing says so. Names are case-sensitive.

Bad:

```yaml
context: acme
connectors:
- name: orders-sink
  config:
    connector.class: io.aiven.connect.jdbc.JdbcSinkConnector
    topics: acme.pay.orders
    connection.password: "${ENV:ORDERS_PASSWORD}"
```

Good:

```yaml
context: acme
connectors:
- name: orders-sink
  config:
    connector.class: io.aiven.connect.jdbc.JdbcSinkConnector
    topics: acme.pay.orders
    connection.password: "${env:ORDERS_PASSWORD}"
```

Options: `known`, the names under `config.providers` of the workers (file, directory, env, and names that are usual for
vaults, cloud secrets and Kubernetes).
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.errors import listed
from kafka_gitops.kinds.connector.declared import connectors
from kafka_gitops.kinds.connector.secrets import references
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.shape.found import near

NAME = "connector-provider"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {
    "known": (
        "file", "dir", "directory", "env", "vault", "aws", "secretsmanager", "secretManager", "ssm", "azure", "gcp",
        "secrets", "secret", "configmaps", "configmap", "strimzisecrets", "strimziconfigmaps",
    )
}  # fmt: skip


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each reference to a provider that is not among the known ones."""
    known = options.texts("known")
    for one in connectors(topology):
        for key, text in one.spec.config.items():
            for provider in dict.fromkeys(found.provider for found in references(text)):
                if provider not in known:
                    meant = near(provider, known, 0.6)
                    said = f'{key} refers to the config provider "{provider}": a worker without it passes on the text'
                    help = f'did you mean "{meant}"?' if meant else f"known: {listed(known, most=4)}; add it to `known`"
                    yield Note(one.at(key), said, help)

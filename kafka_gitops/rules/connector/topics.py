"""A connector that reads or writes a topic that no file declares.

A slip of the pen in a topic's name: a sink waits for records that never come, and a source makes a topic of its own, or
waits for one. Looked at are the topics that a config names one by one, where the files declare topics at all.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
connectors:
- name: orders-sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.order}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
connectors:
- name: orders-sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.orders}
```

Options: `known` (none), names of topics that live elsewhere, exact or with a `*` at the end.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.kinds.connector.checks import written
from kafka_gitops.kinds.connector.declared import One, connectors
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.settings import matches
from kafka_gitops.shape.found import near

NAME = "connector-topics"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {"known": ()}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic of a connector that is not declared, with the declared name that is nearest."""
    declared, known = topology.specs, options.texts("known")
    for one in connectors(topology) if declared else ():
        for topic in written(one.spec.config):
            if topic not in declared and not any(matches(pattern, topic) for pattern in known):
                meant = near(topic, declared, 0.8)
                help = f'did you mean "{meant}"?' if meant else "declare the topic, or list it under `known`"
                said = f'{one.name} uses the topic "{topic}", which no file declares'
                yield Note(one.at(_key(one, topic)), said, help)


def _key(one: One, topic: str) -> str | None:
    """The config key that names the topic."""
    return next((key for key, text in one.spec.config.items() if topic in text.replace(",", " ").split()), None)

"""A value that Kafka refuses for a topic config.

Wrong type, out of range, or none of the allowed values, by Kafka's own definitions (`LogConfig`) in `kafka_version`.
A replication factor that is not a number of at least 1 is found while reading.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {cleanup.policy: "compacted"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {cleanup.policy: "compact,delete"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops import catalog
from kafka_gitops.catalog.advice import for_value
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place
from kafka_gitops.rules.placeholders import placeholder

NAME = "topic-config-value"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each value that is wrong, at its place."""
    wrong: dict[tuple[str, str], str] = {}
    for key, value in topology.configs:
        said = catalog.check(key, value, options.kafka_version)
        if said and placeholder(value) is None:
            wrong[key, value] = said
    for declared in topology.topics if wrong else ():
        for key, value in declared.spec.config.items() if not declared.dlq else ():
            if (key, value) in wrong:
                found, _, expected = wrong[key, value].partition("; ")
                help = "; ".join(filter(None, (for_value(key, value), expected)))
                yield Note(config_place(declared, key), f"{key}: {found}", help or None)

"""A `min.insync.replicas` that no writer can ever meet.

Before Kafka 3.7 a minimum above the replication factor makes every write with acks=all fail (NOT_ENOUGH_REPLICAS);
since 3.7 it counts as the replication factor (KAFKA-15583), so the rule looks only where `kafka_version` is declared
and older.

Bad:

```yaml
# kafka_version: 3.6
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {replication.factor: "2", min.insync.replicas: "3"}
```

Good:

```yaml
# kafka_version: 3.6
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {replication.factor: "3", min.insync.replicas: "2"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place, min_isr, replication, version

NAME = "topic-min-isr-unwritable"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}


def applies(options: Options) -> bool:
    """Whether the Kafka declared refuses such writes."""
    return options.kafka_version is not None and version(options.kafka_version) < (3, 7)


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic whose effective minimum is above its effective replication."""
    if not applies(options):
        return
    for declared in topology.topics:
        factor, least = replication(declared, options), min_isr(declared, options)
        if factor is not None and least is not None and least > factor and not declared.dlq:
            own = "min.insync.replicas" in declared.spec.config
            yield Note(
                config_place(declared, "min.insync.replicas" if own else "replication.factor"),
                f"min.insync.replicas {least} is above the replication factor {factor}: nobody can write with acks=all",
                f"before Kafka 3.7 it must be at most {factor}; {max(1, factor - 1)} lets one broker fail",
            )

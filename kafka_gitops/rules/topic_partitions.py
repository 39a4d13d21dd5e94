"""A topic with very many partitions.

Every partition costs file handles, memory and fail-over time on each of its replicas, and partitions can never be
taken away again. More than a few dozen are seldom needed.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "500"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "50"}
```

Options: `max` (50), the most partitions that are fine.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place

NAME = "topic-partitions"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {"max": 50}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic that declares more than `max` partitions."""
    most = options.number("max")
    for declared in topology.topics:
        partitions = declared.spec.partitions
        if partitions is not None and partitions > most and not declared.dlq:
            yield Note(
                config_place(declared, "num.partitions"),
                f"{partitions:,} partitions; more than {most} are seldom needed",
                "partitions cannot be taken away later: begin with fewer, more can be added",
            )

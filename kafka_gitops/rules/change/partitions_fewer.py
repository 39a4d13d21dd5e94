"""A topic is to have fewer partitions than before.

Kafka cannot take partitions away: an apply leaves the topic as it is, and the files no longer say the truth. Whoever
needs fewer makes a new topic and moves its records and users there.

Bad:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "6"}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "3"}
```

Good:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "6"}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "6"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.change.rule import before_at, growths
from kafka_gitops.rules.contract import Options, config_place

NAME = "change-partitions-fewer"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic that loses partitions, by its own number, its plan's or the broker's default before."""
    for one in growths(before, after, options):
        if one.new < one.old:
            yield Note(
                config_place(one.now, "num.partitions"),
                f"partitions {one.old} -> {one.new}: Kafka cannot take partitions away",
                f'write "{one.old}", or make a new topic',
                before_at(config_place(one.was, "num.partitions")),
                one.now.name,
            )

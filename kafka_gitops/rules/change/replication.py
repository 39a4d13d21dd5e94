"""A topic is to have another replication factor.

An apply does not change it: replicas move by a reassignment (`kafka-reassign-partitions`), which copies whole
partitions between brokers and is better done at a quiet hour and with a throttle. Until then the plan lists the topic
under what cannot be done.

Bad:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {replication.factor: "2"}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {replication.factor: "3"}
```

Good:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {replication.factor: "3"}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {replication.factor: "3"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.change.rule import before_at, pairs, partitions
from kafka_gitops.rules.contract import Options, config_place, replication

NAME = "change-replication"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic whose replication factor changes; one that is left open is never compared."""
    for was, now in pairs(before, after):
        old, new = replication(was, options), now.spec.replication
        if old is None or new is None or old == new:
            continue
        yield Note(
            config_place(now, "replication.factor"),
            f"replication factor {old} -> {new}: {_moved(new - old, partitions(now, options))}",
            "do it with kafka-reassign-partitions; an apply does not move replicas",
            before_at(config_place(was, "replication.factor")),
            now.name,
        )


def _moved(more: int, count: int | None) -> str:
    """How much a reassignment moves: whole replicas of each partition."""
    each = f"{abs(more)} replica{'s' if abs(more) != 1 else ''} of each partition"
    total = f" ({abs(more) * count} in all)" if count is not None else ""
    return f"{each}{total} must be {'copied to another broker' if more > 0 else 'dropped'}"

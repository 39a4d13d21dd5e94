"""A topic whose keys must stay in their partitions is to have more of them.

New records of a key go to another partition than its old ones. On a compacted topic the old value of a key then stays
for ever beside the new one; a streams application finds its state for a key on the wrong task; whoever declared the
topic `keyed: true` relies on the order. Make a new topic with the right number, and let its users move.

Bad:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "3", cleanup.policy: compact}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "6", cleanup.policy: compact}
```

Good:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "3", cleanup.policy: delete}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "6", cleanup.policy: delete}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.change.rule import before_at, growths
from kafka_gitops.rules.contract import Options, config_place

NAME = "change-key-order"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each keyed or compacted topic, or one that a streams application reads, that gets partitions."""
    for one in growths(before, after, options):
        if one.new > one.old and one.why is not None:
            said = f"partitions {one.old} -> {one.new}, and {one.why}"
            yield Note(
                config_place(one.now, "num.partitions"),
                f"{said}: new records of a key go to another partition than its old ones",
                "make a new topic with the right number and move its users there",
                before_at(config_place(one.was, "num.partitions")),
                one.now.name,
            )

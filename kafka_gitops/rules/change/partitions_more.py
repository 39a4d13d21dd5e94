"""A topic is to have more partitions than before.

The partition of a record comes from its key and the number of partitions: new records of a key land in another
partition than its old ones, and consumers may see them out of order. It cannot be undone. Where the files say that keys
matter, the stricter `change-key-order` reports it instead.

Bad:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "3"}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "6"}
```

Good:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "3"}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "3"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.change.rule import before_at, growths
from kafka_gitops.rules.contract import Options, config_place

NAME = "change-partitions-more"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic that gets partitions and of which nothing says that its keys matter."""
    for one in growths(before, after, options):
        if one.new > one.old and one.why is None:
            yield Note(
                config_place(one.now, "num.partitions"),
                f"partitions {one.old} -> {one.new}: new records of a key go to another partition than its old ones",
                "fine where no consumer needs the order of a key; it cannot be undone",
                before_at(config_place(one.was, "num.partitions")),
                one.now.name,
            )

"""JulieOps' PartitionNumberValidation: a number of partitions that fails the comparison with a given number.

Only what a topic of a project states (or its plan) is looked at. Off unless `topology.validations` of a client file
names it, or `rules:` switches it on.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "1"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "3"}
```

Options: `value` (3), the number to compare with; `op` (`gte`), how: `gt`, `lt`, `eq`, `gte`, `lte` or `ne`.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place
from kafka_gitops.rules.julieops.validators import COMPARE, topics
from kafka_gitops.rules.options import Comparison

NAME = "julieops-partition-number"
SEVERITY = Severity.off
ALONE = True
OPTIONS: Mapping[str, object] = {"value": 3, "op": Comparison("gte")}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic of a project that states another number."""
    compare, words = COMPARE[str(options.values["op"])]
    wanted = options.number("value")
    for declared in topics(topology):
        found = declared.spec.partitions
        if found is not None and not compare(found, wanted):
            yield Note(
                config_place(declared, "num.partitions"),
                f"partitions {found}, expected {words} {wanted}",
                "correct num.partitions",
            )

"""JulieOps' ReplicationFactorValidation: a replication factor that fails the comparison with a given number.

Only what a topic of a project states (or its plan) is looked at. As in the reference `op` is `ne` unless it is set:
then the factor must not be the given one. Off unless `topology.validations` of a client file names it, or `rules:`
switches it on.

Bad:

```yaml
# options: {value: 3, op: gte}
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {replication.factor: "2"}
```

Good:

```yaml
# options: {value: 3, op: gte}
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {replication.factor: "3"}
```

Options: `value` (0), the number to compare with; `op` (`ne`), how: `gt`, `lt`, `eq`, `gte`, `lte` or `ne`.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place
from kafka_gitops.rules.julieops.validators import COMPARE, topics
from kafka_gitops.rules.options import Comparison

NAME = "julieops-replication-factor"
SEVERITY = Severity.off
ALONE = True
OPTIONS: Mapping[str, object] = {"value": 0, "op": Comparison("ne")}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic of a project that states another number."""
    compare, words = COMPARE[str(options.values["op"])]
    wanted = options.number("value")
    for declared in topics(topology):
        found = declared.spec.replication
        if found is not None and not compare(found, wanted):
            yield Note(
                config_place(declared, "replication.factor"),
                f"replication factor {found}, expected {words} {wanted}",
                "correct replication.factor",
            )

"""A topic with fewer than three replicas, or with another replication factor than yours.

With two replicas one broken broker leaves no spare, with one it takes the topic away. The effective number counts: the
topic's own, its plan's, or the environment's `broker_defaults`; where none is known the rule is silent. An environment
that declares `brokers: 1` is not judged, with `brokers: 2` two are enough.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {replication.factor: "1"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {replication.factor: "3"}
```

Options: `min` (3), the fewest replicas that are fine; `exactly` (0: any number), the only replication factor.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place, replication

NAME = "topic-replication"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {"min": 3, "exactly": 0}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic whose effective replication is below `min` (below `brokers` where that is less).

    With `exactly`, each that has another one.
    """
    wanted, exactly = options.number("min"), options.number("exactly")
    if options.brokers is not None:
        wanted = min(wanted, options.brokers)
    for declared in topology.topics:
        factor = replication(declared, options)
        if factor is None or declared.dlq or (factor == exactly if exactly else factor >= wanted):
            continue
        source = "" if declared.spec.replication is not None else " (the broker's default)"
        if exactly:
            said = f"replication factor {factor}{source}, expected exactly {exactly}"
            yield Note(config_place(declared, "replication.factor"), said, f'write replication.factor: "{exactly}"')
            continue
        fate = "one broken broker takes it away" if factor == 1 else "with one broker down no spare is left"
        yield Note(
            config_place(declared, "replication.factor"),
            f"replication factor {factor}{source}, expected {wanted} or more: {fate}",
            f'replication.factor: "{wanted}"; an environment with fewer brokers says so with `brokers:`',
        )

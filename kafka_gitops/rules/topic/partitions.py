"""A topic with very many partitions, or with another number than yours.

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

Options: `max` (50), the most partitions that are fine; `min` (1), the fewest; `exactly` (0: any number), the only one.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place

NAME = "topic-partitions"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {"max": 50, "min": 1, "exactly": 0}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic that declares more than `max` partitions, fewer than `min`, or not `exactly` as many."""
    said = cache(lambda partitions: _said(partitions, options))
    for declared in topology.topics:
        partitions = declared.spec.partitions
        found = said(partitions) if partitions is not None and not declared.dlq else None
        if found is not None:
            yield Note(config_place(declared, "num.partitions"), *found)


def _said(partitions: int, options: Options) -> tuple[str, str] | None:
    most, least, exactly = options.number("max"), options.number("min"), options.number("exactly")
    if exactly:
        wrong = partitions != exactly
        return (f"{partitions:,} partitions, expected exactly {exactly}", f'write "{exactly}"') if wrong else None
    if partitions < least:
        return f"{partitions:,} partitions, expected at least {least}", f'write "{least}" or more'
    if partitions > most:
        said = f"{partitions:,} partitions; more than {most} are seldom needed"
        return said, "partitions cannot be taken away later: begin with fewer, more can be added"
    return None

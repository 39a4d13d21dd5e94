"""A topic whose leader may be a replica that lags behind.

With `unclean.leader.election.enable`, when all replicas in sync are gone, one that lags behind leads, and every
record that it does not have is lost, though it was acknowledged. The effective value counts, with the environment's
`broker_defaults`.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {unclean.leader.election.enable: "true"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {unclean.leader.election.enable: "false"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place

NAME = "topic-unclean-election"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}

_KEY = "unclean.leader.election.enable"


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic that prefers any leader to keeping its records."""
    default = options.default(_KEY)
    for declared in topology.topics:
        value = declared.spec.config.get(_KEY, default)
        if value is not None and value.strip().lower() == "true" and not declared.dlq:
            source = "" if _KEY in declared.spec.config else " (the broker's default)"
            said = f"unclean.leader.election.enable is true{source}: acknowledged records can be lost"
            yield Note(config_place(declared, _KEY), said, 'use "false": the topic then waits for a replica in sync')

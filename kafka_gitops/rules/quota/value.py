"""A limit that Kafka does not take.

Every limit is above 0; `producer_byte_rate`, `consumer_byte_rate` and `connection_creation_rate` are whole. Nothing
else is refused by a broker before it counts: brokers even keep a limit that is no number at all, so it is looked at
here (org.apache.kafka.controller.ClientQuotaControlManager).

To take a limit away delete its key. To stop a client, take its rights.

Bad:

```yaml
context: acme
quotas:
- {user: orders, producer_byte_rate: 0, consumer_byte_rate: 1024.5}
```

Good:

```yaml
context: acme
quotas:
- {user: orders, producer_byte_rate: 1, consumer_byte_rate: 1024, request_percentage: 0.5}
```
"""

import sys
from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.text.scalars import plain_value
from kafka_gitops.text.source import Node

NAME = "quota-value"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}
_MOST = {  # None: any number
    "producer_byte_rate": 2**63 - 1,  # Long.MAX_VALUE
    "consumer_byte_rate": 2**63 - 1,
    "connection_creation_rate": 2**31 - 1,  # Integer.MAX_VALUE
    "request_percentage": None,
    "controller_mutation_rate": None,
}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each limit that no broker should be given."""
    for declared in topology.declared:
        for limit, most in _MOST.items() if declared.key.kind == "quota" else ():
            node = declared.node.map.get(limit)
            value = plain_value(node.raw) if node is not None and node.raw is not None else None
            if node is None or isinstance(value, bool) or not isinstance(value, int | float):
                continue  # what is no number was told where it was read
            large = value > (most or sys.float_info.max)
            whole = most is None or large or value == int(value)
            if value <= 0 or large or not whole:
                kind = "a number" if most is None else f"a whole number up to {most}"
                yield Note(node.span, f"{limit} is {_shown(node)}: Kafka takes {kind} above 0", _help(value, whole))


def _shown(node: Node) -> str:
    return node.text if len(node.text) < 40 else f"{node.text[:37]}..."


def _help(value: float, whole: bool) -> str:
    if value <= 0:
        return "write the limit, or delete the key for none; to stop a client take its rights"
    return "write a smaller limit" if whole else f"write {max(1, round(value))}"

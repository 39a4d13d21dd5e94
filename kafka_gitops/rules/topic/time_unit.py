"""A time that looks like seconds, where Kafka counts milliseconds.

`604800` is 7 days in seconds, and 10 minutes for Kafka. Looked at are `segment.ms`, `local.retention.ms` and the
compaction lags; `retention.ms` is looked at by `topic-retention`. Only whole days (or more than 16 whole hours) in
seconds that are no whole minutes in milliseconds are found.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {segment.ms: "86400"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {segment.ms: "86400000"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place
from kafka_gitops.rules.units import meant, seconds

NAME = "topic-time-unit"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}

KEYS = ("segment.ms", "local.retention.ms", "min.compaction.lag.ms", "max.compaction.lag.ms")


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each of these configs whose number is a time in seconds."""
    odd = seconds(topology, KEYS)
    for declared in topology.topics if odd else ():
        for key in KEYS if not declared.dlq else ():
            number = odd.get((key, declared.spec.config.get(key)))
            if number is not None:
                said = f"{key} is {number} ({catalog.humanize(key, str(number))}): it looks like seconds"
                yield Note(config_place(declared, key), said, meant(number))

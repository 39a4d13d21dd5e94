"""A topic config that the Kafka version declared has deprecated.

It still works, and goes with one of the next major versions, which then refuse the topic. What is deprecated depends
on `kafka_version` (default: the newest known); what is gone already is `topic-config-removed`.

Bad:

```yaml
# kafka_version: "3.9"
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {message.timestamp.difference.max.ms: "3600000"}
```

Good:

```yaml
# kafka_version: "3.9"
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {message.timestamp.before.max.ms: "3600000"}
```
"""

from collections.abc import Iterator, Mapping
from functools import cache

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, key_place, keys

NAME = "topic-config-deprecated"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}

_INSTEAD = {
    "message.timestamp.difference.max.ms": "use message.timestamp.before.max.ms and message.timestamp.after.max.ms",
    "message.format.version": "delete it: since Kafka 3.0 the broker chooses the format (KIP-724)",
}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each config that this version has and that a later one may not have."""
    said = cache(lambda key: _said(key, options.kafka_version))
    for declared, key in keys(topology, said):
        found = said(key)
        assert found is not None
        yield Note(key_place(declared, key), *found)


def _said(key: str, version: str | None) -> tuple[str, str] | None:
    found = catalog.definition(key, version)
    if found is None or found.deprecated is None:
        return None
    gone = f", gone in {found.removed}" if found.removed else ""
    return f'the topic config "{key}" is deprecated since Kafka {found.deprecated}{gone}', _INSTEAD.get(
        key, "delete it"
    )

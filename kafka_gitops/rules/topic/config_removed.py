"""A topic config that the Kafka version declared no longer has.

A broker of that version refuses a topic that sets it. Without `kafka_version` the newest known Kafka counts.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {message.format.version: "2.8"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {message.timestamp.type: CreateTime}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, key_place, keys

NAME = "topic-config-removed"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each config that an older Kafka had and this one has not."""
    for declared, key in keys(topology, lambda key: catalog.status(key, options.kafka_version) == "removed"):
        yield Note(key_place(declared, key), *_said(key, options.kafka_version))


def _said(key: str, version: str | None) -> tuple[str, str]:
    last = catalog.last_definition(key)
    since = f" (gone since {last.removed})" if last and last.removed else ""
    declared = "" if version else "; if your brokers are older, say so with kafka_version"
    return (
        f'Kafka {version or catalog.resolve(None)} has no topic config "{key}" any more{since}',
        f"delete it{declared}",
    )

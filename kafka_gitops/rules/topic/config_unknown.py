"""A topic config that Kafka does not have.

The broker refuses a topic with a config that it does not know. Which ones exist depends on the version: the rule knows
those of `kafka_version` (default: the newest known). Configs of Confluent Server (`confluent.*`) are let through. With
a `kafka_version` that is newer than what is known here the rule is silent, and `topic-config-unchecked` warns.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.mss: "86400000"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "86400000"}
```

Options: `allow` (none), further configs to let through; `*` at the end or the beginning matches the rest.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from kafka_gitops import catalog
from kafka_gitops.catalog.advice import for_key
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, key_place, keys
from kafka_gitops.settings import matches

NAME = "topic-config-unknown"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {"allow": ()}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each config that the version does not have and never had."""
    allowed = options.texts("allow")
    said = cache(lambda key, value: _said(key, value, options.kafka_version))
    for declared, key in keys(topology, lambda key: catalog.status(key, options.kafka_version) in ("later", "unknown")):
        found = said(key, declared.spec.config[key])
        if found and not any(matches(pattern, key) for pattern in allowed):
            yield Note(key_place(declared, key), *found)


def _said(key: str, value: str, version: str | None) -> tuple[str, str] | None:
    status = catalog.status(key, version)
    if status == "later":
        later = catalog.last_definition(key)
        since = later.since if later else "a later version"
        return f'Kafka {version or catalog.resolve(None)} has no topic config "{key}" yet', f"it came with {since}"
    if status != "unknown" or catalog.is_newer(version):
        return None
    help = for_key(key, value, version) or "Kafka would refuse the topic: correct it or delete it"
    return f'no topic config is called "{key}"', help

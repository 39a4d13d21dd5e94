"""A topic config that is not known here, and the brokers are newer than the versions that are.

With a `kafka_version` above the newest known one, a config that is not known here may be a new one or a slip of the
pen. The broker decides.

Bad:

```yaml
# kafka_version: "99.0"
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.mss: "86400000"}
```

Good:

```yaml
# kafka_version: "99.0"
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

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, key_place
from kafka_gitops.settings import matches

NAME = "topic-config-unchecked"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {"allow": ()}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each unknown config, where the version is newer than all that are known."""
    version, allowed = options.kafka_version, options.texts("allow")
    if not catalog.is_newer(version):
        return
    for declared in topology.topics:
        for key in declared.spec.config:
            if declared.dlq or catalog.status(key, version) != "unknown" or any(matches(one, key) for one in allowed):
                continue
            meant = catalog.suggest(key, version)
            said = f'no topic config is called "{key}" up to Kafka {catalog.resolve(None)}, the newest known here'
            help = f'did you mean "{meant}"?' if meant else f"look it up in the documentation of Kafka {version}"
            yield Note(key_place(declared, key), said, help)

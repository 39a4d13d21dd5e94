"""A declared topic config that `ignore_configs` leaves alone.

What `ignore_configs` in kafka-gitops.yaml (or in the platform's policy) names is never touched, whatever the files say:
the value here is neither set nor compared, so a reader of the file is misled. The replication throttles, which are
ignored where nobody writes the list, are not meant: declared, they are set like any other config.

Bad:

```yaml
# ignore_configs: ["retention.*"]
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "86400000"}
```

Good:

```yaml
# ignore_configs: ["retention.*"]
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {segment.ms: "86400000"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, key_place
from kafka_gitops.settings import matches

NAME = "topic-config-ignored"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each config of a topic that a pattern of `ignore_configs` matches, at the key."""
    if not options.ignore_configs:
        return
    for declared in topology.topics:
        for key in () if declared.dlq else declared.spec.config:
            pattern = next((one for one in options.ignore_configs if matches(one, key)), None)
            if pattern is not None:
                named = "" if pattern == key else f' ("{pattern}")'
                said = f'"{key}" is in `ignore_configs`{named}, so it is never set and never compared'
                yield Note(key_place(declared, key), said, f"take {key} out here, or out of `ignore_configs`")

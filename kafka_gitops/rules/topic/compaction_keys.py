"""A compacted topic whose records cannot be compacted.

Compaction keeps the last record of each key. A broker refuses a record without a key on a compacted topic
(INVALID_RECORD), so that the producers of a topic declared `keyed: false` fail; without compaction in their minds,
people lose the records that share a key. And on a topic with both policies, compaction never comes when
`min.compaction.lag.ms` is not below `retention.ms`: the records are deleted first. Effective values count, with the
environment's `broker_defaults`; where one is unknown the rule is silent.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    keyed: false
    config: {cleanup.policy: compact}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    keyed: true
    config: {cleanup.policy: compact}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place, policies, whole

NAME = "topic-compaction-keys"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each compacted topic that says that its records have no key, or deletes them before compaction."""
    policy, retention = options.default("cleanup.policy"), options.default("retention.ms")
    lag = options.default("min.compaction.lag.ms")
    for declared in topology.topics:
        config = declared.spec.config
        found = policies(config.get("cleanup.policy", policy))
        if "compact" not in found or declared.dlq:
            continue
        keyed = declared.node.get("keyed")
        if keyed is not None and keyed.text == "false":
            said = "the topic is compacted and its records have no key: Kafka refuses them"
            yield Note(keyed.head, said, "send a key and say keyed: true, or use cleanup.policy: delete")
        kept, least = whole(config.get("retention.ms", retention)), whole(config.get("min.compaction.lag.ms", lag))
        if "delete" in found and kept is not None and least is not None and 0 <= kept <= least:
            said = f"min.compaction.lag.ms {least} is not below retention.ms {kept}: records are deleted uncompacted"
            own = "min.compaction.lag.ms" if "min.compaction.lag.ms" in config else "retention.ms"
            yield Note(config_place(declared, own), said, "lower the lag, raise retention.ms, or keep one policy")

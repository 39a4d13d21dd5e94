"""Topic configs that Kafka refuses together.

Each value is fine alone, and the broker refuses the topic all the same (`LogConfig.validateTopicLogConfigValues`):

* `min.compaction.lag.ms` above `max.compaction.lag.ms`;
* tiered storage (`remote.storage.enable`) of a compacted topic;
* with tiered storage, `local.retention.ms` or `local.retention.bytes` above the total `retention.ms`,
  `retention.bytes` (-1, no limit, counts as above any limit);
* `remote.log.copy.disable` with a local retention that is not the total one.

Effective values count, with the environment's `broker_defaults`; where one is unknown the rule is silent.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {remote.storage.enable: "true", cleanup.policy: compact}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {remote.storage.enable: "true", cleanup.policy: delete}
```
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Severity, Span
from kafka_gitops.model import TopicDecl, Topology
from kafka_gitops.rules.contract import Options, config_place, policies, whole

NAME = "topic-config-conflict"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}

_KEYS = frozenset({"min.compaction.lag.ms", "max.compaction.lag.ms", "remote.storage.enable"})


class _Conflict(NamedTuple):
    key: str  # whose place is shown
    other: str
    message: str
    help: str


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each pair of configs that contradict each other, at the one to change."""
    defaults = cache(options.default)
    tiered = catalog.definition("remote.storage.enable", options.kafka_version) is not None
    for declared in topology.topics:
        config = declared.spec.config
        if declared.dlq or _KEYS.isdisjoint(config):
            continue
        values = _Values(config, {key: defaults(key) for key in _READ})
        for found in _conflicts(values, tiered=tiered):
            other = declared.node.get("config", found.other)
            related = ((other.head, f"{found.other} stands here"),) if other is not None else ()
            yield Note(_place(declared, found), found.message, found.help, related)


_READ = (*_KEYS, "cleanup.policy", "retention.ms", "retention.bytes", "local.retention.ms", "local.retention.bytes")


class _Values(NamedTuple):
    config: Mapping[str, str]
    defaults: Mapping[str, str | None]

    def text(self, key: str) -> str | None:
        return self.config.get(key, self.defaults.get(key))

    def number(self, key: str) -> int | None:
        return whole(self.text(key))

    def flag(self, key: str) -> bool:
        return (self.text(key) or "").strip().lower() == "true"


def _conflicts(values: _Values, *, tiered: bool) -> Iterator[_Conflict]:
    least, most = values.number("min.compaction.lag.ms"), values.number("max.compaction.lag.ms")
    if least is not None and most is not None and least > most:
        said = f"min.compaction.lag.ms {least} is above max.compaction.lag.ms {most}: Kafka refuses the two together"
        yield _Conflict("min.compaction.lag.ms", "max.compaction.lag.ms", said, "lower the one or raise the other")
    if not (tiered and values.flag("remote.storage.enable")):
        return
    if "compact" in policies(values.text("cleanup.policy")):
        said = "Kafka refuses tiered storage for a compacted topic"
        help = "take remote.storage.enable away, or use cleanup.policy: delete"
        yield _Conflict("remote.storage.enable", "cleanup.policy", said, help)
    for unit in ("ms", "bytes"):
        yield from _local(values, f"local.retention.{unit}", f"retention.{unit}")


def _local(values: _Values, key: str, total_key: str) -> Iterator[_Conflict]:
    local, total = values.number(key), values.number(total_key)
    if local is None or total is None or local == -2:  # -2: as the total
        return
    if total >= 0 and (local == -1 or local > total):
        found = "-1 (no limit)" if local == -1 else str(local)
        said = f"{key} {found} is above {total_key} {total}: Kafka refuses to keep more locally than in all"
        yield _Conflict(key, total_key, said, f'at most "{total}", or "-2": as {total_key}')
    elif local != total and values.flag("remote.log.copy.disable"):
        said = f"{key} {local} is not {total_key} {total}, though remote.log.copy.disable stops the copies"
        yield _Conflict(key, total_key, said, 'make the two equal, or use "-2"')


def _place(declared: TopicDecl, found: _Conflict) -> Span:
    own = found.key if found.key in declared.spec.config else found.other
    return config_place(declared, own)

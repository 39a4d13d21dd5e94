"""Settings of retention and compaction that do not fit together.

* A `segment.ms` above `retention.ms`: records are deleted in whole segments, so that a quiet topic keeps them longer
  than it says. Only a `segment.ms` that is written counts.
* On a compacted topic, `delete.retention.ms` outside 1 hour to 30 days: below, a consumer that falls behind may never
  hear of a deletion; above, tombstones pile up.
* `retention.ms` on a topic that is compacted only: it has no effect there (-1 says what happens, and is fine).
* `local.retention.ms` or `local.retention.bytes` above the total, without tiered storage: Kafka takes it, it has no
  effect, and it is refused as soon as `remote.storage.enable` comes (with it: `topic-config-conflict`).

Effective values count, with the environment's `broker_defaults`; where one is unknown the rule is silent.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {cleanup.policy: compact, retention.ms: "86400000"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {cleanup.policy: "compact,delete", retention.ms: "86400000"}
```

Options: `min` (1h) and `max` (30d), the bounds of `delete.retention.ms`.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import TopicDecl, Topology
from kafka_gitops.rules.contract import Options, config_place, policies, whole
from kafka_gitops.rules.options import Duration

NAME = "topic-retention-incoherent"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {"min": Duration("1h"), "max": Duration("30d")}

_KEYS = frozenset({"segment.ms", "retention.ms", "delete.retention.ms", "local.retention.ms", "local.retention.bytes"})


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each setting that contradicts another one."""
    default = cache(options.default)
    bounds = options.milliseconds("min"), options.milliseconds("max")
    for declared in topology.topics:
        if not declared.dlq and not _KEYS.isdisjoint(declared.spec.config):
            yield from _notes(declared, default, bounds)


def _notes(declared: TopicDecl, default: Callable[[str], str | None], bounds: tuple[int, int]) -> Iterator[Note]:
    config = declared.spec.config
    policy = policies(config.get("cleanup.policy", default("cleanup.policy")))
    kept = whole(config.get("retention.ms", default("retention.ms")))
    if policy == {"compact"}:
        if kept is not None and kept >= 0 and "retention.ms" in config:
            said = "retention.ms has no effect: the topic is compacted only, nothing is deleted by time"
            yield _note(declared, "retention.ms", said, 'delete it, or use cleanup.policy: "compact,delete"')
    elif kept is not None and kept >= 0:
        yield from _segments(declared, kept)
    if "compact" in policy:
        yield from _tombstones(declared, *bounds)
    if config.get("remote.storage.enable", "").strip().lower() != "true":
        yield from _local(declared, default)


def _segments(declared: TopicDecl, kept: int) -> Iterator[Note]:
    segment = whole(declared.spec.config.get("segment.ms"))
    if segment is not None and segment > kept:
        said = f"segment.ms {_shown(segment)} is above retention.ms {_shown(kept)}: records stay longer than that"
        yield _note(declared, "segment.ms", said, f'at most "{kept}": only whole segments are deleted')


def _tombstones(declared: TopicDecl, least: int, most: int) -> Iterator[Note]:
    kept = whole(declared.spec.config.get("delete.retention.ms"))
    if kept is None or least <= kept <= most:
        return
    expected = f"expected {_shown(least)} to {_shown(most)}"
    fate = "a slow consumer misses deletions" if kept < least else "tombstones pile up"
    yield _note(declared, "delete.retention.ms", f"delete.retention.ms is {_shown(kept)}: {fate}", expected)


def _local(declared: TopicDecl, default: Callable[[str], str | None]) -> Iterator[Note]:
    for unit in ("ms", "bytes"):
        key, total_key = f"local.retention.{unit}", f"retention.{unit}"
        local = whole(declared.spec.config.get(key))
        total = whole(declared.spec.config.get(total_key, default(total_key)))
        if local is not None and total is not None and total >= 0 and (local == -1 or local > total):
            said = f"{key} {local} is above {total_key} {total}, and has no effect without tiered storage"
            yield _note(declared, key, said, f'delete it, or at most "{total}" with remote.storage.enable')


def _note(declared: TopicDecl, key: str, said: str, help: str) -> Note:
    return Note(config_place(declared, key), said, help)


def _shown(number: int) -> str:
    human = catalog.humanize("retention.ms", str(number))
    return f"{number} ({human})" if human else str(number)

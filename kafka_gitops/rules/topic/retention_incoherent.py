"""Settings of retention and compaction that do not fit together.

* A `segment.ms` above `retention.ms`: records are deleted in whole segments, so that a quiet topic keeps them longer
  than it says. Only a `segment.ms` that is written counts.
* On a compacted topic, `delete.retention.ms` outside 1 hour to 30 days: below, a consumer that falls behind may never
  hear of a deletion; above, tombstones pile up.
* `retention.ms` on a topic that is compacted only: it has no effect there (-1 says what happens, and is fine).
* An empty `cleanup.policy`: Kafka takes it and then neither deletes nor compacts, so that the topic grows for ever, and
  `retention.ms` and `retention.bytes` beside it have no effect.
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

from collections.abc import Iterator, Mapping
from functools import cache

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place, policies, whole
from kafka_gitops.rules.options import Duration

NAME = "topic-retention-incoherent"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {"min": Duration("1h"), "max": Duration("30d")}

_READ = (
    "cleanup.policy",
    "retention.ms",
    "segment.ms",
    "delete.retention.ms",
    "remote.storage.enable",
    "retention.bytes",
    "local.retention.ms",
    "local.retention.bytes",
)
_LIMITS = ("retention.ms", "retention.bytes")
_WRITTEN = ("retention.ms", "segment.ms", "delete.retention.ms", "local.retention.ms", "local.retention.bytes")
Texts = tuple[str | None, ...]
Problem = tuple[str, str, str]  # the key, what is wrong, what to do


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each written setting that contradicts another effective one."""
    bounds = options.milliseconds("min"), options.milliseconds("max")
    defaults = {key: text for key in _READ if (text := options.default(key)) is not None}
    problems = cache(lambda values: tuple(_problems(values, defaults, bounds)))
    for declared in topology.topics:
        if not declared.dlq:
            for key, said, help in problems(tuple(map(declared.spec.config.get, _READ))):
                yield Note(config_place(declared, key), said, help)


def _problems(values: Texts, defaults: Mapping[str, str], bounds: tuple[int, int]) -> Iterator[Problem]:
    own = {key: text for key, text in zip(_READ, values, strict=True) if text is not None}
    texts = {**defaults, **own}
    policy, kept = policies(texts.get("cleanup.policy")), whole(texts.get("retention.ms"))
    written = {key: whole(own.get(key)) for key in _WRITTEN}
    if policy == {""}:
        yield from _kept_for_ever(own)
        return
    if policy == {"compact"} and written["retention.ms"] is not None and written["retention.ms"] >= 0:
        said = "retention.ms has no effect: the topic is compacted only, nothing is deleted by time"
        yield "retention.ms", said, 'delete it, or use cleanup.policy: "compact,delete"'
    if policy != {"compact"} and kept is not None and kept >= 0:
        yield from _segments(written["segment.ms"], kept)
    if "compact" in policy:
        yield from _tombstones(written["delete.retention.ms"], *bounds)
    if texts.get("remote.storage.enable", "").strip().lower() != "true":
        for unit in ("ms", "bytes"):
            yield from _local(unit, written[f"local.retention.{unit}"], whole(texts.get(f"retention.{unit}")))


def _kept_for_ever(own: Mapping[str, str]) -> Iterator[Problem]:
    limits = [key for key in _LIMITS if (whole(own.get(key)) or 0) > 0]
    effect = f", and {' and '.join(limits)} {'has' if len(limits) == 1 else 'have'} no effect" if limits else ""
    said = f"cleanup.policy is empty: nothing is deleted or compacted, the topic grows for ever{effect}"
    if "cleanup.policy" in own:
        yield (
            "cleanup.policy",
            said,
            'write "delete", "compact" or "compact,delete"; with retention.ms "-1" all is kept',
        )
    elif limits:
        yield limits[0], f"the brokers' {said}", 'state cleanup.policy: "delete"'


def _segments(segment: int | None, kept: int) -> Iterator[Problem]:
    if segment is not None and segment > kept:
        said = f"segment.ms {_shown(segment)} is above retention.ms {_shown(kept)}: records stay longer than that"
        yield "segment.ms", said, f'at most "{kept}": only whole segments are deleted'


def _tombstones(kept: int | None, least: int, most: int) -> Iterator[Problem]:
    if kept is not None and not least <= kept <= most:
        fate = "a slow consumer misses deletions" if kept < least else "tombstones pile up"
        said = f"delete.retention.ms is {_shown(kept)}: {fate}"
        yield "delete.retention.ms", said, f"expected {_shown(least)} to {_shown(most)}"


def _local(unit: str, local: int | None, total: int | None) -> Iterator[Problem]:
    key, total_key = f"local.retention.{unit}", f"retention.{unit}"
    if local is not None and total is not None and total >= 0 and (local == -1 or local > total):
        said = f"{key} {local} is above {total_key} {total}, and has no effect without tiered storage"
        yield key, said, f'delete it, or at most "{total}" with remote.storage.enable'


def _shown(number: int) -> str:
    human = catalog.humanize("retention.ms", str(number))
    return f"{number} ({human})" if human else str(number)

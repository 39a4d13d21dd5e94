"""A topic is to keep its records for a shorter time, or fewer bytes of them.

Within minutes of the apply the broker deletes what is older, also what nobody has read yet, and nothing brings it back.
Effective values count (the topic's own, its plan's, else the environment's `broker_defaults`); where one is unknown the
rule is silent, as it is where the topic is compacted only: there records are not deleted by age or size.

Bad:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "604800000"}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "86400000"}
```

Good:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "86400000"}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "604800000"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import TopicDecl, Topology
from kafka_gitops.rules.change.rule import before_at, effective, pairs, shown
from kafka_gitops.rules.contract import Options, config_place, policies, whole

NAME = "change-retention-shrink"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}


_WHAT = {"retention.ms": "older than {}", "retention.bytes": "beyond {} a partition"}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic whose effective retention by time or size becomes smaller."""
    for was, now in pairs(before, after):
        if was.spec.config == now.spec.config or "delete" not in _policies(now, options):
            continue
        for key, what in _WHAT.items():
            old, new = effective(was, key, options), effective(now, key, options)
            if old is None or new is None or not _shrinks(whole(old), whole(new)):
                continue
            lost = what.format(shown(key, new).partition(" (")[2].rstrip(")") or new)
            yield Note(
                config_place(now, key),
                f"{key} {shown(key, old)} -> {shown(key, new)}: records {lost} are deleted",
                "keep it, or make sure that nobody needs the older records",
                before_at(config_place(was, key)),
                now.name,
            )


def _policies(declared: TopicDecl, options: Options) -> frozenset[str]:
    return policies(effective(declared, "cleanup.policy", options)) or frozenset({"delete"})


def _shrinks(old: int | None, new: int | None) -> bool:
    """Whether a limit gets smaller; a negative one is no limit."""
    return old is not None and new is not None and new >= 0 and (old < 0 or new < old)

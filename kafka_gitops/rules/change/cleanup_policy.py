"""A topic gets another cleanup policy.

From `delete` to `compact`: only the last record of each key is kept, and producers that send no key are refused. From
`compact` to `delete`: old records are deleted by time and size, also the last value of a key. Effective values count;
where one is unknown the rule is silent.

Bad:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {cleanup.policy: delete}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {cleanup.policy: compact}
```

Good:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {cleanup.policy: "compact,delete"}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {cleanup.policy: "delete,compact"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.change.rule import before_at, effective, pairs
from kafka_gitops.rules.contract import Options, config_place, policies

NAME = "change-cleanup-policy"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}


_KEY = "cleanup.policy"


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic whose effective cleanup policy changes; the order of two does not count."""
    for was, now in pairs(before, after):
        if was.spec.config == now.spec.config:
            continue
        old, new = policies(effective(was, _KEY, options)), policies(effective(now, _KEY, options))
        if old and new and old != new:
            yield Note(
                config_place(now, _KEY),
                f"{_KEY} {','.join(sorted(old))} -> {','.join(sorted(new))}: {_cost(old, new)}",
                "keep it, or make a new topic and move its users there",
                before_at(config_place(was, _KEY)),
                now.name,
            )


def _cost(old: frozenset[str], new: frozenset[str]) -> str:
    if "delete" in new and "delete" not in old:
        return "old records are deleted by time and size, the last value of a key too"
    if "compact" in new and "compact" not in old:
        return "only the last record of each key is kept, and records without a key are refused"
    return "records are no longer removed as before"

"""A topic that keeps its records very long, or for ever, without a reason.

Disks fill, brokers take long to recover, and personal data stays. Who needs it says why, in the topic's metadata:
`retention-reason: audit log, OPS-12` (or one of the other keys of `reasons`; case, `-`, `_` and `.` do not count in
the key). The effective `retention.ms` counts, with the environment's `broker_defaults`; where it is unknown, or where
the topic is compacted only, so that its records are not deleted by time, the rule is silent.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "-1"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    metadata: {retention-reason: "audit log, OPS-12"}
    config: {retention.ms: "-1"}
```

Options: `max` (30d), the longest time that is fine without a reason; `reasons` (`retention-reason`,
`retention-justified`, `reason`), the metadata keys that may hold one.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place, label, policies, whole
from kafka_gitops.rules.options import Duration

NAME = "topic-retention"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {
    "max": Duration("30d"),
    "reasons": ("retention-reason", "retention-justified", "reason"),
}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic whose effective retention is above `max`, or unlimited, and that gives no reason."""
    most, reasons = options.milliseconds("max"), options.texts("reasons")
    default, policy = options.default("retention.ms"), options.default("cleanup.policy")
    for declared in topology.topics:
        config = declared.spec.config
        kept = whole(config.get("retention.ms", default))
        if kept is None or 0 <= kept <= most or declared.dlq:
            continue
        if policies(config.get("cleanup.policy", policy)) == {"compact"} or label(declared, reasons) is not None:
            continue
        found = "for ever (-1)" if kept < 0 else f"{kept} ({catalog.humanize('retention.ms', str(kept))})"
        limit = catalog.humanize("retention.ms", str(most)) or f"{most} ms"
        source = "" if "retention.ms" in config else " (the broker's default)"
        yield Note(
            config_place(declared, "retention.ms"),
            f"records are kept {found}{source}, more than {limit}, without a reason",
            f'shorten retention.ms, or say why: metadata: {{{reasons[0] if reasons else "reason"}: "..."}}',
        )

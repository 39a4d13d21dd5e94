"""A topic that keeps its records very long, for ever, or hardly at all, without a reason.

Disks fill, brokers take long to recover, and personal data stays. Who needs it says why, in the topic's metadata:
`retention-reason: audit log, OPS-12` (or one of the other keys of `reasons`; case, `-`, `_` and `.` do not count in
the key). The effective `retention.ms` counts, with the environment's `broker_defaults`; where it is unknown, or where
the `cleanup.policy` has no `delete`, so that records are not deleted by time, the rule is silent.

Less than a minute, or a number that is a day or more in seconds (`604800`), was hardly meant: Kafka counts in
milliseconds, and such records are gone at once. 168 hours are `604800000`. Such a number in seconds is told of
`delete.retention.ms` and `local.retention.ms`, too.

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

Options: `max` (30d), the longest time that is fine without a reason; `min` (1m), the shortest; `reasons`
(`retention-reason`, `retention-justified`, `reason`), the metadata keys that may hold one.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place, label, policies, whole
from kafka_gitops.rules.options import Duration
from kafka_gitops.rules.units import is_in_seconds, meant, seconds

NAME = "topic-retention"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {
    "max": Duration("30d"),
    "min": Duration("1m"),
    "reasons": ("retention-reason", "retention-justified", "reason"),
}

_ALSO = ("delete.retention.ms", "local.retention.ms")  # retentions too: only a number in seconds is told of them


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic whose effective retention is above `max` or below `min`, and that gives no reason."""
    reasons, said = options.texts("reasons"), cache(lambda kept: _said(kept, options))
    default, policy = options.default("retention.ms"), options.default("cleanup.policy")
    odd = seconds(topology, _ALSO)
    for declared in topology.topics:
        config = declared.spec.config
        for key in _ALSO if odd else ():
            also = odd.get((key, config.get(key)))
            if also is not None:
                said_of = f"{key} is {also} ({catalog.humanize(key, str(also))}): it looks like seconds"
                yield Note(config_place(declared, key), said_of, meant(also))
        kept = whole(config.get("retention.ms", default))
        found = said(kept) if kept is not None and not declared.dlq else None
        if kept is None or found is None or not _deletes(config.get("cleanup.policy", policy)):
            continue
        if label(declared, reasons) is not None:
            continue
        source = "" if "retention.ms" in config else " (the broker's default)"
        yield Note(config_place(declared, "retention.ms"), found[0].format(source=source), found[1])


def _deletes(policy: str | None) -> bool:
    """Whether records are deleted by time, also where the policy is not known."""
    return not (members := policies(policy)) or "delete" in members


def _said(kept: int, options: Options) -> tuple[str, str] | None:
    """What is wrong with a retention, and what to do."""
    most, least = options.milliseconds("max"), options.milliseconds("min")
    reasons = options.texts("reasons")
    why = f'say why: metadata: {{{reasons[0] if reasons else "reason"}: "..."}}'
    if 0 <= kept < least or is_in_seconds(kept):
        short = f", less than {_human(least)}: they are deleted almost at once"
        said = f"records are kept {_shown(kept)}{{source}}{short if kept < least else ': it looks like seconds'}"
        probably = meant(kept)
        return said, f"{probably}; if short on purpose, {why}" if probably else f"Kafka counts in milliseconds; {why}"
    if 0 <= kept <= most:
        return None
    found = "for ever (-1)" if kept < 0 else _shown(kept)
    said = f"records are kept {found}{{source}}, more than {_human(most)}, without a reason"
    return said, f"shorten retention.ms, or {why}"


def _shown(kept: int) -> str:
    return f"{kept} ({_human(kept)})"


def _human(number: int) -> str:
    return catalog.humanize("retention.ms", str(number)) or f"{number} ms"

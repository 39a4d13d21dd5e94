"""A hold whose last day has passed.

It has no effect any more: plan, apply and drift treat the entry like any other. The day that is named is the last one
on which it counts (in UTC). Delete the hold, or have it reviewed once more with a new day and a new reason.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "86400000"}
    hold: {until: "2020-12-31", reason: "incident OPS-12"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "86400000"}
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "hold-expired"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}

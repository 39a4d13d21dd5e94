"""A waiver that does not say why.

An exception is reviewed like any other change, and in a year somebody has to decide whether it still holds: both need
the reason. A waiver without one does not count.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "-1"}  # kafka-gitops: allow topic-retention until 2999-01-01
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "-1"}  # kafka-gitops: allow topic-retention until 2999-01-01: audit log, OPS-12
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "waiver-without-reason"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

"""A waiver that names a rule that does not exist.

It allows nothing; whoever wrote it believes that it does.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "-1"}  # kafka-gitops: allow topic-retentoin: audit log, OPS-12
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

NAME = "waiver-unknown-rule"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

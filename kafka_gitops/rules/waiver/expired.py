"""A waiver whose last day has passed.

What it allowed is reported again. An exception with an end is a promise: mend what it was about, or have it reviewed
once more with a new day and a new reason. The day that is named is the last one on which it counts (in UTC).

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "-1"}  # kafka-gitops: allow topic-retention until 2020-12-31: audit log, OPS-12
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

NAME = "waiver-expired"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}

"""A waiver that nothing needs.

The rule finds nothing there, so the exception is only waiting for somebody to do by accident what it allows. A waiver
on a line of its own is about the next entry, with all that stands below it; one behind a value about its line.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "100000"}  # kafka-gitops: allow topic-retention: audit log, OPS-12
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

NAME = "waiver-unused"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}

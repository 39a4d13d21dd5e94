"""A comment for kafka-gitops that is not a waiver, or a waiver of what cannot be waived.

A waiver reads `# kafka-gitops: allow RULE until YYYY-MM-DD: reason`; several rules are separated by commas, the day may
be missing. The rules about waivers cannot be waived, nor those over a change (`change-*`), which are approved with
`lint --accept` or a commit trailer, nor what a platform's policy demands.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "-1"}  # kafka-gitops: disable topic-retention: audit log, OPS-12
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

NAME = "waiver-malformed"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}

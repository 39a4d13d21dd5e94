"""Input that has no effect.

A key that nobody reads, a key that counts by its presence alone, a value that another one replaces. Its writer
expected something of it.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    producers:
    - {principal: User:app, idempotent: true}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    producers:
    - {principal: User:app, idempotence: true}
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "ignored-input"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}

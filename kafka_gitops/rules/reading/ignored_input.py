"""Input that has no effect.

A key that nobody reads, a key that counts by its presence alone, sections for RBAC while rights are ACLs. Its writer
expected something of it.

Bad:

```yaml
context: acme
projects:
- name: pay
  rbac:
  - ResourceOwner:
    - principal: User:app
```

Good:

```yaml
context: acme
projects:
- name: pay
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "ignored-input"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}

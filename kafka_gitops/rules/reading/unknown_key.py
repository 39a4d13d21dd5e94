"""A key, plan or role that does not exist.

A key that the reference refuses, one that is nearly a known one, one that stands in the wrong place, a plan or a custom
role that no file defines. Other keys that nobody reads are `ignored-input`.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - principal: User:app
      groups: app
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - principal: User:app
      group: app
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "unknown-key"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

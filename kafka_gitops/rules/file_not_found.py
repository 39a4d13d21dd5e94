"""A file that is not there.

A schema, connector, SQL, roles or plans file that does not exist, or lies outside the repository.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    plan: gold
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "file-not-found"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

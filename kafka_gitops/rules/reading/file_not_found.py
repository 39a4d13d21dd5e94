"""A file that does not exist.

A roles or plans file that does not exist, or that a topic's plan needs. Schemas and connectors: `artefact-not-found`.

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

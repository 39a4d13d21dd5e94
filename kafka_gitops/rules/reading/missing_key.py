"""A required key that is missing.

`context` of a file, `name` of a project or topic, `principal` of an entry, and so on.

Bad:

```yaml
projects:
- name: pay
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

NAME = "missing-key"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

"""A value of the wrong type.

A list where a mapping is needed, a mapping where text is needed, an operation that the resource does not have: what was
found and what was expected.

Bad:

```yaml
context: acme
projects:
  name: pay
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

NAME = "wrong-type"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

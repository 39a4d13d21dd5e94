"""A second YAML document in a file.

Only the first document of a file is read; what stands after `---` would be lost in silence.

Bad:

```yaml
context: acme
projects: []
---
context: other
projects: []
```

Good:

```yaml
context: acme
projects: []
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "second-document"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

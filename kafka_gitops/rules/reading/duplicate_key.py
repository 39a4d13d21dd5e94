"""The same key twice in a mapping.

Most readers take the last one without a word, so that a setting gets lost where two people edit a file.

Bad:

```yaml
context: acme
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

NAME = "duplicate-key"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

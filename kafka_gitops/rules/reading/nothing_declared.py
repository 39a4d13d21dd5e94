"""A file that declares nothing.

A topology file has projects, a platform, special topics or bindings. One without is nearly always a slip: a wrong file,
a wrong key, or contents that were lost.

Bad:

```yaml
context: acme
```

Good:

```yaml
context: acme
projects: []
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "nothing-declared"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

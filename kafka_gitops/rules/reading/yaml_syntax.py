"""A file that is not YAML.

Nothing of the file can be read until it is mended. A Jinja or Helm template is told apart: render it first. Also
refused: control characters, tags of other languages, aliases without an anchor, and what is too deep or too large.

Bad:

```yaml
context: acme
projects: [
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

NAME = "yaml-syntax"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

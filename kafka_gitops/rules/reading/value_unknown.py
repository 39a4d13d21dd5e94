"""A `${values.NAME}` that kafka-gitops.yaml does not define.

`values` of kafka-gitops.yaml, at the top or in an environment, say what `${values.NAME}` stands for in the values of
topology, plans and roles files. A name that is not among them, a `${values.NAME}` in a key, and one without its `}` are
errors. No other text is replaced; see `placeholder`.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config:
      replication.factor: ${values.replicas}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config:
      replication.factor: "3"
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "value-unknown"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

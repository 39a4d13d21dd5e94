"""A hold that ends later than `max_hold` allows.

What is held is neither repaired nor watched, so it ends by itself: at most so many days from now (14 where `max_hold`
of kafka-gitops.yaml says nothing, and never more than a platform's policy says). A hold can be extended in time, by a
change that a person looks at.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "86400000"}
    hold: {until: "2999-01-01", reason: "incident OPS-12"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "86400000"}
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "hold-too-long"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

"""A number of partitions that is not possible.

Kafka refuses a topic with less than one partition (INVALID_PARTITIONS), and text that is no whole number means nothing.
To leave the number to the broker, leave the key out.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "0"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "1"}
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "topic-partitions-invalid"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

"""A plain value that YAML reads as something else.

YAML 1.1 takes `yes` for true, `0777` for 511, `1_000` for 1000; some readers take `12:30:45` for a number to base 60.
Kafka gets the text of the value that was read. Quotes end the doubt.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: 1_000}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "1000"}
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "unquoted-oddity"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}

"""A hold that does not say until which day, or why.

It would have no effect, and whoever wrote it believes that it has. A hold reads `hold: {until: YYYY-MM-DD, reason:
TEXT}`; of a topic it may also name the `fields` that are left alone, as the file calls them.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "86400000"}
    hold: {until: next week, reason: "incident OPS-12"}
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

NAME = "hold-malformed"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

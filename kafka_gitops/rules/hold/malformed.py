"""A hold that does not say until which day, or why.

It would have no effect, and whoever wrote it believes that it has. A hold reads `hold: {until: YYYY-MM-DD, reason:
TEXT}`; it may also name the `fields` that are left alone, as the file calls them. A name that is no field of that
resource is an error too, and so are `fields` of rights, which have none.

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

"""A right is listed under `removed:`, and an entry of the files still gives it.

`removed:` takes exactly these bindings from the cluster, and the entry makes them again: only one of the two can be
meant. The finding names the entry.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
  consumers:
  - {principal: User:app, group: app}
removed:
- acl: {principals: [User:app], allow: [READ], topics: [acme.pay.orders]}
  because: "left behind by hand"
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
removed:
- acl: {principals: [User:app], allow: [READ], topics: [acme.pay.orders]}
  because: "left behind by hand"
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "acl-still-given"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

"""Something that the language takes and no run makes.

Streams and tables of ksqlDB and role bindings of Confluent's RBAC can stand in a topology file, because JulieOps knows
them. Here nothing is created, changed or deleted for them, and no ACL stands in for a role binding. It is told once
per run for each of the two, at the first place; the other places are beside it. The ACLs that users of ksqlDB need are
managed like all others.

Bad:

```yaml
context: acme
projects:
- name: pay
  rbac:
  - ResourceOwner:
    - principal: User:app
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    producers:
    - principal: User:app
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "not-managed"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}

"""Something that a file may hold and that is never applied.

A topology file may declare streams and tables of ksqlDB and role bindings of Confluent's RBAC, because JulieOps knows
them. Here nothing is created, changed or deleted for them, and a role binding is never replaced by an ACL. There is one
warning per run for each of the two, at the first place, with the other places beside it. The ACLs that users of ksqlDB
need are managed like all others.

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

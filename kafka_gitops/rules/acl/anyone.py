"""A right for everybody.

`User:*` is every principal, those too who come to a PLAINTEXT listener without a login; `User:ANONYMOUS` is those
alone. What they may do, any client that reaches a broker may do. A denial for everybody is a guard rail, and fine.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - {principal: "User:*", group: any-1}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - {principal: User:reporting, group: reporting-1}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, principal_place

NAME = "acl-anyone"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}

_ANYONE = {"User:*": "everybody", "User:ANONYMOUS": "everybody without a login"}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each entry that allows everybody something, with its first binding."""
    for grant in topology.grants:
        if grant.principal in _ANYONE:
            allowed = [acl for acl in grant.acls if acl.permission == "ALLOW"]
            if allowed:
                said = f'{_ANYONE[grant.principal]} gets rights: "{allowed[0]}"'
                more = f", and {len(allowed) - 1} more" if len(allowed) > 1 else ""
                yield Note(principal_place(grant), said + more, "name the principals that need it")

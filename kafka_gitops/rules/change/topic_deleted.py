"""A topic is to be deleted: its records are lost.

A `removed:` statement that is new in this change. The finding says who may still read or write the topic by the rights
in these files; those of other repositories are not known here, and the plan asks the cluster for consumers. With
`release: true` nothing is deleted and nothing is said.

Bad:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
  - name: refunds
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
removed:
- {topic: acme.pay.refunds, because: "nobody uses it, OPS-112"}
```

Good:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
  - name: refunds
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
removed:
- {topic: acme.pay.refunds, release: true, because: "now managed by team risk"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.errors import listed
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options

NAME = "change-topic-deleted"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}


_USES = {"READ": "reads", "WRITE": "writes", "ALL": "uses"}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each new statement that deletes a topic, with those who may still use it."""
    known = {removal.key for removal in before.removed("topic") if not removal.release}
    for removal in after.removed("topic"):
        name = removal.key.name
        if removal.release or removal.key in known:
            continue
        users = _users(after, name)
        still = f"; {listed(users, most=5)} by the rights that are left" if users else ""
        yield Note(
            removal.node.at("topic"),
            f'the topic "{name}" is deleted, its records are lost{still}',
            "take these rights away too" if users else "release: true keeps it on the cluster",
            subject=name,
        )


def _users(after: Topology, topic: str) -> list[str]:
    """`User:a reads`, `User:b writes (connector)`: who may use a topic by the files."""
    found: dict[str, None] = {}
    for acl, grant in after.acls.items():
        if acl.resource_type != "TOPIC" or acl.permission != "ALLOW" or acl.operation not in _USES:
            continue
        if acl.name == topic or (acl.pattern_type == "PREFIXED" and topic.startswith(acl.name)):
            role = f" ({grant.role.replace('_', ' ')})" if grant.role not in ("consumer", "producer", "acl") else ""
            found[f"{acl.principal} {_USES[acl.operation]}{role}"] = None
    return list(found)

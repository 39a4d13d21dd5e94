"""A connector whose principal lacks a right that its topics need.

A sink reads its topics as a member of the group `connect-NAME`, a source writes its topics, dead letters are written by
the sink. The principal is that of an entry of JulieOps' `connectors` role: the one that names the connector under
`connectors`, else the only one of the project. Without such an entry nothing is judged.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
  connectors:
  - principal: User:connect
  - name: orders-source
    config: {connector.class: org.apache.kafka.connect.file.FileStreamSourceConnector, topic: acme.pay.orders}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
  connectors:
  - principal: User:connect
    topics: {write: [acme.pay.orders]}
  - name: orders-source
    config: {connector.class: org.apache.kafka.connect.file.FileStreamSourceConnector, topic: acme.pay.orders}
```
"""

from collections.abc import Iterable, Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.kinds.connector.declared import One, connectors
from kafka_gitops.kinds.connector.topics import is_sink, reach
from kafka_gitops.model import Acl, Grant, Topology
from kafka_gitops.rules.contract import Options

NAME = "connector-rights"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, _options: Options) -> Iterator[Note]:
    """Yield each right that is missing, at the connector."""
    declared = list(connectors(topology))
    rights: dict[str, list[Acl]] = {}
    for acl in topology.acls if declared else ():
        if acl.permission == "ALLOW":
            rights.setdefault(acl.principal, []).append(acl)
    for one in declared:
        who = _principal(one, topology.grants)
        own = rights.get(who or "", [])
        needed = _needed(one) if who is not None else ()
        lacking = [
            f"{operation} on {kind.lower()} {name}"
            for operation, kind, name in needed
            if not any(_gives(acl, operation, kind, name) for acl in own)
        ]
        if lacking:
            said = f"{who}, which runs {one.name}, lacks {' and '.join(lacking)}"
            yield Note(one.at(), said, f"add it to the entry of {who}, or under `acls`")


def _principal(one: One, grants: Iterable[Grant]) -> str | None:
    roles = [grant for grant in grants if grant.role == "connector"]
    for grant in roles:
        listed = grant.node.get("connectors")
        if listed is not None and one.name in [node.text for node in listed.items]:
            return grant.principal
    own = {grant.principal for grant in roles if grant.project == one.project}
    return own.pop() if len(own) == 1 and one.project is not None else None


def _needed(one: One) -> Iterator[tuple[str, str, str]]:
    found = reach(one.spec.config)
    yield from (("READ", "TOPIC", topic) for topic in found.reads if not topic.endswith("*"))
    yield from (("WRITE", "TOPIC", topic) for topic in found.writes if not topic.endswith("*"))
    if is_sink(one.spec.config):
        yield "READ", "GROUP", one.spec.config.get("consumer.override.group.id", f"connect-{one.name}")


def _gives(acl: Acl, operation: str, kind: str, name: str) -> bool:
    if acl.resource_type != kind or acl.operation not in (operation, "ALL"):
        return False
    return name.startswith(acl.name) if acl.pattern_type == "PREFIXED" else acl.name in (name, "*")

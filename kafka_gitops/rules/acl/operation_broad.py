"""An operation (such as ALL) that grants more than intended.

ALL holds for operations that later versions of Kafka bring, too, and for altering and deleting. ALTER on the cluster
lets a principal give itself every other right (it creates ACLs); CLUSTER_ACTION is for brokers.

Bad:

```yaml
context: acme
projects: []
acls:
- principals: [User:pay]
  allow: [ALL]
  topics: ["acme.pay.*"]
```

Good:

```yaml
context: acme
projects: []
acls:
- principals: [User:pay]
  allow: [READ, WRITE, DESCRIBE]
  topics: ["acme.pay.*"]
```

Options: `allowed` (none), the principals that may have them, exact or with a `*` at the end.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.catalog.acls import ALL
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Acl, Grant, Topology
from kafka_gitops.rules.contract import Options, binding_place
from kafka_gitops.rules.explicit import is_explicit, operation_place
from kafka_gitops.settings import matches

NAME = "acl-operation-broad"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {"allowed": ()}

_CLUSTER = {
    "ALTER": "it may give itself every other right",
    "CLUSTER_ACTION": "it may act as a broker",
    ALL: "it may give itself every other right",
}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each entry and operation once."""
    allowed = options.texts("allowed")
    for grant in topology.grants:
        if is_explicit(grant) and not any(matches(pattern, grant.principal) for pattern in allowed):
            for acl in {acl.operation: acl for acl in reversed(grant.acls) if _is_broad(grant, acl)}.values():
                yield _note(grant, acl)


def _is_broad(grant: Grant, acl: Acl) -> bool:
    if acl.permission != "ALLOW":
        return False
    return acl.operation in _CLUSTER if acl.resource_type == "CLUSTER" else acl.operation == ALL and grant.role == "acl"


def _note(grant: Grant, acl: Acl) -> Note:
    place = operation_place(grant, acl) or binding_place(grant, acl)
    said = f'"{acl}"'
    if acl.resource_type == "CLUSTER":
        help = "leave it to the brokers and to those who run them; allow them by the option allowed"
        return Note(place, f"{said}: {_CLUSTER[acl.operation]}", help)
    return Note(place, f"{said}: to alter and to delete, too", "list the operations that it needs")

"""An ACL that the brokers' Kafka version refuses.

ACLs on users (CREATE_TOKENS, DESCRIBE_TOKENS) came with Kafka 3.3, TWO_PHASE_COMMIT with 4.1: an older broker answers
INVALID_REQUEST. The rule looks only where `kafka_version` is declared.

Bad:

```yaml
# kafka_version: "2.8"
context: acme
projects: []
acls:
- principals: [User:gateway]
  allow: [CREATE_TOKENS]
  users: [User:app]
```

Good:

```yaml
# kafka_version: "3.9"
context: acme
projects: []
acls:
- principals: [User:gateway]
  allow: [CREATE_TOKENS]
  users: [User:app]
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.catalog.acls import BASE, since
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import WORDS, Acl, Grant, Topology
from kafka_gitops.rules.contract import Options, binding_place, version
from kafka_gitops.rules.explicit import is_explicit, operation_place

NAME = "acl-version"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}

TAKEN = frozenset(("GROUP",))  # resource types whose later operations older brokers take, and never ask for


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each operation that came later than the declared version and that its brokers refuse, once per entry."""
    for grant, acl, came in later(topology, options.kafka_version):
        if acl.resource_type not in TAKEN:
            what, place = said(acl, options.kafka_version), operation_place(grant, acl) or binding_place(grant, acl)
            yield Note(place, what, f"{came} brought it: delete it, or correct kafka_version")


def later(topology: Topology, declared: str | None) -> Iterator[tuple[Grant, Acl, str]]:
    """Each entry's operations that came after the declared version, with the version that brought them."""
    if declared is None:
        return
    at = version(declared)
    for grant in topology.grants:
        seen = set()
        for acl in grant.acls if is_explicit(grant) else ():
            came = since(acl.resource_type, acl.operation)
            if came is not None and version(came) > at and (acl.resource_type, acl.operation) not in seen:
                seen.add((acl.resource_type, acl.operation))
                yield grant, acl, came


def said(acl: Acl, declared: str | None) -> str:
    """`Kafka 2.8 has no operation CREATE_TOKENS on a user`."""
    if acl.resource_type not in BASE:
        return f"Kafka {declared} has no ACLs on {WORDS[acl.resource_type]}s"
    return f"Kafka {declared} has no operation {acl.operation} on a {WORDS[acl.resource_type]}"

"""IDEMPOTENT_WRITE where it is not needed, or missing where it is.

Since Kafka 2.8 a producer is idempotent by its WRITE on any topic (KIP-679), and IDEMPOTENT_WRITE on the cluster is a
right too many. Brokers before that refuse idempotent producers without it, and the producers of Kafka 3 and newer are
idempotent unless told otherwise. Transactional ones need none of it in any version. `idempotence: true` of a producer
is looked at only where `kafka_version` is declared.

Bad:

```yaml
context: acme
projects: []
acls:
- principals: [User:pay]
  allow: [IDEMPOTENT_WRITE]
  cluster: true
```

Good:

```yaml
context: acme
projects: []
acls:
- principals: [User:pay]
  allow: [WRITE]
  topics: [acme.pay.orders]
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.authorizer import EVERYONE
from kafka_gitops.catalog.acls import ALL
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Acl, Grant, Topology
from kafka_gitops.rules.contract import Options, binding_place, principal_place, version
from kafka_gitops.rules.explicit import is_explicit, operation_place

NAME = "acl-idempotent"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}

_RIGHT = "IDEMPOTENT_WRITE"


def ALONE(options: Options) -> bool:
    """Where the right is needed, any file may give it."""
    return options.kafka_version is None or version(options.kafka_version) >= (2, 8)


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each entry that says IDEMPOTENT_WRITE; before 2.8 each writer without it, once."""
    declared = options.kafka_version
    if declared is not None and not ALONE(options):
        yield from _missing(topology, declared)
        return
    for grant in topology.grants if any(_RIGHT in form for form in topology.forms) else ():
        given = next((acl for acl in grant.acls if acl.operation == _RIGHT and acl.permission == "ALLOW"), None)
        if given is None:
            continue
        if is_explicit(grant):
            place = operation_place(grant, given) or binding_place(grant, given)
        elif declared is not None and (written := grant.node.get("idempotence")) and written.text == "true":
            place = written.key_span
        else:
            continue
        said = f"{grant.principal} needs no IDEMPOTENT_WRITE on Kafka 2.8 and newer: WRITE on a topic is enough"
        yield Note(place, said, 'delete it, or declare the "kafka_version" that needs it')


def _missing(topology: Topology, declared: str) -> Iterator[Note]:
    cluster = [acl for acl in topology.acls if acl.resource_type == "CLUSTER" and acl.permission == "ALLOW"]
    have = {acl.principal for acl in cluster if acl.operation in (_RIGHT, ALL)}
    told = {EVERYONE, *have} if EVERYONE not in have else {grant.principal for grant in topology.grants}
    for grant in topology.grants:
        if grant.principal not in told and any(map(_writes, grant.acls)) and _idempotent(grant):
            told.add(grant.principal)
            said = f"{grant.principal} writes to Kafka {declared} without IDEMPOTENT_WRITE on the cluster"
            help = 'add "idempotence: true" to the producer, or let it set enable.idempotence=false'
            yield Note(principal_place(grant), said, help)


def _writes(acl: Acl) -> bool:
    return acl.resource_type == "TOPIC" and acl.operation in ("WRITE", ALL) and acl.permission == "ALLOW"


def _idempotent(grant: Grant) -> bool:
    """Whether the writer is a plain producer: a transactional one asks for its transactional id instead."""
    transactional = any(acl.resource_type == "TRANSACTIONAL_ID" for acl in grant.acls)
    return not transactional and (grant.role == "producer" or is_explicit(grant))

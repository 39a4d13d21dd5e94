"""An ACL that the brokers' Kafka version accepts and never checks.

DESCRIBE_CONFIGS and ALTER_CONFIGS on groups came with Kafka 4.0: older brokers store such an ACL, and it grants
nothing. The rule looks only where `kafka_version` is declared.

Bad:

```yaml
# kafka_version: "3.9"
context: acme
projects: []
acls:
- principals: [User:admin]
  allow: [ALTER_CONFIGS]
  groups: [billing]
```

Good:

```yaml
# kafka_version: "4.0"
context: acme
projects: []
acls:
- principals: [User:admin]
  allow: [ALTER_CONFIGS]
  groups: [billing]
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.acl.version import TAKEN, later, said
from kafka_gitops.rules.contract import Options, binding_place
from kafka_gitops.rules.explicit import operation_place

NAME = "acl-version-unused"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each operation that came later than the declared version, and that its brokers take, once per entry."""
    for grant, acl, came in later(topology, options.kafka_version):
        if acl.resource_type in TAKEN:
            what, place = said(acl, options.kafka_version), operation_place(grant, acl) or binding_place(grant, acl)
            yield Note(place, f"{what}: it grants nothing", f"{came} brought it: delete it, or correct kafka_version")

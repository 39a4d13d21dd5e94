"""A quota on something that is not an IP address.

`ip` takes one address, or `<default>` for all that have no quota of their own. A host name would be looked up by the
broker and then kept as that name, which the address of a connection never equals; networks are not known. An address
has several spellings and is compared in the usual one: `::1`, not `0:0:0:0:0:0:0:1`.

Bad:

```yaml
context: acme
quotas:
- {ip: app.example.org, connection_creation_rate: 20}
- {ip: 10.0.0.0/8, connection_creation_rate: 20}
```

Good:

```yaml
context: acme
quotas:
- {ip: 10.1.2.3, connection_creation_rate: 20}
- {ip: <default>, connection_creation_rate: 5}
```
"""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options

NAME = "quota-address"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each address that is none."""
    for declared in topology.declared:
        node = declared.node.map.get("ip") if declared.key.kind == "quota" else None
        if node is None or node.text == "<default>":
            continue
        try:
            known = "%" not in str(ip_address(node.text))
        except ValueError:
            known = False
        if not known:
            what = "a network" if "/" in node.text else "no IP address"
            help = "write an item for each address, or limit its users" if "/" in node.text else "write the address"
            yield Note(node.span, f'"{node.text}" is {what}: a quota is of one address', help)

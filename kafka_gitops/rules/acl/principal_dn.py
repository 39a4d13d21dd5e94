"""A certificate's name that is not written as Kafka sees it.

Without mapping rules (`ssl.principal.mapping.rules`) the principal of a client certificate is its subject as RFC 2253
has it (`X500Principal.getName`): the most specific part first, no blank after a comma or around `=`, types in upper
case. openssl prints it otherwise: `C = DE, O = Acme, CN = svc` or `/C=DE/O=Acme/CN=svc`. Principals are compared as
text, so such a right reaches nobody. The order alone can be right, where a certificate was made the other way round. A
part that is only `*` stands for no name either (`CN=*.kafka.example.com` is a real one, of a wildcard certificate).

Bad:

```yaml
context: acme
projects:
- name: pay
  producers:
  - principal: "User:C=DE, O=Acme, CN=svc"
  topics:
  - name: orders
```

Good:

```yaml
context: acme
projects:
- name: pay
  producers:
  - principal: "User:CN=svc,O=Acme,C=DE"
  topics:
  - name: orders
```
"""

import re
from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.acl.names_of_certificates import Reading, read
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.names import Said, of_access, of_grants
from kafka_gitops.rules.placeholders import placeholder

NAME = "acl-principal-dn"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}


_SUSPECT = re.compile("=")


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each principal that is a distinguished name in another form than Kafka's."""
    yield from of_access(topology, _said)
    yield from of_grants(topology, _said, _SUSPECT)


def _said(what: str, name: str) -> Said | None:
    kind, _, rest = name.partition(":")
    if what not in ("principal", "user") or "=" not in rest or placeholder(name) is not None:
        return None
    reading = read(rest)
    if reading is None:
        return None
    why = _why(reading)
    if why is not None:
        return f'the principal "{name}" {why}', f'write "{kind}:{reading.normal}"'
    if any(value == "*" for _, value in reading.parts) and not name.endswith("*"):
        return f'the principal "{name}" matches nobody: Kafka takes its * literally', "name each principal"
    return None


def _why(reading: Reading) -> str | None:
    if reading.slashes:
        return "is a subject as openssl prints it, and Kafka's is another text"
    if reading.blanks:
        return "has blanks around its commas or equals signs, as openssl prints them; Kafka's has none"
    if reading.backwards:
        return "begins with the least specific part, as openssl prints it; Kafka's order is the other way round"
    if any(kind.upper() != kind and kind.isalpha() and len(kind) <= 3 for kind, _ in reading.parts):
        return "has a type in lower case; Kafka's are in upper case"
    return None

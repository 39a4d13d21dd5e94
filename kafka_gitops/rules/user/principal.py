"""A user named as a principal.

A user logs in by its bare name, and is the principal `User:NAME` then. `User:app` is taken as `app` here.

Bad:

```yaml
context: acme
users:
- {name: "User:app", mechanism: SCRAM-SHA-512, password: "${APP_PASSWORD}"}
```

Good:

```yaml
context: acme
users:
- {name: app, mechanism: SCRAM-SHA-512, password: "${APP_PASSWORD}"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options

NAME = "user-principal"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each user whose name is written as a principal."""
    for declared in topology.declared:
        if declared.key.kind == "user" and declared.node.map["name"].text.startswith("User:"):
            said = f"a user logs in by its bare name: it is taken as {declared.key.name}"
            yield Note(declared.node.at("name"), said, f"write {declared.key.name}")

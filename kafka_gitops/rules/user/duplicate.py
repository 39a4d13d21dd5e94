"""A user declared twice.

Over all files a user may be declared once; of two declarations nobody could tell which credentials count. Several
mechanisms of one user stand in one item, under `mechanisms`.

Bad:

```yaml
context: acme
users:
- {name: app, mechanism: SCRAM-SHA-256, password: "${APP_OLD}"}
- {name: app, mechanism: SCRAM-SHA-512, password: "${APP_NEW}"}
projects:
- name: pay
  topics:
  - name: orders
    producers: [{principal: User:app}]
```

Good:

```yaml
context: acme
users:
- name: app
  mechanisms:
    SCRAM-SHA-256: {password: "${APP_OLD}"}
    SCRAM-SHA-512: {password: "${APP_NEW}"}
projects:
- name: pay
  topics:
  - name: orders
    producers: [{principal: User:app}]
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Declared, Key, Topology
from kafka_gitops.rules.contract import Options

NAME = "user-duplicate"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield every declaration after the first, with the place of the first."""
    firsts: dict[Key, Declared] = {}
    for declared in sorted(topology.declared, key=lambda one: one.node.head):
        first = firsts.setdefault(declared.key, declared)
        if declared.key.kind == "user" and first is not declared:
            place = first.node.at("name")
            said = f"the {declared.key} is declared twice, first at {place}"
            yield Note(declared.node.at("name"), said, "write one item with mechanisms", ((place, "first here"),))

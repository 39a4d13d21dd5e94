"""A user without any right.

Nothing in the files gives `User:NAME` a right, so whoever logs in as it can do nothing, unless its rights come from
elsewhere: it is a super user, or another repository grants them. `except` names those.

Bad:

```yaml
context: acme
users:
- {name: app, mechanism: SCRAM-SHA-512, password: "${APP_PASSWORD}"}
projects:
- name: pay
  topics:
  - name: orders
    producers: [{principal: User:apps}]
```

Good:

```yaml
context: acme
users:
- {name: app, mechanism: SCRAM-SHA-512, password: "${APP_PASSWORD}"}
projects:
- name: pay
  topics:
  - name: orders
    producers: [{principal: User:app}]
```

Options: `except` (none), names of users whose rights are not in these files.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options

NAME = "user-unused"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {"except": ()}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each user that no entry gives a right."""
    granted = {grant.principal for grant in topology.grants}
    for declared in topology.declared:
        name = declared.key.name
        if declared.key.kind == "user" and f"User:{name}" not in granted and name not in options.texts("except"):
            said = f"nothing gives User:{name} a right"
            yield Note(declared.node.at("name"), said, "grant it something, or delete the user")

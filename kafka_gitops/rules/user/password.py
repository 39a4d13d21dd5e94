"""A password in a file.

`password` is the name of a variable, and nothing else: what is in git is read by everybody who ever clones it. The
variable is read when a plan is applied and a password is to be written, never by lint or plan. A password that was
committed is no longer one: choose another, and write it with `rotate`.

No message, report or plan ever repeats what stands there.

Bad:

```yaml
context: acme
users:
- {name: app, mechanism: SCRAM-SHA-512, password: "in-plain-sight"}
```

Good:

```yaml
context: acme
users:
- {name: app, mechanism: SCRAM-SHA-512, password: "${APP_PASSWORD}"}
```
"""

import re
from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.text.source import Node

NAME = "user-password"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}
_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each password that is no variable's name; the text itself is never shown."""
    for declared in topology.declared:
        if declared.key.kind == "user":
            for node in _passwords(declared.node):
                if node.raw is not None and not node.is_null and not _VARIABLE.fullmatch(node.raw):
                    name = re.sub(r"[^A-Za-z0-9]", "_", declared.key.name).upper()
                    said = "this is no name of a variable, and a password must never stand in a file"
                    yield Note(node.span, said, f'write password: "${{{name}_PASSWORD}}", and choose a new password')


def _passwords(user: Node) -> Iterator[Node]:
    many = user.map.get("mechanisms")
    for holder in (user, *many.map.values()) if many is not None else (user,):
        if "password" in holder.map:
            yield holder.map["password"]

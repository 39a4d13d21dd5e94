"""A password in a file.

`password` is the name of a variable, and nothing else: what is in git is read by everybody who ever clones it. The
variable is read when a plan is applied and a password is to be written, never by lint or plan. A password that was
committed is no longer one: choose another, and write it with `rotate`.

No message, report or plan ever repeats what stands there. A variable that a pipeline sets by itself, such as a commit's
name, is no secret either.

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
ALONE = True
OPTIONS: Mapping[str, object] = {}
_PUBLIC = re.compile(
    r"(?:GITHUB|BITBUCKET|RUNNER)_.*|CI|CI_(?:COMMIT|MERGE|PIPELINE|PROJECT|JOB|SERVER|RUNNER|BUILD)_.*|CHANGE_ID|"
    r"(?:BUILD|JOB|GIT)_(?:NUMBER|ID|URL|TAG|NAME|COMMIT|BRANCH)|HOME|HOSTNAME|LANG|LOGNAME|PATH|PWD|SHELL|TERM|USER"
)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each password that is no variable's name; the text itself is never shown."""
    for declared in topology.declared:
        for node in _passwords(declared.node) if declared.key.kind == "user" else ():
            if node.raw is None or node.is_null:
                continue
            name = re.sub(r"[^A-Za-z0-9]", "_", declared.key.name).upper()
            found = _VARIABLE.fullmatch(node.raw)
            if found is None:
                said = "this is no name of a variable, and a password must never stand in a file"
                yield Note(node.span, said, f'write password: "${{{name}_PASSWORD}}", and choose a new password')
            elif _PUBLIC.fullmatch(found[1]):
                said = f"{found[1]} is set by the system or the pipeline, and no secret"
                yield Note(node.span, said, f'use a variable of its own: password: "${{{name}_PASSWORD}}"')


def _passwords(user: Node) -> Iterator[Node]:
    many = user.map.get("mechanisms")
    for holder in (user, *many.map.values()) if many is not None else (user,):
        if "password" in holder.map:
            yield holder.map["password"]

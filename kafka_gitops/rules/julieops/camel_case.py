"""JulieOps' CamelCaseNameFormatValidation: a name that is not written in camel case.

The context, each project's name and the short name of each topic of a project must be `([a-z]+[A-Z]+\\w+)+` as a whole.
JulieOps reports the first that is not, here it is all. Off unless `topology.validations` of a client file names it, or
`rules:` switches it on.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
```

Good:

```yaml
context: acmeCorp
projects:
- name: payTeam
  topics:
  - name: newOrders
```
"""

import re
from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.julieops.validators import topics
from kafka_gitops.text.source import Node

NAME = "julieops-camel-case"
SEVERITY = Severity.off
ALONE = True
OPTIONS: Mapping[str, object] = {}


_CAMEL = re.compile(
    r"[a-z]+[A-Z]+\w+", re.ASCII
)  # matches the same as the reference's repeated group, in no more than linear time


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each context, project and topic of a project whose name is not in camel case."""
    for source in topology.sources.values():
        if source.root is None:
            continue
        yield from _wrong("context", source.root.get("context"))
        projects = source.root.get("projects")
        for project in projects.items if projects is not None else ():
            yield from _wrong("project", project.get("name"))
    for declared in topics(topology):
        yield from _wrong("topic", declared.node.get("name"))


def _wrong(what: str, name: Node | None) -> Iterator[Note]:
    if name is not None and name.raw is not None and not _CAMEL.fullmatch(name.text):
        yield Note(name.span, f'the name of the {what} "{name.text}" is not in camel case', "write it like newOrders")

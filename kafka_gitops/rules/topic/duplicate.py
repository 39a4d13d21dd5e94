"""One topic declared twice.

Over all files and contexts a full name may be declared once; of two declarations nobody could tell which settings
count. A generated dead letter topic counts as declared.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
  - name: orders
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
  - name: refunds
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, name_place

NAME = "topic-duplicate"
SEVERITY = Severity.error
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield every declaration after the first, with the place of the first."""
    if len(topology.specs) == len(topology.topics):
        return
    for name, (first, *others) in topology.by_name():
        for declared in others:
            place = name_place(first)
            what = "the dead letter topic" if declared.dlq else "the topic"
            yield Note(
                name_place(declared),
                f'{what} "{name}" is declared twice, first at {place}',
                "keep one of them",
                ((place, "first here"),),
            )

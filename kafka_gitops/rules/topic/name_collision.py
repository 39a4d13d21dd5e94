"""Two topic names that differ only by `.` and `_`.

Kafka makes metric names of topic names and writes `_` for `.`: `a.b` and `a_b` would share their metrics, so the
broker refuses the second one (`Topic.hasCollision`). Using both characters in one name is fine.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders.new
  - name: orders_new
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders.new
  - name: orders_old
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import TopicDecl, Topology
from kafka_gitops.rules.contract import Options, name_place

NAME = "topic-name-collision"
SEVERITY = Severity.error
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield the later one of two colliding names, with the place of the first."""
    if len({name.replace(".", "_") for name in topology.specs}) == len(topology.specs):
        return
    first: dict[str, TopicDecl] = {}
    for name, (declared, *_) in topology.by_name():
        other = first.setdefault(name.replace(".", "_"), declared)
        if other is not declared:
            place = name_place(other)
            yield Note(
                name_place(declared),
                f'"{name}" collides with "{other.name}" ({place}): Kafka takes only one of them',
                'they differ only by "." and "_"; rename one',
                ((place, "the other name"),),
            )

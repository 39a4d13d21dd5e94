"""A new `release:` that lets go of nothing.

`removed: [{release: ...}]` lets go of what the files declared before the change and no longer do. A name that nothing
had, a slip of the pen, lets go of nothing: then what leaves the files is judged as if the statement was not there, and
with `prune` it is taken from the cluster.

Bad:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
- name: ship
  topics:
  - name: parcels
# after
context: acme
projects:
- name: ship
  topics:
  - name: parcels
removed:
- {release: {project: pya}, because: "now in the repository of payments"}
```

Good:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
- name: ship
  topics:
  - name: parcels
# after
context: acme
projects:
- name: ship
  topics:
  - name: parcels
removed:
- {release: {project: pay}, because: "now in the repository of payments"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.kinds import released
from kafka_gitops.model import Declared, Grant, TopicDecl, Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.shape.found import near

NAME = "change-nothing-released"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each statement that is new and has nothing of what the files declared before."""
    for release in released.let_go(before, after).idle:
        meant = near(release.project, _projects(before)) if release.project is not None else None
        yield Note(
            release.node.at("release"),
            f"this lets go of nothing: the files before the change declare nothing of {release.says}",
            f'did you mean "{meant}"?' if meant else "compare it with what leaves the files",
        )


def _projects(topology: Topology) -> list[str]:
    every: list[TopicDecl | Grant | Declared] = [*topology.topics, *topology.grants, *topology.declared]
    return [*dict.fromkeys(one.project for one in every if one.project is not None)]

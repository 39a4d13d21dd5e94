"""A placeholder in a group, a transactional id, or a config that Kafka takes.

Only `${values.NAME}` is replaced in topology files: the group is called `app-%ENV%` to the letter. Such a name is
legal, so this only warns; see `placeholder` for what is looked for, and what to do instead.

Bad:

```yaml
context: acme
projects:
- name: pay
  consumers:
  - principal: "User:billing"
    group: "app-%ENV%"
  topics:
  - name: orders
```

Good:

```yaml
context: acme
projects:
- name: pay
  consumers:
  - principal: "User:billing"
    group: "app-dev"
  topics:
  - name: orders
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.names import of_access, of_grants
from kafka_gitops.rules.placeholders import BEGINS
from kafka_gitops.rules.topology.placeholder import STRICT, configs, said

NAME = "placeholder-text"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each name of a group, transactional id or token, and each config that Kafka takes, with a placeholder."""
    judge = lambda what, name: said(what, name) if what not in STRICT else None  # noqa: E731
    yield from of_access(topology, judge)
    yield from of_grants(topology, judge, BEGINS)
    yield from configs(topology, options, refused=False)

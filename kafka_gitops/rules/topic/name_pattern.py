"""A topic name that does not match the pattern of its environment or team.

The pattern is a regular expression (Python's) that the whole name must match: the full name, as Kafka has it, or with
`short` the name as it is written, without context and project. Give each path its own pattern with `overrides`. The
rule is off until it is configured.

Bad:

```yaml
# options: {pattern: "[a-z.-]+"}
context: acme
projects:
- name: pay
  topics:
  - name: NewOrders
```

Good:

```yaml
# options: {pattern: "[a-z.-]+"}
context: acme
projects:
- name: pay
  topics:
  - name: new-orders
```

Options: `pattern` (none), what a name must match; `short` (false), judge the name as written; `allow` (none), full
names that need not match, `*` at the end matches the rest.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, name_place
from kafka_gitops.rules.options import Pattern
from kafka_gitops.settings import matches

NAME = "topic-name-pattern"
SEVERITY = Severity.off
ALONE = True
OPTIONS: Mapping[str, object] = {"pattern": Pattern(""), "short": False, "allow": ()}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each declared name that does not match `pattern`."""
    pattern, allowed, short = options.bounded("pattern"), options.texts("allow"), options.flag("short")
    if pattern is None:
        return
    for declared in topology.topics:
        if declared.dlq or any(matches(one, declared.name) for one in allowed):
            continue
        written = declared.node.get("name") if short else None
        name = written.text if written is not None else declared.name
        if not pattern.fullmatch(name):
            said = f'the topic name "{name}" does not match {pattern.pattern}'
            yield Note(name_place(declared), said, "rename it while it is new: Kafka cannot rename a topic")

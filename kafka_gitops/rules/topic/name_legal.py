"""A topic name that Kafka refuses.

Kafka takes names of 1 to 249 characters out of `a-z`, `A-Z`, `0-9`, `.`, `_` and `-`, and neither `.` nor `..`
(`org.apache.kafka.common.internals.Topic`). The full name counts, with context, project and separators.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: new orders
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: new-orders
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.catalog.names import ILLEGAL, MOST, is_topic
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, name_place
from kafka_gitops.rules.placeholders import placeholder

NAME = "topic-name-legal"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each declared name, and each to be removed, that no topic can have."""
    for declared in topology.topics:
        found = illegal(declared.name)
        if found is not None and placeholder(declared.name) is None:
            yield Note(name_place(declared), *found)
    for removal in topology.removed("topic"):
        found = illegal(removal.key.name)
        if found is not None and placeholder(removal.key.name) is None:
            yield Note(removal.node.at("topic"), *found)


def illegal(name: str) -> tuple[str, str] | None:
    """Why no topic can have this name, and what to do; None where one can."""
    return None if is_topic(name) else _said(name)


def _said(name: str) -> tuple[str, str]:
    bad = ILLEGAL.search(name)
    if bad:
        found = "a blank" if bad.group() == " " else f'"{bad.group()}"'
        return f'no topic can be called "{name}": {found} is not allowed', 'use letters, digits, ".", "_" and "-"'
    if len(name) > MOST:
        shown = f"{name[:40]}...{name[-20:]}"
        return f'no topic can be called "{shown}": {len(name)} characters, at most {MOST}', "shorten it"
    return f'no topic can be called "{name}"', 'Kafka reserves "." and ".." and refuses an empty name'

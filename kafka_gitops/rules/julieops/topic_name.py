"""JulieOps' TopicNameRegexValidation: a topic whose short name does not match a regular expression.

The name as it is written, without context and project, must match as a whole. Off unless `topology.validations` of a
client file names the validator, with `validations.topic.name.regexp`, or `rules:` switches it on. For full names there
is `topic-name-pattern`.

Bad:

```yaml
# options: {regexp: "[a-z]+"}
context: acme
projects:
- name: pay
  topics:
  - name: newOrders
```

Good:

```yaml
# options: {regexp: "[a-z]+"}
context: acme
projects:
- name: pay
  topics:
  - name: orders
```

Options: `regexp` (none), what the short name must match.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, name_place
from kafka_gitops.rules.julieops.validators import topics
from kafka_gitops.rules.options import Pattern

NAME = "julieops-topic-name"
SEVERITY = Severity.off
ALONE = True
OPTIONS: Mapping[str, object] = {"regexp": Pattern()}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic of a project whose short name does not match."""
    pattern = options.bounded("regexp")
    for declared in topics(topology) if pattern is not None else ():
        node = declared.node.get("name")
        if pattern is not None and node is not None and not pattern.fullmatch(node.text):
            yield Note(name_place(declared), f'"{node.text}" does not match "{pattern.pattern}"', "correct the name")

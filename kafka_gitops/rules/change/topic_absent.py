"""A topic is no longer declared, and the files do not say what to do with it.

Absence is not deletion: the topic stays on the cluster, in nobody's care, with its records, its rights and its costs.
Say under `removed:` that it is to be deleted, or with `release: true` that it stays and is no longer managed here, or
let go of its whole project (`{release: {project: pay}}`). The finding stands at what is left of its project, the place
where it was is named beside. While a file cannot be read the rule is silent: what that file declares is not gone.

Bad:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
  - name: refunds
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
```

Good:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
  - name: refunds
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
removed:
- {topic: acme.pay.refunds, because: "nobody uses it, OPS-112"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.kinds import released
from kafka_gitops.model import Topology
from kafka_gitops.rules.change.rule import before_at, gone, placer
from kafka_gitops.rules.contract import Options, name_place

NAME = "change-topic-absent"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic that is gone from the files without a `removed:` statement."""
    place = placer(after)
    said = {removal.key.name for removal in after.removed("topic")} | released.let_go(before, after).topics.keys()
    for was in gone(before, after):
        if was.name not in said:
            yield Note(
                place(was),
                f'the topic "{was.name}" is no longer declared, and no `removed:` says what to do with it',
                f'write at the top level: removed: [{{topic: {was.name}, because: "..."}}], with release: true where'
                " the topic is to stay",
                before_at(name_place(was)),
                was.name,
            )

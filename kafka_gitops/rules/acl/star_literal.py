"""A `*` that Kafka takes literally, in a group or another name where every text is legal.

Only `*` alone (all) and `*` at the end (a prefix) are special. `*-billing` and `app-*-billing` are the names of one
group that is hardly called so. What is written as `{literal: "app-*"}` is meant, such as a binding that is on a
cluster already.

Bad:

```yaml
context: acme
projects:
- name: pay
  consumers:
  - principal: User:billing
    group: "*-billing"
  topics:
  - name: orders
```

Good:

```yaml
context: acme
projects:
- name: pay
  consumers:
  - principal: User:billing
    group: "billing-*"
  topics:
  - name: orders
```
"""

import re
from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, is_literal
from kafka_gitops.rules.names import Said, of_grants

NAME = "acl-star-literal"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}


_SUSPECT = re.compile(r"\*")


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each group, transactional id or token with a `*` that is neither all of it nor its end."""
    yield from of_grants(topology, _said, _SUSPECT, is_literal)


def _said(what: str, name: str) -> Said | None:
    if what in ("principal", "topic", "user") or "*" not in name or name == "*":
        return None
    said = f'the * in the {what} "{name}" is taken literally: only "*" alone and at the end is special'
    return said, f"name each {what}, or a prefix"

"""A topic name outside the prefixes of those who own the file.

Says which names a directory may declare, so that a team cannot take the names of another one by accident. The full
name counts. A prefix ends at a separator: `acme.pay` covers `acme.pay` and `acme.pay.orders`, not `acme.payroll`; one
that ends in a separator or `*` is taken as it is. Of several globs that match a file the last one counts; a file that
none matches is not judged. The rule is off until it is configured.

Bad:

```yaml
# options: {prefixes: {"**": [acme.ship]}}
context: acme
projects:
- name: pay
  topics:
  - name: orders
```

Good:

```yaml
# options: {prefixes: {"**": [acme.pay]}}
context: acme
projects:
- name: pay
  topics:
  - name: orders
```

Options: `prefixes` (none), a mapping of path globs to prefixes.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, name_place
from kafka_gitops.settings import globs, plain_path

NAME = "topic-outside-prefix"
SEVERITY = Severity.off
ALONE = True
OPTIONS: Mapping[str, object] = {"prefixes": {}}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic whose name begins with none of the prefixes of its file."""
    owners = [(globs([path]), prefixes) for path, prefixes in options.mapping("prefixes").items()]
    allowed = cache(
        lambda path: next((own for covers, own in reversed(owners) if covers.fullmatch(plain_path(path))), None)
    )
    for declared in topology.topics:
        prefixes = allowed(declared.node.path)
        if prefixes is None or declared.dlq or any(_covers(prefix, declared.name) for prefix in prefixes):
            continue
        yield Note(
            name_place(declared),
            f'topic "{declared.name}" is outside the prefixes of this file: {", ".join(prefixes)}',
            "rename it, or move it to a file of those who own the name",
        )


def _covers(prefix: str, name: str) -> bool:
    start = prefix.removesuffix("*")
    if not name.startswith(start):
        return False
    return start != prefix or name == start or not start or start[-1] in "._-" or name[len(start)] in "._-"

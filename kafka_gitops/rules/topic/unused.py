"""A topic that nobody produces to or consumes from in any file.

It may be a leftover, or its users' rights may be missing. Any right to read or write it counts: a literal grant, a
prefix or `*` that covers it. Grants from other repositories are normal, so the rule is off until it is configured.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - principal: User:app
      group: app
```

Options: `allow` (none), names that are fine; `*` at the end matches the rest.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, name_place
from kafka_gitops.settings import matches

NAME = "topic-unused"
SEVERITY = Severity.off
ALONE = False
OPTIONS: Mapping[str, object] = {"allow": ()}

_USES = frozenset({"READ", "WRITE", "ALL"})
_OWN_TOPICS = ("streams", "ksql", "ksql_server")  # have ALL on the topics that they make for themselves


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic on which no file allows anybody to read or write."""
    allowed = options.texts("allow")
    names, prefixes = _used(topology)
    lengths = sorted(set(map(len, prefixes)))
    for declared in topology.topics:
        name = declared.name
        if declared.dlq or name in names or any(name[:length] in prefixes for length in lengths):
            continue
        if not any(matches(one, name) for one in allowed):
            said = f'nobody produces to or consumes from "{name}" in any file'
            yield Note(name_place(declared), said, "add its consumers and producers, or remove the topic")


def _used(topology: Topology) -> tuple[set[str], set[str]]:
    names: set[str] = set()
    prefixes: set[str] = set()
    for acl, grant in topology.acls.items():
        if acl.operation == "ALL" and grant.role in _OWN_TOPICS:
            continue
        if acl.resource_type == "TOPIC" and acl.permission == "ALLOW" and acl.operation in _USES:
            wide = acl.pattern_type == "PREFIXED" or acl.name == "*"
            (prefixes if wide else names).add("" if acl.name == "*" else acl.name)
    return names, prefixes

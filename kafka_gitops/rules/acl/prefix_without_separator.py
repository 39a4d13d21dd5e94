"""A prefix that does not end where a name ends.

Prefix `foo` covers `foo.bar`, and `foobar` too, whoever makes that one day. A prefix should end with a separator.
Looked at are the prefixes that people choose: explicit bindings, groups and transactional ids with a `*`, custom roles,
and the project prefix where a custom project format leaves the separator out. Application ids of Kafka Streams are not:
their groups and topics begin with the very id.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - principal: User:app
      group: app*
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
      group: app-*
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import WORDS, Acl, Grant, Topology
from kafka_gitops.rules.contract import Options, binding_place
from kafka_gitops.rules.topic.name_legal import illegal

NAME = "acl-prefix-without-separator"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {}

_PLATFORM = frozenset(("ksql_server", "control_center", "schema_registry", "connector"))


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each prefix that ends with a letter or digit, a project's own prefix once."""
    projects = set()
    for grant in topology.grants:
        if grant.role in _PLATFORM:
            continue
        for kind, acl in {
            (acl.resource_type, acl.name): acl for acl in grant.acls if acl.pattern_type == "PREFIXED" and _open(acl)
        }.items():
            if not _written(grant, acl):
                if (grant.project, acl.name) in projects or "applicationId" in grant.node.map:
                    continue
                projects.add((grant.project, acl.name))
            yield _note(grant, acl, WORDS.get(kind[0], kind[0].lower()))


def _open(acl: Acl) -> bool:
    """Whether a prefix goes on; what is no prefix of any name, or holds a `*`, is told by rules of its own."""
    if acl.permission != "ALLOW" or not acl.name[-1:].isalnum():
        return False
    return "*" not in acl.name and (acl.resource_type != "TOPIC" or illegal(acl.name) is None)


def _written(grant: Grant, acl: Acl) -> bool:
    """Whether the entry itself names the prefix; else it is the project's."""
    return grant.role not in ("consumer", "producer", "streams", "ksql") or (
        grant.role in ("consumer", "producer") and acl.resource_type != "TOPIC"
    )


def _note(grant: Grant, acl: Acl, what: str) -> Note:
    if _written(grant, acl):
        said = f'the {what} prefix "{acl.name}" also covers names such as "{acl.name}x"'
        return Note(binding_place(grant, acl), said, f'end it with a separator: "{acl.name}.*" or "{acl.name}-*"')
    said = f'the project prefix "{acl.name}" has no separator at its end: it also covers names such as "{acl.name}x"'
    help = "end naming.project with the separator"
    return Note(binding_place(grant, acl), said, help)

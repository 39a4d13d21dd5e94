"""A right on every resource.

A binding on the resource `*` holds for what there is and for all that will ever be made, whoever owns it. To describe
everything is what monitoring needs; to read, write or delete everything should be nobody's. Looked at are explicit
bindings and custom roles; a consumer's `group` is the business of acl-group-wildcard.

Bad:

```yaml
context: acme
projects: []
acls:
- principals: [User:backup]
  allow: [READ]
  topics: ["*"]
```

Good:

```yaml
context: acme
projects: []
acls:
- principals: [User:backup]
  allow: [READ]
  topics: ["acme.*"]
- principals: [User:monitoring]
  allow: [DESCRIBE]
  topics: ["*"]
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import WORDS, Acl, Topology
from kafka_gitops.rules.contract import Options, binding_place
from kafka_gitops.rules.explicit import is_explicit

NAME = "acl-wildcard-resource"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}

_HARMLESS = frozenset(("DESCRIBE", "DESCRIBE_CONFIGS", "DESCRIBE_TOKENS"))


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each explicit entry with a right on all resources of a type, once per type."""
    for grant in topology.grants:
        if is_explicit(grant):
            found: dict[str, list[Acl]] = {}
            for acl in filter(_is_wide, grant.acls):
                found.setdefault(acl.resource_type, []).append(acl)
            for kind, acls in found.items():
                rights = ", ".join(dict.fromkeys(acl.operation for acl in acls))
                said = f"{grant.principal} gets {rights} on every {WORDS[kind]}"
                yield Note(binding_place(grant, acls[0]), said, 'name them, or write a prefix such as "acme.pay.*"')


def _is_wide(acl: Acl) -> bool:
    wildcard = acl.pattern_type == "LITERAL" and acl.name == "*"
    return wildcard and acl.permission == "ALLOW" and acl.operation not in _HARMLESS

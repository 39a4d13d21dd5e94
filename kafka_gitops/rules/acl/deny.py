"""A denial that does nothing, or too much.

Kafka denies what nobody allows, and a DENY wins over every ALLOW. So a DENY is good for one thing: an exception from a
wider right. One that no right meets does nothing; one that covers all of an entry's right breaks the application that
the entry is for. What other repositories allow is unknown here: a denial that guards against it is let through where an
`access:` test says `cannot` for the same principal and operation.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - {principal: User:audit, group: audit-1}
acls:
- principals: [User:audit]
  deny: [READ]
  topics: ["acme.*"]
```

Good:

```yaml
context: acme
projects: []
acls:
- principals: [User:audit]
  allow: [READ]
  topics: ["acme.*"]
- principals: [User:audit]
  deny: [READ]
  topics: [acme.pay.salaries]
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.authorizer import Authorizer, encloses, includes
from kafka_gitops.catalog.acls import ALL
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Acl, Grant, Topology
from kafka_gitops.rules.contract import Options, binding_place, principal_place
from kafka_gitops.rules.explicit import is_explicit, line

NAME = "acl-deny"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {}

_UNUSED = frozenset(("ALTER", "ALTER_CONFIGS", "DESCRIBE_CONFIGS"))  # what ALL holds and no application calls


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each resource on which an entry denies nothing, and each denial of all that another entry gives."""
    if all("DENY" not in form for form in topology.forms):
        return
    denying = [grant for grant in topology.grants if any(acl.permission == "DENY" for acl in grant.acls)]
    index = Authorizer(acl for acl in topology.acls if acl.permission == "ALLOW")
    guards = {(one.principal, right) for one in topology.access if not one.wanted for right in (one.operation, ALL)}
    for grant in denying:
        resources: dict[tuple[str, str, str], list[Acl]] = {}
        for acl in grant.acls:
            resources.setdefault((acl.resource_type, acl.pattern_type, acl.name), []).append(acl)
        for acls in resources.values():
            guarding = any((acl.principal, acl.operation) in guards for acl in acls)
            yield from _notes(topology, index, grant, acls, guarding=guarding)


def _notes(
    topology: Topology, index: Authorizer, grant: Grant, denials: list[Acl], *, guarding: bool
) -> Iterator[Note]:
    met = guarding
    for denial in denials:
        for right in index.touching(denial):
            if not (includes(right, denial.operation) or denial.operation == ALL):
                continue
            met = True
            if encloses(denial, right) and _takes_all(denial, right, topology.acls[right]):
                yield _breaks(grant, denial, topology.acls[right], right)
                return
    if not met:
        said = f'"{denials[0]}" denies nothing: no entry allows it, and Kafka denies what nobody allows'
        yield Note(
            binding_place(grant, denials[0]),
            said,
            "delete it, or let an `access:` test (cannot) say that it is a guard",
        )


def _takes_all(denial: Acl, right: Acl, giver: Grant) -> bool:
    """Whether nothing that matters is left of a right; one operation less than ALL is an exception that people mean."""
    if right.operation != ALL or denial.operation == ALL:
        return True
    return not is_explicit(giver) and denial.operation not in _UNUSED


def _breaks(grant: Grant, denial: Acl, giver: Grant, right: Acl) -> Note:
    place = principal_place(giver)
    entry = "entry of acls" if giver.role == "acl" else f"{giver.role.replace('_', ' ')} entry"
    said = f'"{denial}" takes away what the {entry} in {line(place)} gives: "{right}"'
    help = "deny less, or delete that entry"
    return Note(binding_place(grant, denial), said, help, ((place, "given here"),))

"""A right that another entry gives already.

It changes nothing today, and hides what a later change does: who deletes the wider entry believes that the right is
gone, who deletes the narrow one that something is lost. Explicit bindings are compared with everything, an entry of a
role with entries of the same role. (An operation that another one of the same entry implies, as READ implies DESCRIBE,
is fine.)

Bad:

```yaml
context: acme
projects: []
acls:
- principals: [User:audit]
  allow: [READ]
  topics: ["acme.pay.*"]
- principals: [User:audit]
  allow: [READ]
  topics: [acme.pay.orders]
```

Good:

```yaml
context: acme
projects: []
acls:
- principals: [User:audit]
  allow: [READ, DESCRIBE]
  topics: ["acme.pay.*", acme.ship.parcels]
```
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from kafka_gitops.authorizer import Authorizer
from kafka_gitops.catalog.acls import ALL
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import WORDS, Acl, Grant, Topology
from kafka_gitops.rules.contract import Options, binding_place, principal_place
from kafka_gitops.rules.explicit import is_explicit, line

NAME = "acl-redundant"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each resource of an explicit entry, and each entry of a role, that adds no right."""
    explicit = [grant for grant in topology.grants if grant.role == "acl"]
    if explicit:
        given = _Given(topology, explicit)
        for grant in explicit:
            yield from _shadowed(given, grant)
    yield from _repeated(grant for grant in topology.grants if not is_explicit(grant))


class _Given:
    """Who gives which of the bindings that stand under `acls`, and an index over all bindings."""

    def __init__(self, topology: Topology, explicit: list[Grant]) -> None:
        self.index, self.first = Authorizer(topology.acls), topology.acls
        self.order = {id(grant): number for number, grant in enumerate(topology.grants)}
        self.givers: dict[Acl, list[Grant]] = {acl: [] for grant in explicit for acl in grant.acls}
        for grant in topology.grants:
            for acl in grant.acls:
                if acl in self.givers:
                    self.givers[acl].append(grant)

    def other(self, grant: Grant, acl: Acl) -> tuple[Grant, Acl] | None:
        """What else gives a binding: another entry, or a wider binding; of two equal entries the first counts."""
        for giver in self.givers[acl]:
            if giver is not grant and (giver.role != "acl" or self.order[id(giver)] < self.order[id(grant)]):
                return giver, acl
        for wider in self.index.covering(acl):
            implied = wider.operation not in (acl.operation, ALL)
            if wider != acl and not (implied and self.first[wider].node is grant.node):
                return self.first[wider], wider
        return None


def _shadowed(given: _Given, grant: Grant) -> Iterator[Note]:
    resources: dict[tuple[str, str, str], dict[Acl, None]] = {}
    for acl in grant.acls:
        resources.setdefault((acl.resource_type, acl.pattern_type, acl.name), {})[acl] = None
    repeated = Counter(grant.acls)
    for acls in resources.values():
        found = [given.other(grant, acl) for acl in acls]
        one = next(iter(acls))
        rights = ", ".join(dict.fromkeys(acl.operation for acl in acls))
        verb = "is denied" if one.permission == "DENY" else "has"
        what = f"{grant.principal} {verb} {rights} on {_name(one)} already"
        if None not in found:
            by = next(other for other in found if other is not None)
            place = binding_place(*by)
            said = f'{what}: "{by[1]}" ({line(place)})'
            help = "delete one of the two" if by[1] == one else "delete the narrower of the two"
            yield Note(binding_place(grant, one), said, help, ((place, "already here"),))
        elif all(repeated[acl] > 1 for acl in acls):
            yield Note(binding_place(grant, one), f"{what}: this entry has it twice", "delete one of the two")


def _name(acl: Acl) -> str:
    if acl.resource_type == "CLUSTER":
        return "the cluster"
    starred = acl.name.endswith("*") and acl.name != "*"
    name = f'"{acl.name}"' if starred else acl.name
    return f"{WORDS[acl.resource_type]} {name}{'*' * (acl.pattern_type == 'PREFIXED')}"


def _repeated(grants: Iterator[Grant]) -> Iterator[Note]:
    """An entry all of whose bindings entries of the same role and principal give; of equal ones the first is fine."""
    same: dict[tuple[str, str], list[Grant]] = {}
    for grant in grants:
        if grant.acls:
            same.setdefault((grant.role, grant.principal), []).append(grant)
    for entries in same.values():
        if len(entries) > 1:
            entries.sort(key=lambda one: -len(one.acls))
            seen: set[Acl] = set()
            for grant in entries:
                if grant.acls[0] in seen and seen.issuperset(grant.acls):
                    place = principal_place(next(one for one in entries if grant.acls[0] in one.acls))
                    said = f"{grant.principal} is a {grant.role.replace('_', ' ')} of this already ({line(place)})"
                    yield Note(principal_place(grant), said, "delete one of the two", ((place, "already here"),))
                else:
                    seen.update(grant.acls)

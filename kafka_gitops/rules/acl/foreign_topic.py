"""A right on another team's topic that the team has not given.

A project is a team's, and who may read or write its topics is the team's to say: in its own file, at the topic. Here a
project gives itself the right. Off until it is switched on: many repositories let every project say what it reads.
Entries at top level belong to no team and are taken as meant.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
- name: ship
  streams:
  - {principal: User:ship, applicationId: ship-1, topics: {read: [acme.pay.orders]}}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - {principal: User:ship, group: ship-1}
- name: ship
  streams:
  - {principal: User:ship, applicationId: ship-1, topics: {read: [acme.pay.orders]}}
```

Options: `shared` (none), names of topics that all may use, exact or with a `*` at the end.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping

from kafka_gitops.authorizer import Authorizer, Request
from kafka_gitops.catalog.acls import ALL
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Acl, Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.explicit import name_place
from kafka_gitops.settings import matches

NAME = "acl-foreign-topic"
SEVERITY = Severity.off
ALONE = False
OPTIONS: Mapping[str, object] = {"shared": ()}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each such right, once per entry and name, with the first topic that it is about."""
    owners = {topic.name: topic.project for topic in topology.topics if topic.project is not None}
    names = sorted(name for name in owners if not any(matches(one, name) for one in options.texts("shared")))
    given = _given(topology)
    for grant in topology.grants:
        if grant.project is None:
            continue
        found: dict[tuple[str, str], tuple[Acl, str]] = {}
        for acl in filter(_uses, grant.acls):
            for name in _covered(names, acl):
                owner = owners[name]
                if owner != grant.project and not _allowed(given.get(owner), acl, name):
                    found.setdefault((acl.pattern_type, acl.name), (acl, name))
                    break
        for acl, name in found.values():
            verb = f"{acl.operation} on" if acl.operation != ALL else "every right on"
            said = f'project {grant.project} gives {grant.principal} {verb} topic "{name}" of project {owners[name]}'
            help = f"ask {owners[name]} to name {grant.principal} at the topic"
            yield Note(name_place(grant, acl), said, help)


def _given(topology: Topology) -> dict[str | None, Authorizer]:
    acls: dict[str | None, list[Acl]] = {}
    for grant in topology.grants:
        acls.setdefault(grant.project, []).extend(grant.acls)
    return {project: Authorizer(found) for project, found in acls.items()}


def _uses(acl: Acl) -> bool:
    return acl.resource_type == "TOPIC" and acl.permission == "ALLOW" and acl.operation in ("READ", "WRITE", ALL)


def _covered(names: list[str], acl: Acl) -> Iterator[str]:
    """The declared names that a binding is about."""
    prefix = "" if acl.pattern_type == "LITERAL" and acl.name == "*" else acl.name
    for index in range(bisect_left(names, prefix), len(names)):
        if not names[index].startswith(prefix):
            return
        if acl.pattern_type == "PREFIXED" or names[index] == acl.name or not prefix:
            yield names[index]
        else:
            return


def _allowed(owner: Authorizer | None, acl: Acl, name: str) -> bool:
    return owner is not None and owner.decide(Request(acl.principal, acl.operation, "TOPIC", name)).allowed

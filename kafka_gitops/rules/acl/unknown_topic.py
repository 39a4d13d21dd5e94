"""A right on one topic that no file declares.

Often a slip of the pen in the name, or a right that outlived its topic. Off until it is switched on, because a
repository that does not hold all topics of its cluster is a normal thing. The internal topics of platform components
and of Connect workers are let through, as are names that begin with an underscore.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
  streams:
  - {principal: User:app, applicationId: app-1, topics: {read: [acme.pay.order]}}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
  streams:
  - {principal: User:app, applicationId: app-1, topics: {read: [acme.pay.orders]}}
```

Options: `known` (none), names of topics that live elsewhere, exact or with a `*` at the end.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Grant, Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.explicit import is_explicit, name_place
from kafka_gitops.settings import matches

NAME = "acl-unknown-topic"
SEVERITY = Severity.off
ALONE = False
OPTIONS: Mapping[str, object] = {"known": ()}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each name, once per entry, with the declared name that is nearest."""
    known = options.texts("known")
    declared = {topic.name for topic in topology.topics}
    for grant in topology.grants:
        for name, acl in {acl.name: acl for acl in grant.acls if acl.resource_type == "TOPIC"}.items():
            if acl.pattern_type != "LITERAL" or name in declared or not name or name == "*" or name.startswith("_"):
                continue
            if _chosen(grant, name) and not any(matches(pattern, name) for pattern in known):
                said = f'{grant.principal} has rights on the topic "{name}", which no file declares'
                yield Note(name_place(grant, acl), said, _help(name, declared))


def _chosen(grant: Grant, name: str) -> bool:
    """Whether people wrote the name, other than as that of a platform's internal topic."""
    if is_explicit(grant):
        return True
    listed = (grant.node.get("topics", side) for side in ("read", "write"))
    return any(item.text == name for node in listed if node is not None for item in node.items)


def _help(name: str, declared: set[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, declared, 1, 0.8)
    return f'did you mean "{near[0]}"?' if near else "declare the topic, delete the right, or list the name as known"

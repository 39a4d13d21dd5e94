"""An ACL on a topic that cannot exist, or an expectation about one.

Kafka compares the names of ACLs as text. Only `*` alone (every topic) and `*` at the end (a prefix) are special;
`*.orders`, `orders.?` or `regex:.*` name a topic that no cluster can have, so the ACL grants and denies nothing. Topic
names are made of letters, digits, `.`, `_` and `-`, and have at most 249 characters. What is written as
`{literal: "orders*"}` is meant, such as a binding that is on a cluster already.

Bad:

```yaml
context: acme
projects: []
acls:
- principals: [User:audit]
  allow: [READ]
  topics: ["*.orders"]
```

Good:

```yaml
context: acme
projects: []
acls:
- principals: [User:audit]
  allow: [READ]
  topics: ["acme.pay.orders", "acme.ship.*"]
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Acl, Topology
from kafka_gitops.rules.contract import Options, is_literal
from kafka_gitops.rules.explicit import name_place
from kafka_gitops.rules.placeholders import placeholder
from kafka_gitops.rules.topic.name_legal import illegal

NAME = "acl-resource-name"
SEVERITY = Severity.error
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each name or prefix that no topic can have; `topic-name-legal` judges the files' own topics."""
    for grant, acl in topology.named:
        if acl.resource_type == "TOPIC" and (found := _said(acl)) is not None and not is_literal(grant, acl):
            yield Note(name_place(grant, acl), *found)
    for expected in topology.access:
        for kind, name in expected.resources:
            bare = name[:-1] if name.endswith("*") else name
            if kind == "TOPIC" and bare and placeholder(name) is None and (why := illegal(bare)) is not None:
                yield Note(expected.node.at("topic"), *why)


def _said(acl: Acl) -> tuple[str, str] | None:
    prefix = acl.pattern_type == "PREFIXED"
    if (acl.name == "*" and not prefix) or not acl.name or placeholder(acl.name) is not None:
        return None
    if prefix and acl.name in (".", ".."):
        return None
    why = illegal(acl.name)
    if why is None:
        return None
    deed = "grants" if acl.permission == "ALLOW" else "denies"
    said = why[0].replace("no topic can be called", "no topic can begin with" if prefix else "no topic can be called")
    return f"{said}: this {deed} nothing", _help(acl) or why[1]


def _help(acl: Acl) -> str | None:
    """For what looks like a pattern: which patterns there are."""
    if acl.name.endswith("*") and "*" not in acl.name[:-1]:  # of an application's topics, as in the reference
        return "in this list a * at the end is taken literally, too: name each topic, or write the prefix under `acls`"
    if set(acl.name) & set("*?[]()|^$\\+:/"):
        return 'Kafka takes it literally: only "*" alone and at the end is special; name each topic, or a prefix'
    return None

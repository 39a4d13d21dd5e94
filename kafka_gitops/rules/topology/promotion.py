"""A resource that an environment declares and the one before it does not.

`order` names the environments in the order in which a change goes through them: what `prod` declares must be declared
in `test` before, so that nothing meets its first cluster there. Names are compared after each environment's own naming,
by the rule of `diff`: what the same line of the same file declares is the same resource, then what has the
same name, then a topic of the same project and own name. Configs do not count. With `-e prod` the files of the
environment before it are read too.

Options: `order` (empty), such as `[dev, test, prod]`.

Bad:

```yaml
# before
context: test
projects:
- name: pay
  topics:
  - name: orders
# after
context: prod
projects:
- name: pay
  topics:
  - name: orders
  - name: refunds
```

Good:

```yaml
# before
context: test
projects:
- name: pay
  topics:
  - name: orders
  - name: refunds
# after
context: prod
projects:
- name: pay
  topics:
  - name: orders
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Acl, Topology
from kafka_gitops.rules.contract import Options

NAME = "promotion"
SEVERITY = Severity.off
OPTIONS: Mapping[str, object] = {"order": ()}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each entry of a resource that the environment before this one does not declare."""
    from kafka_gitops.pairing import Thing, pair  # of this rule alone, which is off unless somebody orders environments

    new = [one.right for one in pair(before, after).pairs if one.left is None and one.right is not None]
    topics = {one.key.name for one in new if one.key.kind == "topic"}
    entries: dict[tuple[str, int, int], list[Thing]] = {}
    for one in new:
        if not isinstance(one.spec, Acl) or one.spec.name not in topics:  # rights on a new topic follow it
            entries.setdefault((one.node.path, *one.node.start), []).append(one)
    earlier = previous(options.texts("order"), options.environment)
    where = f"in {earlier}" if earlier else "in the environment before"
    for first, *more in entries.values():
        name = first.node.get("name") if first.key.kind == "topic" else None
        others = f", nor are {len(more):,} more of this entry" if more else ""
        said = f"{first.key if first.key.kind != 'acl' else first.key.name} is not declared {where}{others}"
        yield Note(first.place if name is None else name.span, said, f"declare it {where} first")


def previous(order: tuple[str, ...], environment: str | None) -> str | None:
    """The environment before this one in an order, None for the first and for one that is not in it."""
    at = order.index(environment) if environment is not None and environment in order else 0
    return order[at - 1] if at else None

"""A right leaves the files, and an apply revokes it.

With `prune: [acls]` what the base commit declared and the files no longer do is taken from the cluster: whoever used
the right is refused from then on. Where `prune` names no ACLs nothing is revoked, which `change-right-stays` tells, and
a principal that loses all of its rights is told by `change-principal-loses-all`.

Bad:

```yaml
# prune: [acls]
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
  consumers:
  - {principal: User:app, group: app}
  producers:
  - {principal: User:app}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
  producers:
  - {principal: User:app}
```

Good:

```yaml
# prune: [acls]
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
  consumers:
  - {principal: User:app, group: app}
  producers:
  - {principal: User:app}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
  - name: refunds
  consumers:
  - {principal: User:app, group: app}
  producers:
  - {principal: User:app}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.change.rule import holders, losses, placer
from kafka_gitops.rules.contract import Options
from kafka_gitops.scope import acl_inside

NAME = "change-right-revoked"
SEVERITY = Severity.info
OPTIONS: Mapping[str, object] = {}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each principal from which an apply takes something, but not all."""
    if "acls" not in options.prune:
        return
    place, has = placer(after), holders(after)
    for loss in losses(before, after):
        acls = [acl for acl in loss.acls if acl_inside(options.scopes, acl)]
        if acls and loss.principal in has:
            some = loss.only(acls, before)
            what = f"{len(acls)} rights" if len(acls) > 1 else "a right"
            said = f"{loss.principal} loses {what}: {some.said}"
            yield some.told(place, said, None)

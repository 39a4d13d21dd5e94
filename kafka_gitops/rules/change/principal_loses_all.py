"""A principal loses its last right.

Whatever runs under that name stops when the bindings are revoked. Often it is meant, a retired application, and
sometimes a typo in a principal's name, which takes the rights from one and gives them to nobody. Where `prune` does not
name ACLs nothing is revoked: then the finding says that the bindings stay on the cluster.

Bad:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
  consumers:
  - {principal: User:app, group: app}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
  consumers:
  - {principal: User:audit, group: audit}
```

Good:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
  consumers:
  - {principal: User:app, group: app}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
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
from kafka_gitops.shape.found import near

NAME = "change-principal-loses-all"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each principal that had rights by the files as they were and has none by those that are."""
    place = placer(after)
    had, has, revoked = holders(before), holders(after), "acls" in options.prune
    for loss in losses(before, after):
        principal = loss.principal
        outside = not any(acl_inside(options.scopes, acl) for acl in loss.acls)  # change-right-stays tells it
        if principal not in had or principal in has or outside:
            continue
        meant = near(principal, [one for one in has if one not in had])
        stays = "the files give {} no right any more; its bindings stay while `prune` names no acls"
        what = f"{principal} loses its last right" if revoked else stays.format(principal)
        slip = f'did you mean "{principal}" where "{meant}" stands now?'
        yield loss.told(place, f"{what}: {loss.said}", slip if meant else "fine if nothing runs under that name")

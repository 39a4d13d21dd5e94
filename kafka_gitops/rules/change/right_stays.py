"""A right leaves the files and stays on the cluster.

Absence is not deletion: an ACL that no file mentions any more is revoked only where `prune` names `acls`, and never
outside `manage`. Whoever had it keeps it, and nothing looks after it from now on. Set `prune: [acls]`, which revokes
what the base commit declared and the files no longer do, or say it under `removed:`. A principal that loses all of its
rights is told by `change-principal-loses-all`.

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
  producers:
  - {principal: User:app}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops import by_hand
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Acl, Topology
from kafka_gitops.rules.change.rule import holders, losses, placer
from kafka_gitops.rules.contract import Options
from kafka_gitops.scope import acl_fence

NAME = "change-right-stays"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}

_HELP = "set `prune: [acls]`, or state them under `removed:`"


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield what each principal loses by the files alone, once for each reason why it stays."""
    place, has = placer(after), holders(after)
    for loss in losses(before, after):
        reasons: dict[tuple[str, str], list[Acl]] = {}
        for acl in loss.acls:
            why = _why(acl, options)
            if why is not None:
                reasons.setdefault(why, []).append(acl)
        for (reason, help), acls in reasons.items():
            if help == _HELP and loss.principal not in has and acls[0].permission == "ALLOW":
                continue  # change-principal-loses-all tells it
            some = loss.only(acls, before)
            many = (
                f"{len(acls)} rights of {loss.principal} leave"
                if len(acls) > 1
                else f"a right of {loss.principal} leaves"
            )
            stay = "stay" if len(acls) > 1 else "stays"
            said = f"{many} the files and {stay} on the cluster, because {reason}: {some.said}"
            yield some.told(place, said, help)


def _why(acl: Acl, options: Options) -> tuple[str, str] | None:
    """Why a right that left the files stays, and what to do; None where it is revoked."""
    fence = acl_fence(options.scopes, acl)
    if fence is not None:
        return fence.reason(), f"if the cluster has it, by hand: {by_hand.remove(acl)}"
    return None if "acls" in options.prune else ("`prune` names no acls", _HELP)

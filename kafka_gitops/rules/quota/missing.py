"""A principal without a quota.

One client without a limit can take what all the others need. With this rule every principal that the files give a
right needs a quota of its own, unless a `<default>` user has one. It is off until it is configured.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    producers:
    - principal: User:app
```

Good:

```yaml
context: acme
quotas:
- {user: app, producer_byte_rate: 1048576}
projects:
- name: pay
  topics:
  - name: orders
    producers:
    - principal: User:app
```

Options: `except` (none), principals that need none, such as `User:admin`.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, principal_place

NAME = "quota-missing"
SEVERITY = Severity.off
ALONE = False
OPTIONS: Mapping[str, object] = {"except": ()}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield the first entry of each principal that has no quota."""
    quotas = [declared.node.map for declared in topology.declared if declared.key.kind == "quota"]
    texts = [node.text for keys in quotas for node in (keys.get("user"), keys.get("principal")) if node is not None]
    limited = {text.removeprefix("User:") for text in texts}
    if limited & {"<default>", ""}:
        return
    told = {*options.texts("except"), "User:*"}
    for grant in topology.grants:
        name = grant.principal.removeprefix("User:")
        if grant.principal not in told and name not in limited:
            told.add(grant.principal)
            said = f"{grant.principal} has no quota"
            yield Note(principal_place(grant), said, f"add to quotas: {{user: {name}, producer_byte_rate: N}}")

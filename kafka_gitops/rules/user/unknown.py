"""A right of a user that is not declared.

Once files declare users, each `User:NAME` with a right should be one of them: else it is a slip, or nobody can log in
as it. Where no file declares a user the rule says nothing. `except` names principals that are made elsewhere; a
certificate's subject (`User:CN=...`) and everybody (`User:*`) are none that log in by a password.

Bad:

```yaml
context: acme
users:
- {name: app, mechanism: SCRAM-SHA-512, password: "${APP_PASSWORD}"}
projects:
- name: pay
  topics:
  - name: orders
    producers: [{principal: User:app}, {principal: User:apq}]
```

Good:

```yaml
context: acme
users:
- {name: app, mechanism: SCRAM-SHA-512, password: "${APP_PASSWORD}"}
projects:
- name: pay
  topics:
  - name: orders
    producers: [{principal: User:app}]
```

Options: `except` (none), principals that are made elsewhere, such as `User:connect`.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, principal_place
from kafka_gitops.shape.found import near

NAME = "user-unknown"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {"except": ()}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield the first entry of each principal that is no declared user, where any user is declared."""
    users = {f"User:{declared.key.name}" for declared in topology.declared if declared.key.kind == "user"}
    told = {*options.texts("except"), "User:*"}
    for grant in topology.grants if users else ():
        who = grant.principal
        if who not in users and who not in told and who.startswith("User:") and "=" not in who:
            told.add(who)
            yield Note(principal_place(grant), f"no file declares the user of {who}", _help(who, users))


def _help(who: str, users: set[str]) -> str:
    meant = near(who, sorted(users), 0.8)
    return f"did you mean {meant}?" if meant else "add it to users, or name it in the option `except` of this rule"

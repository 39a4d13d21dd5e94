"""Users that log in by SCRAM: their credentials are written, and never read (KIP-554).

```yaml
context: acme
users:
- {name: orders-app, mechanism: SCRAM-SHA-512, iterations: 8192, password: "${ORDERS_APP_PASSWORD}", rotate: 2026-11}
- name: batch
  mechanisms:
    SCRAM-SHA-256: {password: "${BATCH_OLD}"}
    SCRAM-SHA-512: {password: "${BATCH_NEW}", rotate: 2}
projects:
- name: pay
  topics:
  - name: orders
    producers: [{principal: User:orders-app}]
    consumers: [{principal: User:batch}]
```

`users` stands at the top of a file or in a project; a plain text there stays a part of names. The name is bare: whoever
logs in as `orders-app` is the principal `User:orders-app`.

**A password is only ever the name of a variable.** It is read when a plan is applied, for users whose password is
written then and for no others, and before anything is written: where one is missing nothing is applied (exit code 78).
Lint, plan and render never read it, and no plan, report or log holds it. Pass it to the job that applies as a secret:

| platform | how |
| --- | --- |
| GitHub Actions | `env: {ORDERS_APP_PASSWORD: "${{ secrets.ORDERS_APP_PASSWORD }}"}` at the step that applies |
| GitLab CI | a masked and protected variable of the project |
| Jenkins | `withCredentials([string(credentialsId: 'orders-app', variable: 'ORDERS_APP_PASSWORD')])` around the step |
| Bitbucket | a secured variable of the deployment |

**Compared** are existence, mechanisms and iterations (4096 to 16384; left out: 4096 for a new user, else as they are).
A password cannot be read back, so it is written when the user or the mechanism is new, when the iterations change, and
when `rotate` is another text than at the base commit. `kafka-gitops apply --rotate user:orders-app` writes it once
more. After a write the new password is tried, where the listener lets anybody log in by that mechanism.

**Writing an existing password blocks** (`user-rotate`): clients with the old one are refused at their next connection.
Two ways to move clients without a refused request:

* *A second mechanism.* Give the user SCRAM-SHA-512 beside SCRAM-SHA-256, with a new password; let the clients move to
  it; then `removed: [{user: batch, mechanism: SCRAM-SHA-256}]`.
* *A second user.* Declare `orders-app-2` with the same rights; let the clients move; then
  `removed: [{user: orders-app}]`, and take its rights from the files.

A mechanism or a user that no file names is left alone and counted. The first change that writes the password of a user
that no file declared before blocks too (`taken-over`). Taking a user away blocks (`user-delete`), and the run never
takes its own login away.

**The scope** (`manage`) is closed: with any list stated, a user has to be in `users`, or as `User:NAME` in
`principals`.

Reading takes DESCRIBE on the cluster, writing ALTER on it; a broker older than Kafka 2.7 knows no such requests, which
is said.
"""

from kafka_gitops.kinds import contract, holding
from kafka_gitops.kinds.looks import Looks
from kafka_gitops.kinds.user import answers, dangers, section, spec

NAME, PLURAL = spec.NAME, dangers.PLURAL
UNIT = ("user", "users")
ALWAYS, ANY_NAME = False, False
SECTIONS, REMOVED, FORMS = section.SECTIONS, section.REMOVED, section.FORMS
LOOKS = Looks("user", "users", acts=dangers.ACTS, others="mechanisms")
DANGERS, RIGHTS = dangers.DANGERS, dangers.RIGHTS
MANAGE, PROTECT = answers.MANAGE, answers.PROTECT
DELETES = 5
SINGLE = holding.among(*spec.MECHANISMS)
SCHEMA = spec.SCHEMA
EXISTS: frozenset[str] = frozenset()
PATIENCE = 120.0

dump, load, export = spec.dump, spec.load, answers.export
outside, protected, by_itself = answers.outside, answers.protected, contract.a_person
claims = answers.claims
units, needs, barred = contract.each, contract.nothing, contract.unbarred
plan, phases = contract.later(f"{__name__}.share", "plan"), contract.held(f"{__name__}.steps", "STEPS")
actual, reached = (contract.later(f"{__name__}.steps", one) for one in ("actual", "reached"))
resumes, ignored = contract.never, contract.nothing
everything = contract.later(f"{__name__}.census", "census")

"""Connectors of Kafka Connect: their configs, their states, and what takes over from what.

```yaml
context: acme
connectors:
- name: orders-sink
  config:
    connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector
    tasks.max: "1"
    topics: acme.pay.orders
    file: /var/lib/orders.txt
  state: running
```

`name` is the connector's name as Connect shows it, `cluster` one of the clusters under `connect` of the environment (it
may be left out where there is one), `config` what the workers get. Instead of `config`, `file` names a JSON file with
the config, or with `name` and `config`; with `values: true` beside it `${values.NAME}` is replaced in that file, which
is else taken as it is. JulieOps' artefacts (`path`, `server`, `name`) are the same.

**What is compared.** Every key of the config, as text; the class by its full name or an alias. A key that the file
does not have goes away. An equal config is never sent, because Connect restarts a connector whenever a config is put.
`state` is `running`, `paused` or `stopped`; left out, it is never touched.

**Secrets** are references of config providers, such as `${file:/etc/secrets/orders.properties:password}`; a secret in
clear is an error, and its text is shown nowhere. `keep: [connection.password]` sends back the value that only the
worker has. What a worker has in clear is shown as `(secret)`.

**Before the merge** the worker is asked: the plan has each of its messages at the line of the key that it is about.
What the worker does not check (`topic.creation.*`, dead letters, overrides) is checked by `lint`.

**An apply** puts the config and waits until the connector and all of its tasks are in their state. A task that fails
makes the change a failed one, with the first line of its trace. That all run is true so far: a task may fail at its
first record. `restart: failed` restarts what has failed at each apply.

**Rename and move.** `replaces: OLD` (or `CLUSTER/OLD`) stops the old connector, makes the new one, copies the offsets
(KIP-875, Connect 3.6), starts the new one and deletes the old one. A rename without it begins anew, and blocks.

**Removal.** `removed: [{connector: main/orders-sink, because: ...}]`. Offsets, groups and topics stay.

**Scope.** With `manage`, `connectors` names the connectors, `connector_classes` their classes, `secrets` the references
that they may use, `connector_overrides` the client overrides; all are closed where they are left out. The topics of a
connector must be inside `manage.topics`; where nobody can tell (a pattern, a class that is not known), that is the risk
`connector-reach`.
"""

from functools import partial

from kafka_gitops.kinds import contract
from kafka_gitops.kinds.connector import answers, compare, fence, section, spec
from kafka_gitops.kinds.parts import Right

NAME, PLURAL = "connector", "connectors"
UNIT = ("connector", "connectors")
ALWAYS, ANY_NAME = False, False
SECTIONS, REMOVED, FORMS = section.SECTIONS, section.REMOVED, section.FORMS
DANGERS = compare.DANGERS
_right = partial(Right, system="connect")
RIGHTS = (
    _right("plan", "GET", "/connectors of the Connect cluster", "connectors cannot be compared", "may read connectors"),
    _right(
        "plan",
        "PUT",
        "/connector-plugins/*/config/validate of the Connect cluster",
        "no worker checks a config before the merge",
        "may check configs",
    ),
    _right(
        "apply",
        "PUT, POST, PATCH, DELETE",
        "/connectors of the Connect cluster",
        "connectors cannot be changed",
        "may run connectors",
    ),
)
MANAGE = fence.MANAGE
PROTECT = {"connectors": "Connectors that are never deleted, by name or CLUSTER/NAME; a pattern ends in *."}
DELETES = 5
SINGLE = answers.SINGLE
SCHEMA = answers.SCHEMA
EXISTS = frozenset({"HTTP 409"})
PATIENCE = 60.0
LOOKS = answers.LOOKS

dump, load, export = spec.dump, answers.load, answers.export
outside, protected, by_itself = fence.outside, fence.protected, contract.a_person
claims = fence.claims
units, needs, barred = contract.each, answers.needs, contract.unbarred
plan, actual = contract.later(f"{__name__}.share", "plan"), contract.later(f"{__name__}.seen", "actual")
phases = contract.held(f"{__name__}.steps", "STEPS")
reached, resumes, ignored = contract.equal, contract.by_fields, contract.nothing
everything = contract.later(f"{__name__}.census", "census")

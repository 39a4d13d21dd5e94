"""Client quotas: how much a user, a client id or an address may take of each broker (KIP-546).

```yaml
context: acme
quotas:
- {user: orders-app, producer_byte_rate: 10485760, consumer_byte_rate: 20971520, request_percentage: 200}
- {user: orders-app, client_id: batch, producer_byte_rate: 1048576}
- {client_id: <default>, consumer_byte_rate: 1048576}
- {ip: 10.1.2.3, connection_creation_rate: 20}
```

`quotas` stands at the top of a file or in a project. An item says whose quota it is (`user`, `client_id`, both, or
`ip`) and at least one limit; `<default>` is everybody who has none of their own, as Kafka's own tools print it. Every
limit counts for each broker by itself: with three brokers a user may write three times its `producer_byte_rate`.

| limit | of | what |
| --- | --- | --- |
| `producer_byte_rate`, `consumer_byte_rate` | user, client id | bytes a second, whole |
| `request_percentage` | user, client id | percent of one thread's time; 200 is two threads |
| `controller_mutation_rate` | user, client id | partitions a second that are created or deleted |
| `connection_creation_rate` | ip | connections a second, whole |

**The user is the bare name.** Brokers compare it with the name of the principal, without its type: `User:orders-app`
is taken as `orders-app`, and lint says so. JulieOps' list `platform.kafka.quotas` is the same, with `principal` for the
user. JulieOps sent `User:orders-app` as it is, which limits nobody. Where the brokers have such a quota, the plan
blocks (`quota-first`) before the user really is limited; `removed: [{quota: "user=User:orders-app"}]` takes the other
away.

**Compared** are the limits of the entities that files declare. A limit that only the brokers have is taken away, or
left alone with `--undeclared-configs keep`. Entities that no file declares are counted and left alone.

**Taken away** is a quota by a statement, which names it as plans do, or by `prune: [quotas]` with `--base`:

```yaml
removed:
- {quota: "user=orders-app client-id=batch", because: "the batch job is gone, OPS-112"}
```

**The scope** (`manage`) is closed: with any list stated, quotas of users need theirs in `principals`, those of client
ids `client_ids`, those of addresses `ips`, and those of everybody a `quota_defaults` that names the entity as plans do:
`user=<default>`, or `*`.

The plan asks the brokers whether they take each quota. Reading takes DESCRIBE_CONFIGS on the cluster, writing
ALTER_CONFIGS on it; a broker older than Kafka 2.6 knows no such requests, which is said.
"""

from kafka_gitops.kinds import contract, holding
from kafka_gitops.kinds.looks import Looks
from kafka_gitops.kinds.quota import answers, dangers, section, spec

NAME, PLURAL = spec.NAME, dangers.PLURAL
UNIT = ("quota", "quotas")
ALWAYS, ANY_NAME = False, False
SECTIONS, REMOVED, FORMS = section.SECTIONS, section.REMOVED, section.FORMS
LOOKS = Looks("quota", "quotas", others="limits")
DANGERS, RIGHTS = dangers.DANGERS, dangers.RIGHTS
MANAGE, PROTECT = answers.MANAGE, answers.PROTECT
DELETES = 10
SINGLE = holding.among(*spec.UNITS)
SCHEMA = spec.SCHEMA
EXISTS: frozenset[str] = frozenset()
PATIENCE = 120.0

dump, load, export = spec.dump, spec.load, answers.export
outside, protected, by_itself = answers.outside, dangers.protected, contract.a_person
claims = answers.claims
units, needs, barred = contract.each, contract.nothing, contract.unbarred
plan, actual = (contract.later(f"{__name__}.share", one) for one in ("plan", "actual"))
phases = contract.held(f"{__name__}.share", "STEPS")
reached, resumes, ignored = contract.equal, contract.never, contract.nothing
everything = contract.later(f"{__name__}.census", "census")

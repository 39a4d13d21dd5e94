"""Topics: their partitions, replication and configs.

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "6", replication.factor: "3", retention.ms: "604800000"}
special_topics:
- name: legacy_orders
  config: {num.partitions: "1", replication.factor: "3"}
```

A topic of a project is called by its context, the further parts of the file, the project and its own name, here
`acme.pay.orders`; a special topic keeps its bare name. `num.partitions` and `replication.factor` may be left out: then
the brokers decide when they make it. All other keys of `config` are topic configs of Kafka.

**Compared** are partitions and replication where a file says them, and configs by their types: `"007"` equals `7`. A
config that a file does not have is set back to its default, and the plan says so (`undeclared_configs: keep` leaves it
alone); `ignore_configs` names configs that are never touched.

**Cannot be done** by an apply: fewer partitions, another replication factor, more than 10,000 partitions at once. The
brokers are asked about every change before (`validate_only`), also for the policies of the cluster.

**Taken away** is a topic by a statement, or by `prune: [topics]` with `--base`:

```yaml
context: acme
removed:
- {topic: acme.pay.old, because: "replaced by acme.pay.orders, OPS-112"}
```

A deletion means the topic that the plan saw, by its id: one that was made anew under the name survives. Internal
topics, those under `protect` and those that were `protected: true` at the base are never deleted.

**Risks in numbers:** what deletes records, be it a shorter retention or the topic's own end, says how many records and
bytes that is now and which groups have not read them, as far as the run's Describe rights reach.
"""

from kafka_gitops.kinds import contract
from kafka_gitops.kinds.looks import Looks
from kafka_gitops.kinds.section import Forms, Removable, Section
from kafka_gitops.kinds.topic import answers, rights, risks

NAME, PLURAL = "topic", "topics"
UNIT = ("topic", "topics")
ALWAYS, ANY_NAME = True, False
SECTIONS: tuple[Section, ...] = ()
REMOVED = Removable("The full name of a topic that is to be deleted.", rule="topic-duplicate")
FORMS: Forms = {}
LOOKS = Looks("topic", "topics", drawn=True, columns=("partitions", "replication"), others="config", unset="default")
DANGERS = risks.DANGERS
RIGHTS = rights.RIGHTS
MANAGE = {"topics": "Topic names; a pattern ends in * or is exact."}
PROTECT = MANAGE
DELETES = 10
SINGLE = answers.SINGLE
SCHEMA = answers.SCHEMA
EXISTS = frozenset({"TOPIC_ALREADY_EXISTS", "UNKNOWN_TOPIC_ID"})  # the last: only who deletes names an id
PATIENCE = 120.0

dump, load, export = answers.dump, answers.load, answers.export
outside, claims, by_itself = answers.outside, answers.claims, answers.by_itself
protected = contract.by_name("topics")
units, needs, barred = contract.each, contract.nothing, contract.unbarred
plan, phases = contract.later(f"{__name__}.share", "plan"), contract.held(f"{__name__}.steps", "STEPS")
actual, reached, ignored = (contract.later(f"{__name__}.seen", one) for one in ("actual", "reached", "ignored"))
resumes = contract.by_fields
everything = contract.later(f"{__name__}.census", "census")

"""A `min.insync.replicas` that stops the writers too early, protects nothing, or is another than yours.

At the replication factor, one broker down stops every writer with acks=all (above it, since Kafka 3.7, counts as the
replication factor). At 1, with three replicas or more, a record that was acknowledged can be on one broker only, and be
lost with it. Effective values count, with the environment's `broker_defaults`; where one is unknown the rule is silent.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {replication.factor: "3", min.insync.replicas: "3"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {replication.factor: "3", min.insync.replicas: "2"}
```

Options: `exactly` (0: any number), the only `min.insync.replicas` that is fine.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity, Span
from kafka_gitops.model import TopicDecl, Topology
from kafka_gitops.rules.contract import Options, config_place, min_isr, replication
from kafka_gitops.rules.topic import min_isr_unwritable as topic_min_isr_unwritable

NAME = "topic-min-isr"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {"exactly": 0}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic whose effective minimum does not fit its effective replication."""
    exactly = options.number("exactly")
    for declared in topology.topics:
        factor, least = replication(declared, options), min_isr(declared, options)
        if exactly:
            if least not in (None, exactly) and not declared.dlq:
                said = f"min.insync.replicas {least}, expected exactly {exactly}"
                yield Note(_place(declared), said, f'write min.insync.replicas: "{exactly}"')
            continue
        if factor is None or least is None or declared.dlq:
            continue
        if least > factor and not topic_min_isr_unwritable.applies(options):
            said = f"min.insync.replicas {least} is above the replication factor {factor} and counts as {factor}"
            yield Note(_place(declared), said, _better(factor))
        elif least == factor and factor > 1:
            said = f"min.insync.replicas {least} of {factor} replicas: one broker down stops the writers"
            yield Note(_place(declared), said, _better(factor))
        elif least == 1 and factor >= 3:
            said = f"min.insync.replicas 1 of {factor} replicas: an acknowledged record may be on one broker only"
            yield Note(_place(declared), said, _better(factor))


def _place(declared: TopicDecl) -> Span:
    own = "min.insync.replicas" in declared.spec.config
    return config_place(declared, "min.insync.replicas" if own else "replication.factor")


def _better(factor: int) -> str:
    if factor < 3:
        return f'min.insync.replicas: "1" with {factor} replicas, or 3 replicas and "2"' if factor == 2 else 'use "1"'
    return f'use "{factor - 1}"' if factor == 3 else f'use "2" to "{factor - 1}"'

"""JulieOps' MinInSyncReplicasValidation: `min.insync.replicas` is not below the replication factor.

Only where a topic of a project (or its plan) states both. As in the reference, 1 with one replica fails too. Off unless
`topology.validations` of a client file names it, or `rules:` switches it on; `topic-min-isr` also knows the brokers'
defaults.

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
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place, whole
from kafka_gitops.rules.julieops.validators import topics

NAME = "julieops-min-isr"
SEVERITY = Severity.off
ALONE = True
OPTIONS: Mapping[str, object] = {}


_KEY = "min.insync.replicas"


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic of a project that states both, the former above the latter less one."""
    for declared in topics(topology):
        factor, least = declared.spec.replication, whole(declared.spec.config.get(_KEY))
        if factor is not None and least is not None and least > factor - 1:
            said = f"{_KEY} {least} with {factor} replicas, expected at most {factor - 1}"
            yield Note(config_place(declared, _KEY), said, f"lower {_KEY}, or raise replication.factor")

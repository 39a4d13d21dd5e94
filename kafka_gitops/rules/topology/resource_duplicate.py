"""One resource declared twice, or declared and removed, or let go of and still declared or deleted.

Over all files a quota, user, schema, connector may be declared once; of two declarations nobody could tell which one
counts. Two ways to write one name are one resource. Topics have a rule of their own (`topic-duplicate`), and a binding
that several entries give is one binding. Topics that name one subject in JulieOps' way (`RecordNameStrategy`) may say
the same of it. What a `release:` under `removed:` names has left the files: it is neither declared nor deleted.

Bad:

```yaml
context: acme
connectors:
- name: orders-sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.orders}
- name: orders-sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.refunds}
```

Good:

```yaml
context: acme
connectors:
- name: orders-sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.orders}
- name: refunds-sink
  config: {connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector, topics: acme.pay.refunds}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity, Span
from kafka_gitops.kinds.section import JULIEOPS
from kafka_gitops.model import Declared, Key, Topology
from kafka_gitops.rules.contract import Options

NAME = "resource-duplicate"
SEVERITY = Severity.error
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield every declaration after the first, in the order of the files, with the place of the first."""
    firsts: dict[Key, Declared] = {}
    for declared in sorted(topology.declared, key=lambda one: one.node.head):
        first = firsts.setdefault(declared.key, declared)
        if first is not declared and not _same_of_julieops(first, declared):
            place, kind, name = _place(first), *declared.key
            said = f'the {kind} "{name.lstrip("/")}" is declared twice, first at {place}'
            yield Note(_place(declared), said, "keep one of them", ((place, "first here"),))


def _same_of_julieops(one: Declared, other: Declared) -> bool:
    """Whether two say the same in JulieOps' own way: by RecordNameStrategy several topics have one subject."""
    return JULIEOPS in one.flags & other.flags and one.spec == other.spec


def _place(declared: Declared) -> Span:
    """Where the name stands, else the entry."""
    return next((declared.node.at(key) for key in ("name", "subject") if key in declared.node.map), declared.node.head)

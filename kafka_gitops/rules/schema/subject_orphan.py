"""A subject for the keys or values of a topic that no file declares.

By the usual strategy (TopicNameStrategy) serializers look for the subjects TOPIC-key and TOPIC-value; a typo in the
topic's name gives a subject that nobody asks for, and the topic stays without one. Subjects by other strategies
(a record's name) are not judged, nor is anything where no file declares a topic at all.

Bad:

```yaml
# schemas/order.avsc:
#   "string"
context: acme
projects:
- name: pay
  topics:
  - name: orders
schemas:
- subject: acme.pay.order-value
  file: schemas/order.avsc
```

Good:

```yaml
# schemas/order.avsc:
#   "string"
context: acme
projects:
- name: pay
  topics:
  - name: orders
schemas:
- subject: acme.pay.orders-value
  file: schemas/order.avsc
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.schema.entries import entries
from kafka_gitops.shape.found import near

NAME = "schema-subject-orphan"
SEVERITY = Severity.warning
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each subject of a topic that is not there."""
    if not topology.topics:
        return
    for entry in entries(topology):
        topic, dash, side = entry.subject.rpartition("-")
        if dash and side in ("key", "value") and topic not in topology.specs:
            meant = near(topic, topology.specs)
            help = (
                f'did you mean "{meant}-{side}"?' if meant else "declare the topic, or name the subject after another"
            )
            yield Note(
                entry.at("subject"), f'no file declares the topic "{topic}" of the subject "{entry.subject}"', help
            )

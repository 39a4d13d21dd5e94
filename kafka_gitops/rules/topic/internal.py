"""A topic that Kafka or a tool makes for itself.

Kafka's own topics (`__consumer_offsets`, ...), Schema Registry's `_schemas`, Confluent's, MirrorMaker's and their
like have the settings that their owner needs; who declares them changes them under its feet. The topics of a streams
application (`-changelog`, `-repartition`) and of Kafka Connect (`connect-configs`, ...) may have to be made by hand:
they belong under `special_topics`, and are fine there. Full names count.

Bad:

```yaml
context: acme
projects: []
special_topics:
- name: __consumer_offsets
```

Good:

```yaml
context: acme
projects: []
special_topics:
- name: app-orders-store-changelog
```

Options: `allow` (none), names that are fine; `*` at the end matches the rest.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.catalog.owners import BEGIN, END, maker, owner
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, name_place
from kafka_gitops.settings import matches

NAME = "topic-internal"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {"allow": ()}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each declared name that belongs to Kafka or to a tool."""
    allowed = options.texts("allow")
    for declared in topology.topics:
        if not (declared.name.startswith(BEGIN) or declared.name.endswith(END)):
            continue
        if declared.dlq or any(matches(one, declared.name) for one in allowed):
            continue
        if of := owner(declared.name):
            said = f'"{declared.name}" is a topic of {of}, which makes it for itself'
            yield Note(name_place(declared), said, "delete it here: nobody else should change it")
        elif declared.project is not None and (of := maker(declared.name)):
            said = f'"{declared.name}" looks like a topic that {of} makes for itself'
            yield Note(name_place(declared), said, "delete it, or move it to special_topics when you must make it")

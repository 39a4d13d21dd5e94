"""JulieOps' ConfigurationKeyValidation: a config key that no topic config's name contains.

As in the reference a part of a name is enough (`retention` passes), and Confluent Server's own keys fail. Unlike there,
only names count, not the texts that Kafka's TopicConfig has about them. Off unless `topology.validations` of a client
file names it, or `rules:` switches it on; `topic-config-unknown` is the exact rule, and is always on.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {confluent.tier.enable: "true"}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {retention.ms: "1000"}
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, key_place
from kafka_gitops.rules.julieops.validators import topics

NAME = "julieops-config-key"
SEVERITY = Severity.off
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each config key that is no part of the name of a topic config."""
    known = [name for version in catalog.versions() for name in catalog.known(version)]
    seen: dict[str, bool] = {}
    for declared in topics(topology):
        for key in declared.spec.config:
            if key not in seen:
                seen[key] = any(key in name for name in known)
            if not seen[key]:
                yield Note(
                    key_place(declared, key), f'"{key}" is not a topic config of Kafka', "correct or delete the key"
                )

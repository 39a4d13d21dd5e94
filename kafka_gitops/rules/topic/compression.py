"""A topic whose broker compresses with a codec that is not wanted.

Any codec but `producer` makes the broker compress what producers send otherwise; gzip costs several times the
processor time of zstd for about the same size, and uncompressed records cost network and disk everywhere. The
effective `compression.type` counts, with the environment's `broker_defaults`; where it is unknown the rule is silent.
The rule is off until it is configured.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {compression.type: gzip}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {compression.type: zstd}
```

Options: `allow` (`producer`, `lz4`, `snappy`, `zstd`), the values that are fine.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, config_place

NAME = "topic-compression"
SEVERITY = Severity.off
ALONE = True
OPTIONS: Mapping[str, object] = {"allow": ("producer", "lz4", "snappy", "zstd")}

_KEY = "compression.type"


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic whose effective compression is not allowed."""
    allowed = options.texts("allow")
    default = options.default(_KEY)
    for declared in topology.topics:
        value = declared.spec.config.get(_KEY, default)
        if value is not None and value.strip() not in allowed and not declared.dlq:
            source = "" if _KEY in declared.spec.config else " (the broker's default)"
            said = f'compression.type is "{value}"{source}, expected one of {", ".join(sorted(allowed))}'
            yield Note(config_place(declared, _KEY), said, "choose one of them, or add it to the rule's `allow`")

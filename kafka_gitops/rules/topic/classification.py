"""A topic that does not say how critical or how confidential it is.

Retention, access and on-call depend on it. With `values`, the label must be one of them. A placeholder (`TBD`,
`unknown`, nothing) is no label. The rule is off until it is configured; the case of a metadata key, and `-`, `_` and
`.` in it, do not count.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    metadata: {owner: team-pay}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    metadata: {classification: internal}
```

Options: `keys` (`classification`, `data-classification`, `confidentiality`, `criticality`, `data-criticality`), the
metadata keys that may hold it; `values` (any), the labels that there are.
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options, label, name_place

NAME = "topic-classification"
SEVERITY = Severity.off
ALONE = True
OPTIONS: Mapping[str, object] = {
    "keys": ("classification", "data-classification", "confidentiality", "criticality", "data-criticality"),
    "values": (),
}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic without a label, and each label that is none of those known."""
    keys, values = options.texts("keys"), options.texts("values")
    known = ", ".join(values) or "LABEL"
    for declared in topology.topics:
        if declared.dlq:
            continue
        found = label(declared, keys)
        if found is None:
            help = f"say it: metadata: {{{keys[0] if keys else 'classification'}: {known}}}"
            yield Note(name_place(declared), f'topic "{declared.name}" has no classification', help)
        elif values:
            for node in found.items or [found]:
                if node.text not in values:
                    yield Note(node.head, f'"{node.text}" is not a classification', f"expected one of: {known}")

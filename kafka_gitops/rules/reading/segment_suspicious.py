"""A top-level key that can hardly be meant as a part of names.

Every top-level key with a text is a part of each name of the file, as in JulieOps: `region: eu` makes
`acme.eu.pay.orders` of `acme.pay.orders`. So one line at the wrong depth, or one misspelt key, makes a new topic of
every topic. Found are topic configs, keys that are nearly known ones (while the right one is absent), and a mapping or
a list, which makes an empty part; `x-...` with one of these is a place for anchors. `naming: {segments: [KEY]}` in
kafka-gitops.yaml accepts a key that is meant; what only has the name of another key is `segment-unusual`.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config:
      num.partitions: "3"
retention.ms: "86400000"
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config:
      num.partitions: "3"
      retention.ms: "86400000"
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "segment-suspicious"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}

"""A top-level key that is the name of a key of projects, topics, users or kafka-gitops.yaml.

At the top of a topology file every key with a text is a part of each name of the file. One that is known at another
depth, such as `name` or `principal`, may only have lost its indentation. `naming: {segments: [KEY]}` in
kafka-gitops.yaml accepts it; what can hardly be meant is `segment-suspicious`.

Bad:

```yaml
context: acme
group: settlement
projects:
- name: pay
  topics:
  - name: orders
```

Good:

```yaml
context: acme
region: eu
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - {principal: User:app, group: settlement}
```
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "segment-unusual"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}

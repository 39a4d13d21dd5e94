"""A file changed, but the topics and rights that it declares did not.

The change reads as if it did something: a value in other quotes, a config that equals its plan's, an entry moved.
Either something was forgotten, or it is only tidying: then nothing is to be applied. Comments, blank lines, `metadata`
and what is not managed (ksqlDB, RBAC) do not count as a change of the file.

Bad:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "6"}
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: 6}
```

Good:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "6"}
# after
context: acme
projects:
- name: pay
  topics:
  # more for the sale
  - name: orders
    config: {num.partitions: "9"}
```
"""

from collections.abc import Collection, Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.change.rule import readable
from kafka_gitops.rules.contract import Options
from kafka_gitops.text.source import Node, Source

NAME = "change-no-effect"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}


_SILENT = {"metadata", "schemas", "subject.name.strategy", "artefacts", "artifacts", "rbac", "quotas"}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each file whose values differ while its topics, bindings, removals and expectations are the same."""
    if not readable(after):
        return
    differ = (now for path, now in after.sources.items() if _differs(before.sources.get(path), now))
    changed = {now.path: now.root for now in differ if now.root is not None}
    if not changed:
        return
    old, new = _meanings(before, changed), _meanings(after, changed)
    for path, root in changed.items():
        if old.get(path) == new.get(path):
            said = "the file changed, but it declares the same as before: there is nothing to apply"
            yield Note(root.head, said, "fine for tidying; else look for what was forgotten", subject=path)


def _differs(was: Source | None, now: Source) -> bool:
    if was is None or was.text == now.text or was.root is None or now.root is None:
        return False
    return _values(was.root) != _values(now.root)


def _values(node: Node) -> object:
    """A tree as plain data, scalars with their quotes, without what has no effect on purpose."""
    if node.is_map:
        return {key: _values(child) for key, child in node.map.items() if key not in _SILENT}
    return [_values(item) for item in node.items] if node.is_list else (node.raw, node.plain)


def _meanings(topology: Topology, paths: Collection[str]) -> dict[str, set[object]]:
    """What each of these files declares."""
    found: dict[str, set[object]] = {}
    for topic in topology.topics:
        if topic.node.path in paths:
            spec = (topic.spec.partitions, topic.spec.replication, *sorted(topic.spec.config.items()))
            found.setdefault(topic.node.path, set()).add((topic.name, spec, topic.protected, topic.keyed))
    for one in topology.declared:
        found.setdefault(one.node.path, set()).add((one.key, repr(one.spec), one.flags))
    for grant in topology.grants:
        if grant.node.path in paths:
            found.setdefault(grant.node.path, set()).update(grant.acls)
    for removal in topology.removals:
        found.setdefault(removal.node.path, set()).add(("removed", removal.key, removal.part, removal.release))
    for revoked in topology.acl_removals:
        found.setdefault(revoked.node.path, set()).update(("removed", acl) for acl in revoked.acls)
    for release in topology.releases:
        names = (release.project, release.context, *release.lists.items())
        found.setdefault(release.node.path, set()).update((names, *(("released", acl) for acl in release.acls)))
    for test in topology.access:
        expected = (test.principal, test.wanted, test.operation, test.resources, test.host)
        found.setdefault(test.node.path, set()).add(expected)
    return found

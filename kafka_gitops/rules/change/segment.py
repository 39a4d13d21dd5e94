"""A change of a top-level key that moves all names of a file.

Every top-level key with a text is a part of each name of its file. Whoever adds, changes, moves or deletes one gets
new, empty topics, and leaves the records under the old names.

Bad:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
# after
context: acme
region: eu
projects:
- name: pay
  topics:
  - name: orders
```

Good:

```yaml
# before
context: acme
projects:
- name: pay
  topics:
  - name: orders
# after
context: acme
projects:
- name: pay
  topics:
  - name: orders
  - name: refunds
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity, Span
from kafka_gitops.model import TopicDecl, Topology
from kafka_gitops.rules.change.rule import before_at, gone
from kafka_gitops.rules.contract import Options
from kafka_gitops.text.source import Node

NAME = "change-segment"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each file whose parts of names differ and whose topics are gone under their old names."""
    lost: dict[str, list[TopicDecl]] = {}
    for was in gone(before, after):
        if was.project is not None:
            lost.setdefault(was.node.path, []).append(was)
    for path, topics in lost.items():
        old, new = (_root(one, path) for one in (before, after))
        if old is not None and new is not None:
            found = _difference(before.segments.get(path, {}), after.segments.get(path, {}), old, new)
            now = next((one for one in after.topics if one.node.path == path and _same(one, topics[0])), None)
            if found is not None and now is not None:
                said, place, was_at = found
                count = f"{len(topics):,} topic{'s' * (len(topics) != 1)} of this file"
                said += f': {count} would be new and empty, such as "{now.name}" instead of "{topics[0].name}"'
                yield Note(place, said, "undo it, or move the topics first", was_at, topics[0].name)


def _root(topology: Topology, path: str) -> Node | None:
    source = topology.sources.get(path)
    return source.root if source is not None else None


def _same(one: TopicDecl, other: TopicDecl) -> bool:
    """Whether two topics have the same own name in a project of the same name."""
    return one.project == other.project and one.node.at("name") is not None and _own(one) == _own(other)


def _own(one: TopicDecl) -> str | None:
    node = one.node.get("name")
    return node.text if node is not None else None


def _difference(
    old: Mapping[str, str], new: Mapping[str, str], was: Node, now: Node
) -> tuple[str, Span, tuple[tuple[Span, str], ...]] | None:
    """What the change does to the parts of names, where, and where it was; None where it does nothing."""
    for key, text in new.items():
        place = now.map[key].key_span
        if key not in old:
            return f'the key "{key}" is new and a part of every name', place, ()
        if old[key] != text:
            said = f'"{key}" is a part of every name and changes from "{old[key]}" to "{text}"'
            return said, place, before_at(was.map[key].key_span)
    for key in old:
        if key not in new:
            said = f'the key "{key}" was a part of every name and is gone'
            return said, now.head, before_at(was.map[key].key_span)
    if list(old) != list(new):
        return f"the parts of names are in another order: {', '.join(new)}", now.head, before_at(was.head)
    return None

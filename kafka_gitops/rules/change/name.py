"""A topic seems to be renamed: Kafka cannot do that.

A new name is a new, empty topic; the records, the consumers' offsets and the rights stay with the old one. A topic that
is gone and a new one with the same settings count as a rename where their names are alike, where the new one stands in
the place of the old one, or where only the project's name has changed.

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
projects:
- name: pay
  topics:
  - name: orders-v2
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
  - name: orders-v2
```
"""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import TopicDecl, Topology
from kafka_gitops.rules.change.rule import before_at, gone, names
from kafka_gitops.rules.contract import Options, name_place

NAME = "change-name"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}


ALIKE = 0.6  # of difflib's ratio, from which on a name reads as another form of the other
MOST = 200  # new names of a project that one is compared with
MOST_IN_ALL = 50_000  # comparisons of a run: some seconds


def check(before: Topology, after: Topology, options: Options) -> Iterator[Note]:
    """Yield each new topic that looks like one that is gone under another name."""
    old = names(before)
    new = {name: one for name, one in names(after).items() if name not in old}
    if not new:
        return
    places = {**_places(before), **_places(after)}
    alike: dict[tuple[str | None, ...], list[TopicDecl]] = {}
    for one in new.values():
        for key in ((one.project, _short(one)), (_short(one),), ("in", one.project, "")):
            alike.setdefault(key, []).append(one)
    left = MOST_IN_ALL
    for was in gone(before, after):
        if left <= 0:
            return
        keys = ((was.project, _short(was)), (_short(was),), ("in", was.project, ""))
        near = next(filter(None, ([one for one in alike.get(key, ())[:MOST] if one.name in new] for key in keys)), [])
        left -= len(near)
        score, name = max(((_likeness(was, one, places), one.name) for one in near), default=(0.0, ""))
        if score >= ALIKE:
            yield _note(was, new.pop(name))


def _note(was: TopicDecl, now: TopicDecl) -> Note:
    return Note(
        name_place(now),
        f'looks like a rename of "{was.name}": Kafka makes a new, empty topic, the records stay in the old one',
        "move its users first, then say under `removed:` what becomes of the old topic",
        before_at(name_place(was)),
        now.name,
    )


def _likeness(was: TopicDecl, now: TopicDecl, places: Mapping[int, tuple[int, int]]) -> float:
    """From 0 to 1; 0 where the settings differ."""
    if was.spec != now.spec:
        return 0.0
    old, new = _short(was), _short(now)
    ratio = 1.0 if old == new else SequenceMatcher(None, old, new).ratio()
    return max(ratio, ALIKE) if places[id(was)] == places[id(now)] else ratio


def _short(declared: TopicDecl) -> str:
    node = declared.node.get("name")
    return node.text if node is not None else declared.name


def _places(topology: Topology) -> dict[int, tuple[int, int]]:
    """For each declaration its number in its project's list, and how many stand there."""
    lists: dict[tuple[str, str | None], list[TopicDecl]] = {}
    for declared in topology.topics:
        if not declared.dlq:
            lists.setdefault((declared.node.path, declared.project), []).append(declared)
    return {id(one): (number, len(each)) for each in lists.values() for number, one in enumerate(each)}

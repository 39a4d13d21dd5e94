"""What a schema refers to is not there, or refers back to it.

A name, `$ref` or `import` that neither the schema nor one of its `references` explains; a reference to a subject that
no file declares and that is not marked with `foreign: true` as somebody else's; a circle of references, which no order
of registration satisfies.

Bad:

```yaml
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "to", "type": "com.acme.Address"}]}
context: acme
schemas:
- subject: acme.pay.orders-value
  file: schemas/order.avsc
```

Good:

```yaml
# schemas/order.avsc:
#   {"type": "record", "name": "Order", "fields": [
#     {"name": "to", "type": "com.acme.Address"}]}
context: acme
schemas:
- subject: acme.pay.orders-value
  file: schemas/order.avsc
  references: [{name: com.acme.Address, subject: acme.common.address, version: 3, foreign: true}]
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.kinds.schema.declared import One
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.schema.entries import by_subject, entries, problems
from kafka_gitops.shape.found import near

NAME = "schema-reference"
SEVERITY = Severity.error
ALONE = False
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each reference that leads nowhere, and each circle once, with all its places."""
    known = by_subject(topology)
    for entry in entries(topology):
        yield from _missing(entry, known)
    yield from _circles(known)
    yield from problems(topology, "reference")


def _missing(entry: One, known: Mapping[str, One]) -> Iterator[Note]:
    for one in entry.spec.references:
        item = entry.reference(one.name)
        foreign = item.get("foreign") if item is not None else None
        if one.subject not in known and (foreign is None or foreign.value is not True):
            place = item.at("subject") if item is not None else entry.at("references")
            meant = near(one.subject, tuple(known))
            help = f'did you mean "{meant}"?' if meant else "declare it, or write `foreign: true` where it is another's"
            yield Note(place, f'no file declares the subject "{one.subject}"', help)


def _circles(known: Mapping[str, One]) -> Iterator[Note]:
    done: set[str] = set()
    for subject in known:
        path: list[str] = []
        left: list[tuple[str, int]] = [(subject, 0)]
        while left:  # a stack of its own: a chain of references may be as long as there are subjects
            name, index = left.pop()
            del path[len(left) :]
            uses = [one.subject for one in known[name].spec.references if one.subject in known]
            if index == 0 and name in done:
                continue
            path.append(name)
            done.add(name)
            if index < len(uses):
                left.append((name, index + 1))
                after = uses[index]
                if after in path:
                    yield _circle([known[one] for one in path[path.index(after) :]])
                elif after not in done:
                    left.append((after, 0))


def _circle(circle: list[One]) -> Note:
    places = []
    for entry, after in zip(circle, [*circle[1:], circle[0]], strict=True):
        name = next(one.name for one in entry.spec.references if one.subject == after.subject)
        item = entry.reference(name)
        places.append(item.at("subject") if item is not None else entry.at("references"))
    names = " -> ".join(entry.subject for entry in [*circle, circle[0]])
    related = tuple((place, f"{entry.subject} refers on") for place, entry in zip(places[1:], circle[1:], strict=True))
    said = f"these schemas refer to each other in a circle: {names}"
    return Note(places[0], said, "move what both need to a subject of its own", related)

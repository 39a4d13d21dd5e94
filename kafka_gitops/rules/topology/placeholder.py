"""A placeholder in a topic's name or a principal, or in a config that Kafka would refuse.

Variables are not replaced in topology files, only `${values.NAME}` is: `User:${APP_USER}` is the principal of that very
name, which nobody has, and no topic can be called so. Write what is meant; where environments differ, write
`${values.NAME}` and define it under `values` of each environment in kafka-gitops.yaml. Looked for are `${X}`, `$(X)`,
`{{ x }}`, `{% x %}`, `{x}`, `#{X}#`, `%X%`, `@X@`, `<x>` and `<% x %>`. In groups, transactional ids and configs that
Kafka takes it is `placeholder-text`.

Bad:

```yaml
context: acme
projects:
- name: pay
  consumers:
  - principal: "User:${APP_USER}"
    group: billing
  topics:
  - name: "orders-{{ env }}"
```

Good:

```yaml
context: acme
projects:
- name: pay
  consumers:
  - principal: "User:billing"
    group: billing
  topics:
  - name: "orders-dev"
```
"""

from collections.abc import Iterator, Mapping

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Severity, Span
from kafka_gitops.model import TopicDecl, Topology
from kafka_gitops.rules.contract import Options, config_place, name_place
from kafka_gitops.rules.names import Said, of_access, of_grants, of_removals
from kafka_gitops.rules.placeholders import BEGINS, placeholder
from kafka_gitops.text.source import Node

NAME = "placeholder"
SEVERITY = Severity.error
ALONE = False
OPTIONS: Mapping[str, object] = {}

STRICT = ("topic", "principal", "user")  # what no placeholder can be the name of
HELP = "write the value itself; if environments differ, write ${values.NAME} and define it in kafka-gitops.yaml"


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic, principal and unusable config with a placeholder; what many names share is told once."""
    yield from _topics(topology)
    judge = lambda what, name: said(what, name) if what in STRICT else None  # noqa: E731
    yield from of_removals(topology, judge)
    yield from of_access(topology, judge)
    yield from of_grants(topology, judge, BEGINS)
    yield from configs(topology, options, refused=True)


def said(what: str, name: str) -> Said | None:
    """That variables are not replaced in a name; None where there is none."""
    found = placeholder(name)
    return (f'{found} in the {what} "{name}": only ${{values.NAME}} is replaced here', HELP) if found else None


def configs(topology: Topology, options: Options, *, refused: bool) -> Iterator[Note]:
    """Each config value with a placeholder that Kafka would refuse, or take."""
    said: dict[tuple[str, str], str] = {}
    for key, value in topology.configs:
        found = placeholder(value)
        if found and (catalog.check(key, value, options.kafka_version) is not None) is refused:
            said[key, value] = f"{found} in {key}: only ${{values.NAME}} is replaced here"
    for declared in topology.topics if said else ():
        for pair in declared.spec.config.items() if not declared.dlq else ():
            if pair in said:
                yield Note(config_place(declared, pair[0]), said[pair], HELP)


def _topics(topology: Topology) -> Iterator[Note]:
    seen: set[Span] = set()
    for declared in topology.topics:
        begins = not declared.dlq and BEGINS.search(declared.name)
        if not begins or (found := placeholder(declared.name)) is None:
            continue
        place = _written(topology, declared, found)
        if place not in seen:
            seen.add(place)
            told = said("topic", declared.name)
            assert told is not None
            yield Note(place, *told)


def _written(topology: Topology, declared: TopicDecl, found: str) -> Span:
    """Where a placeholder of a topic's full name was written: in its own name, or in a part that others share."""
    name = declared.node.get("name")
    source = topology.sources.get(declared.node.path)
    if source is None or source.root is None or (name is not None and found in name.text):
        return name_place(declared)
    shared: list[Node] = [*source.root.map.values()]
    projects = source.root.get("projects")
    shared += [one for project in (projects.items if projects else ()) if (one := project.get("name")) is not None]
    return next((node.span for node in shared if node.raw is not None and found in node.raw), name_place(declared))

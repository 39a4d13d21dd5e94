"""A part as plain data (what JSON knows, and tuples) and back: for another process, and for the next run."""

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from importlib import import_module
from typing import Any, TypeAlias

from kafka_gitops import diagnostics
from kafka_gitops.diagnostics import Span
from kafka_gitops.model import Access, Acl, AclRemoval, Declared, Grant, Key, Release, Removal, Topic, TopicDecl
from kafka_gitops.reading.bounds import Bindings
from kafka_gitops.reading.part import Meeting, Part
from kafka_gitops.shape.found import Found
from kafka_gitops.text.later import Later
from kafka_gitops.text.node import Node
from kafka_gitops.text.source import Source

Plain: TypeAlias = Any
Steps: TypeAlias = tuple[str | int, ...]
_NO_ENTRIES = ("config", "metadata")  # keys of a topic below which nothing is declared
_SPECS = "kafka_gitops.kinds."  # where the classes of specs are
_acl, _span = partial(tuple.__new__, Acl), partial(tuple.__new__, Span)


def dump(part: Part, source: Source) -> Plain | None:
    """All of a part but the tree: nodes are the paths to them. None where a node is not of the file's tree."""
    nodes: dict[int, tuple[int, Node]] = {}

    def at(one: Any) -> int:
        return nodes.setdefault(id(one.node), (len(nodes), one.node))[0]

    specs: dict[int, tuple[int, Topic]] = {}

    def of(topic: TopicDecl) -> int:
        return specs.setdefault(id(topic.spec), (len(specs), topic.spec))[0]

    forms: dict[tuple[str, ...], int] = {}  # bindings but for their names: each file has few

    def bound(acls: Iterable[Acl]) -> list[tuple[int, str]]:
        return [(forms.setdefault(acl[:-1], len(forms)), acl[-1]) for acl in acls]

    declarations = (
        [(one.name, of(one), at(one), one.project, one.plan, one.dlq, one.protected, one.keyed) for one in part.topics],
        [(one.role, one.principal, at(one), one.project, bound(one.acls)) for one in part.grants],
        [(*one.key, _packed(one.spec), at(one), one.project, sorted(one.flags)) for one in part.declared],
        [(*one.key, one.release, one.because, at(one), one.part) for one in part.removals],
        [(bound(one.acls), one.because, at(one)) for one in part.acl_removals],
        [(one.principal, one.wanted, one.operation, one.resources, one.host, at(one)) for one in part.access],
        [(one.because, at(one), one.project, one.context, dict(one.lists), bound(one.acls)) for one in part.releases],
    )
    steps = _steps(source.root, nodes.keys()) if source.root is not None else {}
    if len(steps) < len(nodes):
        return None
    return (
        [steps[identity] for identity in nodes],
        [(spec.partitions, spec.replication, dict(spec.config)) for _, spec in specs.values()],
        [*forms],
        declarations,
        _rest(part),
    )


def load(plain: Plain, source: Source) -> Part:
    """The part again; its nodes are looked up in the file when somebody asks."""
    steps, topics, forms, declarations, rest = plain

    def bindings(acls: Iterable[tuple[int, str]]) -> tuple[Acl, ...]:
        return tuple([_acl((*forms[form], name)) for form, name in acls])

    nodes = [Later(source, one) for one in steps]
    specs = [Topic(*one) for one in topics]
    part = _with_rest(rest)
    part.topics = [TopicDecl(name, specs[spec], nodes[at], *more) for name, spec, at, *more in declarations[0]]
    part.grants = [
        Grant(role, who, nodes[at], project, bindings(acls)) for role, who, at, project, acls in declarations[1]
    ]
    part.declared = [
        Declared(Key(kind, name), _unpacked(spec), nodes[at], project, frozenset(flags))
        for kind, name, spec, at, project, flags in declarations[2]
    ]
    part.removals = [
        Removal(Key(kind, name), release, because, nodes[at], narrowed)
        for kind, name, release, because, at, narrowed in declarations[3]
    ]
    part.acl_removals = [AclRemoval(bindings(acls), because, nodes[at]) for acls, because, at in declarations[4]]
    part.access = [
        Access(who, wanted, operation, tuple(map(tuple, resources)), host, nodes[at])
        for who, wanted, operation, resources, host, at in declarations[5]
    ]
    part.releases = [
        Release(because, nodes[at], project, context, {name: tuple(one) for name, one in lists.items()}, bindings(acls))
        for because, at, project, context, lists, acls in declarations[6]
    ]
    return part


def let_go(part: Part, source: Source) -> None:
    """Give a file's tree back: what the part declares of it is looked up when somebody asks."""
    path = source.path
    lists: list[list[Any]] = [
        part.topics, part.grants, part.declared, part.removals, part.acl_removals, part.access, part.releases
    ]  # fmt: skip
    wanted = {id(one.node) for some in lists for one in some if one.node.path == path}
    steps = _steps(source.root, wanted) if source.root is not None else {}
    nodes = {identity: Later(source, way) for identity, way in steps.items()}
    for some in lists:
        some[:] = [one._replace(node=nodes.get(id(one.node), one.node)) for one in some]
    source.let_go()


def _rest(part: Part) -> Plain:
    """What has no nodes."""
    bindings = part.bindings
    return (
        diagnostics.plain(part.problems),
        part.notes,
        {what: [*map(tuple, places)] for what, places in part.unmanaged.items()},
        {path: dict(segments) for path, segments in part.segments.items()},
        (bindings.multiplied, bindings.most, bindings.full, part.planned, part.elsewhere),
        (part.passed, sorted(part.named), [*part.used], sorted(part.asked), part.others),
        [(*key, diagnostics.plain(found)) for key, found in part.checked.items()],
        [(one.context, one.project, tuple(one.span)) for one in part.met],
        part.secrets,
    )


def _with_rest(plain: Plain) -> Part:
    problems, notes, unmanaged, segments, counts, names, checked, met, secrets = plain
    multiplied, most, full, planned, elsewhere = counts
    passed, named, used, asked, others = names
    part = Part()
    part.problems = Found(diagnostics.of_plain(problems))
    part.notes = notes
    part.unmanaged = {what: [*map(_span, places)] for what, places in unmanaged.items()}
    part.segments = segments
    part.bindings = Bindings(multiplied, most, full=full)
    part.planned = planned
    part.elsewhere = elsewhere
    part.passed = passed
    part.named = set(named)
    part.used = dict.fromkeys(used)
    part.asked = set(asked)
    part.others = tuple(others) if others is not None else None
    part.checked = {(kind, text): diagnostics.of_plain(found) for kind, text, found in checked}
    part.met = [Meeting(context, project, _span(span)) for context, project, span in met]
    part.secrets = secrets
    return part


def _steps(root: Node, wanted: Collection[int]) -> dict[int, Steps]:
    """The path to each of these nodes, by its id; what an alias repeats is walked once."""
    found: dict[int, Steps] = {}
    waiting: list[tuple[Node, Steps]] = [(root, ())]
    seen: set[int] = set()
    while waiting and len(found) < len(wanted):
        node, steps = waiting.pop()
        if node.size:
            if id(node.children) in seen:
                continue
            seen.add(id(node.children))
        below: Iterable[tuple[str | int, Node]] = node.map.items() if node.is_map else enumerate(node.items)
        for key, child in below:
            if id(child) in wanted:
                found.setdefault(id(child), (*steps, key))
            if child.children and key not in _NO_ENTRIES:
                waiting.append((child, (*steps, key)))
    return found


def _packed(value: Any) -> Plain:
    """A spec of a kind: NamedTuples or dataclasses of texts, numbers, mappings and tuples."""
    names = getattr(value, "_fields", None) or getattr(value, "__dataclass_fields__", None)
    if names is not None:
        kind = type(value)
        return [f"{kind.__module__}:{kind.__qualname__}", *(_packed(getattr(value, name)) for name in names)]
    if isinstance(value, Mapping):
        return {key: _packed(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return ["", *map(_packed, value)]
    assert value is None or isinstance(value, str | int | float), value
    return value


def _unpacked(plain: Plain) -> Any:
    """A spec again. Raises ValueError for what is no spec of a kind."""
    if isinstance(plain, Mapping):
        return {key: _unpacked(one) for key, one in plain.items()}
    if not isinstance(plain, list):
        return plain
    name, *values = plain
    if not name:
        return tuple(map(_unpacked, values))
    module, _, called = name.partition(":")
    kind = getattr(import_module(module), called, None) if module.startswith(_SPECS) else None
    if kind is None or (not hasattr(kind, "_fields") and not hasattr(kind, "__dataclass_fields__")):
        raise ValueError(f"{name} is no spec of a kind")
    return kind(*map(_unpacked, values))

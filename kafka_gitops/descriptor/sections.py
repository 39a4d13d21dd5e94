"""What the language has beyond the reference: its own sections and those of the kinds, and the grammar with them."""

from collections.abc import Iterator, Mapping
from functools import cache, partial
from importlib import import_module

from kafka_gitops.descriptor import shapes
from kafka_gitops.kinds import KINDS, LINES
from kafka_gitops.kinds.section import Section
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place
from kafka_gitops.shape.check import AnyOf, Anything, Late, ListOf, Map, Marked, Shape
from kafka_gitops.tables import Table
from kafka_gitops.text.source import Node


def _reserved(name: str) -> Section:
    """A name that is kept for later: a list or a mapping under it is refused, so that it will be free then."""

    def read(draft: Draft, node: Node, _place: Place | None) -> None:
        help = "the name is reserved; as a part of the names it must be plain text"
        draft.error(node.key_span, "unknown-key", f'top-level "{name}" is not supported yet', help)

    return Section(name, ("file",), Anything(), {}, read)


# {key: module of this room that has it}; a misspelt one is found, where a kind's name may be a part of names
OWN = {
    "acls": "bindings",
    "removed": "removed",
    "access": "access",
}
KIND = {section: name for name, line in LINES.items() for section in line.sections}
_FORMS = {form: name for name, line in LINES.items() for form in line.forms}
RESERVED = ("offsets",)


def _section(name: str) -> Section:
    """The section of a name, whose module is loaded by that."""
    if name in RESERVED:
        return _reserved(name)
    if name in OWN:
        own: Section = import_module(f"kafka_gitops.descriptor.{OWN[name]}").SECTION
        return own
    return next(one for one in KINDS[KIND[name]].SECTIONS if one.name == name)


AT_TOP: Mapping[str, Section] = Table((*RESERVED, *OWN, *KIND), _section)
IN_PROJECTS: Mapping[str, Section] = Table(("acls", *KIND), AT_TOP.__getitem__)
WITHOUT_CONTEXT = frozenset(("access",))  # a file of tests alone: its names are full ones


def is_section(name: str, node: Node) -> bool:
    """Whether a top-level key is a section: any other value under it is a part of names, as in the reference.

    A kind's is a list. Of the older ones a mapping is told to be a list.
    """
    return name in AT_TOP and (node.is_list or (node.is_map and name in OWN))


def read(draft: Draft, section: Section, node: Node, place: Place | None) -> None:
    """Look at a section and take in what it says."""
    draft.look(node, section.shape)
    section.read(draft, node, place)


def read_form(draft: Draft, form: str, node: Node, place: Place | None) -> None:
    """Take in what JulieOps' own form of a kind's declarations says."""
    KINDS[_FORMS[form]].FORMS[form](draft, node, place)


def ours(section: Section, node: Node) -> tuple[Node, Node]:
    """A list that JulieOps has too, as what keeps its meaning there and what is the kind's."""
    mine = [item for item in node.items if any(mark in item.map for mark in section.marks)]
    return (node.only([item for item in node.items if item not in mine]) if mine else node), node.only(mine)


def project(given: frozenset[str] = frozenset()) -> Map:
    """The grammar of a project; `given` are names that belong to custom roles."""
    keys = {name: shape for name, shape in shapes.PROJECT.keys.items() if name not in given}
    for name in keys.keys() & IN_PROJECTS.keys():
        keys[name] = Late(partial(_both, name))
    return shapes.PROJECT._replace(keys=keys)


@cache
def file(given: frozenset[str] = frozenset()) -> Map:
    """The grammar of a topology file, without its sections: a text under one is a part of names."""
    projects = shapes.PROJECTS._replace(item=project(given))
    return shapes.FILE._replace(keys={**shapes.FILE.keys, "projects": projects})


@cache
def _both(name: str) -> Shape:
    """What a project's key is, which JulieOps has too."""
    return _either(shapes.PROJECT.keys[name], IN_PROJECTS[name])


def _either(julie: Shape, section: Section) -> Shape:
    """A list that is JulieOps' and a kind's, item by item; a mapping is JulieOps' alone."""
    if isinstance(julie, AnyOf):
        return AnyOf(tuple(_either(one, section) if isinstance(one, ListOf) else one for one in julie.shapes))
    assert isinstance(julie, ListOf) and isinstance(section.shape, ListOf), section.name
    return julie._replace(item=Marked(julie.item, section.shape.item, section.marks, "principal"))


def described() -> list[Section]:
    """The sections that have a meaning."""
    return [AT_TOP[name] for name in (*OWN, *KIND)]


def words() -> Iterator[tuple[str, str, str]]:
    """What each key of these sections means: what its mapping is called, the key, the text."""
    for section in described():
        for mapping in _mappings(section.shape):
            for key in mapping.keys:
                text = section.says.get(f"{mapping.called}.{key}", section.says.get(key))
                if text is not None:
                    yield mapping.called, key, text


def _mappings(shape: Shape) -> Iterator[Map]:
    """Every mapping of a shape."""
    if isinstance(shape, Map):
        yield shape
        for one in (*shape.keys.values(), *((shape.others,) if shape.others else ())):
            yield from _mappings(one)
    elif isinstance(shape, ListOf):
        yield from _mappings(shape.item)
    elif isinstance(shape, Late):
        yield from _mappings(shape.make())
    elif isinstance(shape, AnyOf):
        for one in shape.shapes:
            yield from _mappings(one)

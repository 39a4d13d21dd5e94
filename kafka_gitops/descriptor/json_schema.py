"""The JSON Schemas of topology, plans and roles files, for editors, from the tables that our own checks use."""

from collections.abc import Callable

from kafka_gitops.catalog.topics import known
from kafka_gitops.descriptor import bindings, json_values, sections, shapes
from kafka_gitops.descriptor.json_valued import valued
from kafka_gitops.descriptor.merge import RESOURCES
from kafka_gitops.descriptor.roles_file import PATTERNS, ROLES
from kafka_gitops.descriptor.says import says
from kafka_gitops.descriptor.shapes import CUSTOM, SCHEMA
from kafka_gitops.kinds.section import Section
from kafka_gitops.reading.plans import PLANS
from kafka_gitops.shape.check import Map, Shape
from kafka_gitops.shape.json_schema import DRAFT, MAYBE, SCALAR, Json, of, one_of

Part = dict[str, Json]


def topology() -> Json:
    """The schema of a topology file."""
    defs: Part = {}
    root = _file(sections.file(), "A topology: topics and who may use them.", defs)
    segment: Json = {**MAYBE, "description": "A segment of every name in this file, after the ones above it."}
    properties = _part(root, "properties")
    for name, section in sections.AT_TOP.items():
        properties[name] = _section(section, MAYBE, defs) if section.says else segment
    root["additionalProperties"] = segment
    named: list[Json] = [{"required": [name]} for name in RESOURCES]
    named += [{"required": [name], "properties": {name: {"type": "array"}}} for name in sections.KIND]
    alone: list[Json] = [{"required": [name], "maxProperties": 1} for name in sections.WITHOUT_CONTEXT]
    root["anyOf"] = [{"required": ["context"], "anyOf": named}, *alone]
    _by_code(defs)
    _topic_configs(defs["topic"])
    _names(defs)
    _principals([root, defs], defs)
    defs["principal"] = json_values.principal()
    root["propertyNames"] = {"not": {"enum": sorted(known())}}  # a topic config at column 0 would rename every topic
    root["allOf"] = json_values.where_absent(("context", *RESOURCES))
    return valued({**root, "$defs": defs})


def _names(defs: Part) -> None:
    """What names may be, and which keys of a project are a slip of the pen."""
    _part(defs["topic"], "properties")["name"].update(json_values.TOPIC_NAME)
    item = _part(defs["item-of-acls"], "properties")
    for key, shape in (
        ("topics", json_values.TOPIC_PATTERN),
        *((key, json_values.NAME) for key in ("groups", "transactional_ids")),
        *((key, json_values.OPERATION) for key in ("allow", "deny")),
    ):
        item[key]["items"] = dict(shape) if key in ("allow", "deny") else bindings.pattern(shape)
    ours = [name for name in sections.OWN if name in sections.IN_PROJECTS]
    defs["project"].update(json_values.not_nearly([*shapes.PROJECT.keys, *ours]))


def _by_code(defs: Part) -> None:
    """What stands in code and not in the tables, because it depends on other keys or files."""
    schema = of(SCHEMA, says, defs)
    topic, project = _part(defs["topic"], "properties"), _part(defs["project"], "properties")
    topic["schemas"] = {**topic["schemas"], "anyOf": [schema, {"type": "array", "items": schema}, {"type": "null"}]}
    for name, section in sections.IN_PROJECTS.items():
        text = section.says[name]
        if name in project:
            project[name]["description"] = f"{project[name]['description']} Or: {text}"
        else:
            project[name] = {"description": text, **of(section.shape, says, defs)}
    defs["project"]["additionalProperties"] = {
        "description": "The users of the custom role of this name.",
        **of(CUSTOM, says, defs),
    }
    for section in sections.described():
        section.refine(defs)


def _section(section: Section, or_else: Json, defs: Part) -> Json:
    """A section with what it means; anything else under its name is what it is without it."""
    return {"description": section.says[section.name], "anyOf": [of(section.shape, says, defs), or_else]}


def plans() -> Json:
    """The schema of a plans file."""
    defs: Part = {}
    root = _file(PLANS, "Plans: topic configs by name, for topics that name one.", defs)
    _topic_configs(defs["plan"])
    return valued({**root, "$defs": defs})


def roles() -> Json:
    """The schema of a roles file."""
    defs: Part = {}
    root = _file(ROLES, "Custom roles: the bindings that an entry under a project's key of that name gets.", defs)
    acl = defs["role-s-acl"]
    acl |= one_of(("operation", "role"), "anyOf")
    pattern = _part(acl, "properties")["patternType"]
    pattern["enum"] = sorted(PATTERNS)
    del pattern["type"]
    return valued({**root, "$defs": defs})


FILES: dict[str, Callable[[], Json]] = {"topology": topology, "plans": plans, "roles": roles}


def _file(shape: Map, text: str, defs: Part) -> Json:
    """A root without reference, with its title."""
    reference: Shape = Map(shape.keys, shape.required, shape.others, called=shape.called)
    of(reference, says, defs)
    title = shape.called.removeprefix("a ")
    return {"$schema": DRAFT, "title": title, "description": text, **defs.pop(title.replace(" ", "-"))}


def _part(body: Json, name: str) -> Part:
    found = body[name]
    assert isinstance(found, dict)
    return found


def _topic_configs(body: Json) -> None:
    """Kafka's topic configs with its own words and values."""
    config = _part(body, "properties")["config"]
    config.update(json_values.configs())


def _principals(node: object, defs: Part) -> None:
    """Point every place that holds a principal with rights at one definition."""
    if isinstance(node, list):
        for item in node:
            _principals(item, defs)
    if not isinstance(node, dict):
        return
    properties = node.get("properties")
    if isinstance(properties, dict) and not any(node is defs.get(name) for name in _WITHOUT_RIGHTS):
        for name in {"principal", "principals"} & properties.keys():
            _refer(properties[name])
    referred = {str(choice.get("$ref", "")).removeprefix("#/$defs/") for choice in node.get("anyOf", ())}
    if any("principal" in _part(defs[name], "properties") for name in referred & defs.keys() - {*_WITHOUT_RIGHTS}):
        node["anyOf"] = [_PRINCIPAL if one == SCALAR else one for one in node["anyOf"]]
    for value in [*node.values()]:
        _principals(value, defs)


def _refer(body: Json) -> None:
    """Make a key's schema, or that of its items, the one of principals."""
    where = body.get("items", body)
    assert isinstance(where, dict)
    where.pop("type", None)
    where.update(_PRINCIPAL)


_WITHOUT_RIGHTS = ("instance", "quota", "role-s-user", "release")  # a bare name, a pattern, or what is not managed
_PRINCIPAL: Json = {"$ref": "#/$defs/principal"}

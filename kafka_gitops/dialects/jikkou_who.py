"""Jikkou's resources of principals: rights with roles, quotas, users."""

from collections.abc import Mapping

from kafka_gitops.dialects import taking
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.dialects.jikkou_shapes import BECAUSE, QUOTAS, SCRAM, deleted
from kafka_gitops.model import Acl
from kafka_gitops.text.source import Node
from kafka_gitops.writing.entries import Leaf

_TOOL = "Jikkou"


def names(known: Mapping[str, Node]) -> str:
    """What there is to refer to."""
    return ", ".join(sorted(known)) or "(none)"


def principal(estate: Estate, node: Node, known: Mapping[str, Node]) -> None:
    """The rights of a principal: those of its roles, and its own."""
    named, spec, revoked = node.map["metadata"].map["name"], node.map["spec"], deleted(node)
    estate.rest(spec, ("roles", "acls"), "spec.", {}, _TOOL)
    roles, own = spec.map.get("roles"), spec.map.get("acls")
    for ref in roles.items if roles is not None else ():
        if ref.text not in known:
            said = f'found the role "{ref.text}", which no file has, expected one of {names(known)}'
            estate.error(ref.head, said, "name its file too")
            continue
        given = known[ref.text].get("spec", "acls")
        for rule in given.items if given is not None else ():
            _grant(estate, rule, named.text, ref, revoked=revoked)
    for rule in own.items if own is not None else ():
        _grant(estate, rule, named.text, rule, revoked=revoked)


def _grant(estate: Estate, rule: Node, principal: str, at: Node, *, revoked: bool) -> None:
    resource, host = rule.map["resource"].map, rule.map.get("host")
    kind, pattern = resource["type"].text.upper(), resource["patternType"].text.upper()
    if pattern == "MATCH":
        why = "patternType MATCH depends on the topics that are there: write an item of acls for those that are meant"
        estate.leave(rule, f"rights of {principal}", why)
        return
    permission = rule.map.get("type")
    for operation in rule.map["operations"].items:
        acl = Acl(
            principal,
            "*" if host is None or host.is_null else host.text,
            operation.text.upper(),
            "ALLOW" if permission is None else permission.text.upper(),
            kind,
            pattern,
            resource["pattern"].text,
        )
        estate.grant(acl, at, revoked=revoked)


def quota(estate: Estate, node: Node) -> None:
    """A quota by its type and entity."""
    spec = node.map["spec"]
    kind, entity = spec.map["type"].text, spec.map.get("entity")
    estate.rest(spec, ("type", "entity", "configs"), "spec.", {}, _TOOL)
    who: dict[str, object] = {}
    for key, form in QUOTAS[kind].items():
        named = entity.map.get("user" if key == "user" else "clientId") if entity is not None else None
        if form is None and (named is None or named.is_null):
            other = "user" if key == "user" else "clientId"
            estate.error(spec.head, f"found a quota of type {kind} without {other}", f"write entity: {{{other}: NAME}}")
            return
        who[key] = form if form is not None or named is None else Leaf(named.text, named)
    if deleted(node):
        shown = " ".join(f"{key.replace('_', '-')}={_shown(one)}" for key, one in who.items())
        estate.remove("quota", shown, node, BECAUSE)
        return
    limits = spec.map.get("configs")
    found = {_snake(key): Leaf(one.value, one) for key, one in (limits.map if limits is not None else {}).items()}
    estate.add("quotas", {**who, **found}, node)


def _shown(one: object) -> str:
    text = str(one.value if isinstance(one, Leaf) else one)
    return f'"{text}"' if " " in text or '"' in text else text


def _snake(key: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in key)


def user(estate: Estate, node: Node) -> None:
    """A SCRAM user."""
    name, spec = node.map["metadata"].map["name"], node.map["spec"]
    if deleted(node):
        estate.remove("user", name.text, node, BECAUSE)
        return
    estate.rest(spec, ("authentications",), "spec.", {}, _TOOL)
    found: dict[str, tuple[int, Node | None]] = {}
    for one in spec.map["authentications"].items:
        iterations = taking.number(one.map.get("iterations"), 8192)
        found[SCRAM[one.map["type"].text]] = (iterations, one.map.get("password"))
        why = {"salt": "a new salt is drawn where the password is written"}
        estate.rest(one, ("type", "iterations", "password"), "spec.authentications.", why, _TOOL)
    taking.user(estate, name.text, found, node)

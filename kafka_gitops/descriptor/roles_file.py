"""The roles file: custom roles, and the bindings that they give to an entry."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache

from kafka_gitops.catalog.acls import operations, resource_types
from kafka_gitops.descriptor.shapes import CUSTOM, MAYBE, TEXT
from kafka_gitops.descriptor.topics import principal
from kafka_gitops.diagnostics import Span
from kafka_gitops.model import Acl
from kafka_gitops.reading.bounds import MOST_TEMPLATES
from kafka_gitops.reading.draft import Draft, Role, Usable
from kafka_gitops.reading.plans import span_of
from kafka_gitops.reading.templates import BadTemplate, template
from kafka_gitops.shape.check import ListOf, Map
from kafka_gitops.text.source import Node, Source

ROLES = Map(
    {
        "roles": ListOf(
            Map(
                {
                    "name": TEXT,
                    "acls": ListOf(
                        Map(
                            {
                                "resourceType": TEXT,
                                "resourceName": MAYBE,
                                "patternType": TEXT,
                                "host": TEXT,
                                "operation": TEXT,
                                "role": TEXT,
                                "permissionType": MAYBE,
                            },
                            ("resourceType", "resourceName", "patternType", "host"),
                            called="a role's acl",
                        ),
                        called="a list of acls",
                    ),
                },
                ("name", "acls"),
                called="a role",
            ),
            called="a list of roles",
        )
    },
    ("roles",),
    called="a roles file",
)
PATTERNS = frozenset(("LITERAL", "PREFIXED"))
_RBAC_ONLY = frozenset(("SUBJECT", "CONNECTOR", "KSQLCLUSTER"))


def read(draft: Draft, source: Source) -> None:
    """Fill `draft.roles` (name -> its node) from a roles file, its problems noted."""
    draft.problems.extend(source.problems)
    found: dict[str, Node] = {}
    draft.roles = found
    if source.root is None:
        if not source.problems:
            draft.error(span_of(source), "missing-key", 'a roles file needs the key "roles"', "the file is empty")
        return
    draft.look(source.root, ROLES)
    roles = source.root.get("roles")
    for role in roles.items if roles is not None else ():
        name = role.get("name")
        if name is None or name.raw is None:
            continue
        first = found.setdefault(name.text, role)
        if first is not role:
            related = ((first.head, "first here"),)
            draft.error(
                name.span, "duplicate-key", f'the role "{name.text}" is there twice', "keep one", related=related
            )


def role(draft: Draft, name: str) -> Role:
    """What a custom role can grant and what is wrong with it; looked at when it is first used."""
    assert draft.roles is not None
    if name not in draft.usable:
        acls, own = draft.roles[name].get("acls"), draft.for_file()
        usable = [*_usable_ones(own, acls.items if acls is not None else [])]
        draft.usable[name] = Role(usable, [*own.problems])
    return draft.usable[name]


def grant(draft: Draft, name: str, entries: Node, project: str) -> None:
    """Give every entry of a custom role's list the role's bindings."""
    draft.look(entries, CUSTOM)
    usable = role(draft, name).usable
    draft.use(name)
    for node in entries.items:
        who = principal(draft, node) if node.is_map else None
        if who is not None and draft.fits(node, len(usable), "give the role a prefix, or fewer acls and users"):
            variables = _variables(draft, node)
            bindings = (_binding(draft, acl, who, variables) for acl in usable)
            draft.grant(name, who, node, project, tuple(acl for acl in bindings if acl is not None))


def _usable_ones(draft: Draft, acls: Iterable[Node]) -> Iterator[Usable]:
    """What a role's acls can grant, each template read once."""
    for acl in acls:
        operation = _operation(acl)
        if not _is_usable(draft, acl, operation) or operation is None:
            continue
        name, host = acl.get("resourceName"), draft.optional(acl, "host")
        text = name.text if name is not None else ""
        render = _renderer(draft, acl.at("resourceName"), text)
        if render is not None:
            kind, pattern = acl.map["resourceType"].text.upper(), acl.map["patternType"].text
            yield Usable(acl, render, "*" if host is None else host, operation.text.upper(), kind, pattern)


def _renderer(draft: Draft, place: Span, text: str) -> Callable[[Mapping[str, str]], str] | None:
    """A function that makes the resource's name of an entry's variables; None where the template cannot be read."""
    if "{" not in text:
        return lambda _variables: text
    draft.templates.add(text)
    try:
        if len(draft.templates) > MOST_TEMPLATES:
            raise BadTemplate(f"more than {MOST_TEMPLATES:,} different templates are not read")
        return template(text)
    except BadTemplate as error:
        draft.error(place, "wrong-type", str(error))
        return None


def _variables(draft: Draft, node: Node) -> dict[str, str]:
    found = {key: draft.optional(node, key) for key in ("subject", "connector", "transactionId")}
    variables = {key: text for key, text in found.items() if text is not None}
    variables["topic"] = draft.optional(node, "topic") or ""
    group = draft.optional(node, "group")
    return {**variables, "group": "*" if group is None else group}


def _operation(acl: Node) -> Node | None:
    """The operation, which may also be called `role`; the later one in the file counts."""
    found = [acl.map[key] for key in acl.map if key in ("operation", "role")]
    return found[-1] if found else None


def _is_usable(draft: Draft, acl: Node, operation: Node | None) -> bool:
    """Whether a role's entry is a binding that Kafka knows; what is wrong is noted."""
    checks: list[tuple[Node | None, str, Collection[str]]] = [
        (acl.get("resourceType"), "resourceType", resource_types()),
        (acl.get("patternType"), "patternType", PATTERNS),
        (operation, "operation", _every_operation()),
    ]
    usable = True
    for node, key, known in checks:
        text = (node.text if key == "patternType" else node.text.upper()) if node is not None else ""
        if text in known:
            continue
        usable = False
        if node is None and key == "operation":
            draft.error(acl.head, "missing-key", 'a role\'s acl needs the key "operation"')
        elif node is not None:
            help = "it exists only with RBAC, which is not supported" if text in _RBAC_ONLY else None
            said = f'found {key} "{node.text}", expected one of {", ".join(sorted(set(known)))}'
            draft.error(node.span, "wrong-type", said, help)
    permission = acl.get("permissionType")
    if permission is not None and permission.text.upper() not in ("ALLOW", "NULL"):
        said = f'found permissionType "{permission.text}", expected ALLOW: a custom role always allows'
        draft.error(permission.span, "wrong-type", said, 'write a denial under "acls" with "deny"')
        return False
    return usable


@cache
def _every_operation() -> frozenset[str]:
    return frozenset(one for kind in resource_types() for one in operations(kind))


def _binding(draft: Draft, acl: Usable, who: str, variables: Mapping[str, str]) -> Acl | None:
    try:
        name = acl.name(variables)
    except BadTemplate as error:
        draft.error(acl.node.at("resourceName"), "wrong-type", str(error))
        return None
    return Acl(who, acl.host, acl.operation, "ALLOW", acl.kind, acl.pattern, name)

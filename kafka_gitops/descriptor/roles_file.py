"""The roles file: custom roles, and the bindings that they give to an entry."""

from collections.abc import Collection, Mapping

from kafka_gitops.catalog.acls import operations, resource_types
from kafka_gitops.descriptor.draft import Draft
from kafka_gitops.descriptor.plans import span_of
from kafka_gitops.descriptor.shapes import CUSTOM, MAYBE, TEXT
from kafka_gitops.descriptor.templates import BadTemplate, template
from kafka_gitops.descriptor.topics import principal
from kafka_gitops.model import Acl
from kafka_gitops.shape import ListOf, Map
from kafka_gitops.source import Node, Source

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
    draft.roles = {}
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
        first = draft.roles.get(name.text)
        if first is not None:
            related = ((first.head, "first here"),)
            draft.error(name.span, "duplicate-key", f'the role "{name.text}" stands twice', "keep one", related=related)
        draft.roles = {name.text: role, **draft.roles}


def grant(draft: Draft, role: str, entries: Node, project: str) -> None:
    """Give every entry of a custom role's list the role's bindings."""
    assert draft.roles is not None
    draft.look(entries, CUSTOM)
    definition = draft.roles[role]
    first_use = role not in draft.used_roles
    draft.used_roles.add(role)
    acls = definition.get("acls")
    usable = [acl for acl in (acls.items if acls is not None else []) if _usable(draft, acl, tell=first_use)]
    for node in entries.items:
        who = principal(draft, node) if node.is_map else None
        if who is not None:
            variables = _variables(draft, node)
            bindings = (_binding(draft, acl, who, variables) for acl in usable)
            draft.grant(role, who, node, project, tuple(acl for acl in bindings if acl is not None))


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


def _usable(draft: Draft, acl: Node, *, tell: bool) -> bool:
    """Whether a role's entry is a binding that Kafka knows; what is wrong is noted when `tell`."""
    operation = _operation(acl)
    kinds = resource_types()
    checks: list[tuple[Node | None, str, Collection[str]]] = [
        (acl.get("resourceType"), "resourceType", kinds),
        (acl.get("patternType"), "patternType", PATTERNS),
        (operation, "operation", [one for kind in kinds for one in operations(kind)]),
    ]
    usable = True
    for node, key, known in checks:
        text = (node.text if key == "patternType" else node.text.upper()) if node is not None else ""
        if text in known:
            continue
        usable = False
        if tell and node is None and key == "operation":
            draft.error(acl.head, "missing-key", 'a role\'s acl needs the key "operation"')
        elif tell and node is not None:
            help = "it exists only with RBAC, which is not supported" if text in _RBAC_ONLY else None
            said = f'found {key} "{node.text}", expected one of {", ".join(sorted(set(known)))}'
            draft.error(node.span, "wrong-type", said, help)
    permission = acl.get("permissionType")
    if tell and permission is not None and permission.text.upper() not in ("ALLOW", "NULL"):
        said = f'found permissionType "{permission.text}", expected ALLOW: a custom role always allows'
        draft.error(permission.span, "wrong-type", said, 'write a denial under "acls" with "deny"')
    return usable and (permission is None or permission.text.upper() in ("ALLOW", "NULL"))


def _binding(draft: Draft, acl: Node, who: str, variables: Mapping[str, str]) -> Acl | None:
    name, operation = acl.get("resourceName"), _operation(acl)
    assert operation is not None
    try:
        text = template(name.text)(variables) if name is not None else ""
    except BadTemplate as error:
        assert name is not None
        draft.error(name.span, "wrong-type", str(error))
        return None
    host = draft.optional(acl, "host")
    kind, pattern = acl.map["resourceType"].text.upper(), acl.map["patternType"].text
    return Acl(who, host if host is not None else "*", operation.text.upper(), "ALLOW", kind, pattern, text)

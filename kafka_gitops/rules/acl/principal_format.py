"""A principal that is not written as TYPE:NAME.

Kafka's principals are `Type:name`, split at the first colon (`SecurityUtils.parseKafkaPrincipal`), and compared as
text: `user:app`, `User: app` or `User:a,User:b` grants a right to nobody. Other types than `User` and `Group` come from
a principal builder of your own and are let through unless they look like a slip of the pen. Rights on users
(CREATE_TOKENS) name principals as well: `users: [bob]` is about nobody.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    producers:
    - principal: app
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    producers:
    - principal: User:app
```

Options: `types` (`User`, `Group`), the types that principals of your cluster have.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from kafka_gitops.catalog.advice import TYPOGRAPHIC
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Acl, Topology
from kafka_gitops.rules.contract import Options, binding_place, principal_place
from kafka_gitops.rules.placeholders import MOST, placeholder

NAME = "acl-principal-format"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {"types": ("User", "Group")}

_BETWEEN = re.compile(r"[,;|\s]")  # without one of these a text is one principal
_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each entry whose principal is none, or nearly one."""
    types = options.texts("types")
    said = cache(lambda principal: _said(principal, types))
    users = any("USER" in form for form in topology.forms)
    for grant in topology.grants:
        found = said(grant.principal)
        if found:
            yield Note(principal_place(grant), *found)
        acls = grant.acls if users else ()
        for user, acl in {_written(acl): acl for acl in acls if acl.resource_type == "USER"}.items():
            found = said(user) if user != "*" else None
            if found:
                yield Note(binding_place(grant, acl), *found)
    for expected in topology.access:
        named = [("principal", expected.principal)]
        named += [("user", name) for kind, name in expected.resources if kind == "USER" and name != "*"]
        for key, principal in named:
            found = said(principal)
            if found:
                yield Note(expected.node.at(key), *found)


def _written(acl: Acl) -> str:
    return f"{acl.name}*" if acl.pattern_type == "PREFIXED" else acl.name


def _said(principal: str, types: tuple[str, ...]) -> tuple[str, str] | None:
    if placeholder(principal) is not None:
        return None
    if (several := _several(principal, types)) is not None:
        return f'"{principal}" is {len(several)} principals in one text', f"list them one by one: {', '.join(several)}"
    if (bare := principal.strip(TYPOGRAPHIC)) != principal:
        return f'"{principal}" has quotes that belong to the name for Kafka', f'write "{bare or "User:NAME"}"'
    kind, colon, name = principal.partition(":")
    example = f"{types[0] if types else 'User'}:{principal.strip() or 'NAME'}"
    if not colon:
        return f'"{principal}" is not a principal: its type is missing', f'did you mean "{example}"?'
    if not name.strip():
        return f'"{principal}" is not a principal: its name is missing', f"write {kind or 'User'}:NAME"
    if name != name.strip():
        return (
            f'"{principal}" contains a space, which Kafka treats as part of the name',
            f'write "{kind}:{name.strip()}"',
        )
    if kind in types:
        return None
    meant = _near(kind, types)
    if meant:
        return f'"{principal}" is of type "{kind}", which nobody has', f'did you mean "{meant}:{name}"?'
    if not _TYPE.fullmatch(kind):
        return f'"{principal}" is not a principal: it has no type before the colon', f'did you mean "{example}"?'
    return None


def _several(principal: str, types: tuple[str, ...]) -> list[str] | None:
    """`User:a,User:b` as its principals; None for what is one."""
    if len(principal) > MOST or _BETWEEN.search(principal) is None:
        return None
    known = "|".join(re.escape(kind) for kind in types)
    parts = re.split(rf"\s*[,;|]\s*(?=(?:{known})\s*:)|\s+(?=(?:{known}):)", principal, flags=re.IGNORECASE)
    return parts if len(parts) > 1 and known else None


def _near(kind: str, types: tuple[str, ...]) -> str | None:
    import difflib

    folded = {known.lower(): known for known in types}
    near = difflib.get_close_matches(kind.strip().lower(), folded, 1, 0.7)
    return folded[near[0]] if near else None

"""Two levels of one file to one value per key: the environment over the top level; maps merge by key, lists replace."""

from kafka_gitops.diagnostics import Severity
from kafka_gitops.kinds import PLURALS
from kafka_gitops.settings import Ledger, RuleSetting, Scope, Value
from kafka_gitops.text.scalars import plain_value
from kafka_gitops.text.source import Node

Values = dict[tuple[str, ...], Node]  # a path of keys -> the scalar or list there
_SHORT: dict[tuple[str, ...], tuple[str, ...]] = {
    ("ledger",): ("ledger", "mode")
}  # a text that stands for a map with it


def merged(*levels: Node | None) -> Values:
    """Every leaf by its path, a later level winning; a scalar or list also replaces a whole map."""
    values: Values = {}
    for level in levels:
        if level is not None:
            for written, node in _leaves(level, ()):
                path = _SHORT.get(written, written)
                for other in [other for other in values if other[: len(path)] == path or path[: len(other)] == other]:
                    del values[other]
                values[path] = node
    return values


def _leaves(node: Node, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Node]]:
    if not node.is_map:
        return [(path, node)]
    return [leaf for name, child in node.map.items() for leaf in _leaves(child, (*path, name))]


def level(node: Node | None) -> Node | None:
    """A level without what is no setting of its own: the environments, and how to connect."""
    if node is None:
        return None
    copy = Node.empty(node.path)
    skipped = ("environments", "bootstrap", "client", "client_config", "principal", "schema_registry", "connect")
    copy.map.update({name: child for name, child in node.map.items() if name not in skipped})
    return copy


def scopes(values: Values) -> tuple[Scope, ...]:
    """`manage` as a scope; none when nothing is stated."""
    lists = {path[1]: node for path, node in values.items() if path[0] == "manage" and len(path) == 2}
    if not lists:
        return ()
    stated = {name: texts(node) for name, node in lists.items()}
    if "cluster" in stated:  # Kafka's operations, in any case
        stated["cluster"] = tuple(operation.upper() for operation in stated["cluster"])
    lines = {name: (node.key_span.path, node.key_span.line) for name, node in lists.items()}
    places = {name: f"{path}:{line}" for name, (path, line) in {**lines, "": min(lines.values())}.items()}
    return (Scope(stated, places),)


def replaced(values: Values) -> dict[str, Value]:
    """`values`: what `${values.NAME}` stands for in topology files, by name."""
    stated = {path[1]: node for path, node in values.items() if path[0] == "values" and len(path) == 2}
    return {name: Value(node.raw or "", node.plain, node.span) for name, node in stated.items()}


def limits(values: Values) -> tuple[dict[str, int], dict[str, int]]:
    """What `limits` states: of deletions by kind, and its other numbers by name."""
    stated = {path[1]: number(node, 0) for path, node in values.items() if path[0] == "limits" and len(path) == 2}
    deletes = {name: most for name, most in stated.items() if name in PLURALS}
    return deletes, {name: most for name, most in stated.items() if name not in PLURALS}


def ledger(values: Values, usual: Ledger) -> Ledger:
    """`ledger` and `owner`, what is left out as in `usual`."""
    stated = {path[1]: node.raw or "" for path, node in values.items() if path[0] == "ledger" and len(path) == 2}
    owner = values.get(("owner",))
    return Ledger(
        mode=stated.get("mode", usual.mode),
        owner=usual.owner if owner is None else owner.raw,
        actors=stated.get("actors", usual.actors),
        keep=int(stated["keep"].removesuffix("d")) if "keep" in stated else usual.keep,
    )


def texts(node: Node | None) -> tuple[str, ...]:
    """A list of texts, or one text, as written."""
    if node is None:
        return ()
    return tuple(item.raw or "" for item in node.items) if node.is_list else (node.raw or "",)


def flag(node: Node | None, default: bool) -> bool:
    """true or false, plain or quoted."""
    return default if node is None else plain_value(node.raw or "") is True


def number(node: Node | None, default: int) -> int:
    """A whole number, plain or quoted."""
    value = default if node is None else plain_value(node.raw or "")
    return value if isinstance(value, int) else default


def rules(*levels: Node | None) -> dict[str, RuleSetting]:
    """Rule settings by name: the nearest severity, options merged by name."""
    found: dict[str, RuleSetting] = {}
    for level in levels:
        for name, node in level.map.items() if level is not None else ():
            if name == "plugins":
                continue
            found[name] = over(found.get(name), rule(node))
    return found


def over(before: RuleSetting | None, now: RuleSetting) -> RuleSetting:
    """A nearer setting over another: its severity where it states one, options by name."""
    if before is None:
        return now
    severity = before.severity if now.severity is None else now.severity
    return RuleSetting(severity, {**before.options, **now.options}, now.place)


def rule(node: Node) -> RuleSetting:
    """One rule's setting: a severity, or a map with `severity` and options."""
    if not node.is_map:
        return RuleSetting(Severity[node.raw or ""], place=str(node.key_span))
    severity = node.get("severity")
    options = {name: option(child) for name, child in node.map.items() if name != "severity"}
    return RuleSetting(None if severity is None else Severity[severity.raw or ""], options, str(node.key_span))


def option(node: Node) -> object:
    """An option's value: plain whole numbers and true/false as such, other text as written, lists, maps."""
    if node.is_list:
        return [option(item) for item in node.items]
    if node.is_map:
        return {name: option(child) for name, child in node.map.items()}
    value = node.value
    return value if isinstance(value, int) else node.raw or ""

"""JulieOps' state (`.cluster-state`, or what its other backends hold): what it made on a cluster.

Both forms are read: JSON since JulieOps 3.0, and the text before it, with the sections `acls`, `ServiceAccounts` and
`Topics`. Source: JulieOps' BackendState, TopologyAclBinding, BackendHelper and OldFileBackendLoader.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, NoReturn

from kafka_gitops.catalog.acls import operations, resource_types
from kafka_gitops.errors import ConfigError
from kafka_gitops.kinds.connector import spec as connector
from kafka_gitops.model import Acl, Key, Spec, acl_key, topic_key

NAME = ".cluster-state"
PATTERNS = ("LITERAL", "PREFIXED")


class Owned(NamedTuple):
    """What JulieOps made by its state: topics, ACLs and connectors as our keys, and what has no key of ours."""

    path: str
    keys: frozenset[Key]
    others: tuple[tuple[str, int], ...] = ()  # ("role binding", 3): what this tool has no kind for, and how many


def read(path: str, text: str) -> Owned:
    """What a state says. Raises ConfigError with the place of what is none of a state."""
    if not text.strip():
        raise ConfigError(f"{path}: this state is empty: JulieOps made nothing, or lost it", help=_AGAIN)
    if text.lstrip()[:1] in ("{", "["):
        return _Json(path, text).owned()
    return _old(path, text)


def limited(owned: Owned, specs: Mapping[Key, Spec]) -> tuple[dict[Key, Spec], list[tuple[str, str]]]:
    """The specs that JulieOps made; and each other with the reason, then what it made that is not among them."""
    kept = {key: spec for key, spec in specs.items() if key in owned.keys}
    kinds = ("topic", "acl", connector.NAME)
    unknown = f"not in {owned.path}: JulieOps did not make it"
    never = f"{owned.path} of JulieOps records none of its kind"
    left = [(str(key), unknown if key.kind in kinds else never) for key in specs if key not in kept]
    gone = [(str(key), f"in {owned.path}, and not on the cluster") for key in sorted(owned.keys - specs.keys())]
    return kept, left + gone


class _Json:
    """The state of JulieOps 3.0 and later."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text

    def owned(self) -> Owned:
        try:
            root = json.loads(self.text)
        except json.JSONDecodeError as error:
            raise ConfigError(
                f"{self.path}:{error.lineno}:{error.colno}: this state of JulieOps is not JSON: {error.msg.lower()}",
                help=_AGAIN,
            ) from None
        except RecursionError:
            raise ConfigError(f"{self.path}: this state of JulieOps is nested too deeply", help=_AGAIN) from None
        if not isinstance(root, dict):
            self._wrong("expected an object with bindings, topics, accounts", ())
        for key in root:
            if key not in _SECTIONS:
                self._wrong(f'"{key}" is not a key of a state of JulieOps; known: {", ".join(_SECTIONS)}', (key,))
        keys: set[Key] = set()
        bindings = 0
        for at, one in enumerate(self._list(root, "bindings")):
            found = self._binding(one, at)
            bindings += found is None
            keys.update(() if found is None else (acl_key(found),))
        for at, name in enumerate(self._list(root, "topics")):
            if not isinstance(name, str) or not name:
                self._wrong("expected the name of a topic", ("topics", at))
            keys.add(topic_key(name))
        for at, one in enumerate(self._list(root, "connectors")):
            label, name = (self._text(one, word, ("connectors", at)) for word in ("serverLabel", "name"))
            keys.add(connector.key_of(label, name))
        counts = [("role binding", bindings)]
        counts += [(word, len(self._list(root, section))) for section, word in _UNKEYED.items()]
        return Owned(self.path, frozenset(keys), tuple((word, count) for word, count in counts if count))

    def _list(self, root: Mapping[str, object], key: str) -> list[object]:
        found = root.get(key)
        if found is not None and not isinstance(found, list):
            self._wrong(f"{key}: expected a list", (key,))
        return found or []

    def _text(self, one: object, word: str, where: tuple[str | int, ...]) -> str:
        found = one.get(word) if isinstance(one, dict) else None
        if not isinstance(found, str) or not found:
            self._wrong(f'expected an object with "{word}", a text', (*where, word))
        return found

    def _binding(self, one: object, at: int) -> Acl | None:
        where = ("bindings", at)
        fields = [self._text(one, word, where) for word in _BINDING]
        assert isinstance(one, dict)
        if one.get("scope") is not None:
            return None
        found = _acl(fields)
        if isinstance(found, str):
            self._wrong(found, where)
        return found

    def _wrong(self, said: str, where: tuple[str | int, ...]) -> NoReturn:
        """Raise ConfigError with the place: the text is read again, because only then somebody asks for one."""
        from kafka_gitops.text.source import Node, parse

        node = parse(self.path, self.text).root or Node.empty(self.path)
        for step in where:
            below = node.map.get(step) if isinstance(step, str) else next(iter(node.items[step : step + 1]), None)
            node = below or node
        raise ConfigError(f"{node.head}: {said}", help=_AGAIN)


_AGAIN = "Give JulieOps' state as it wrote it: .cluster-state of its working directory, or the object of its backend."
_BINDING = ("resourceType", "resourceName", "host", "operation", "principal", "pattern")
_UNKEYED = {
    "accounts": "service account",
    "ksqlStreams": "ksqlDB stream",
    "ksqlTables": "ksqlDB table",
}
_SECTIONS = ("bindings", "topics", "connectors", *_UNKEYED)


def _acl(fields: Iterable[str]) -> Acl | str | None:
    """A binding from the six fields of both forms; None for a role of Confluent's RBAC, a sentence for what is none.

    A state records no permission: JulieOps gives rights, and denies none.
    """
    kind, name, host, operation, principal, pattern = fields
    types = resource_types()
    if not any(operation in operations(known) for known in types):
        return None
    if kind not in types:
        return f'"{kind}" is not a resource type of Kafka; known: {", ".join(types)}'
    if pattern not in PATTERNS:
        return f'"{pattern}" is not a pattern type; known: {", ".join(PATTERNS)}'
    return Acl(principal, host, operation, "ALLOW", kind, pattern, name)


_LINE = re.compile(r"\"?'(\S+)',\s*'(\S+)',\s*'(\S+)',\s*'(\S+)',\s*'(.+)',\s*'(\S+)'\"?")
_TAGS = {tag.lower(): tag for tag in ("acls", "ServiceAccounts", "Topics")}


def _old(path: str, text: str) -> Owned:
    keys: set[Key] = set()
    counts = {"role binding": 0, "service account": 0}
    for number, section, line in _sections(path, text):
        if section == "Topics":
            keys.add(topic_key(line.strip()))
        elif section == "ServiceAccounts":
            counts["service account"] += 1
        else:
            match = _LINE.fullmatch(line)
            found = _acl(match.groups()) if match else f"expected six fields in quotes, such as {_SUCH}"
            if isinstance(found, str):
                raise ConfigError(f"{path}:{number}: {found}", help=_AGAIN)
            counts["role binding"] += found is None
            keys.update(() if found is None else (acl_key(found),))
    return Owned(path, frozenset(keys), tuple((word, count) for word, count in counts.items() if count))


_SUCH = "'TOPIC', 'orders', '*', 'READ', 'User:app', 'LITERAL'"


def _sections(path: str, text: str) -> Iterator[tuple[int, str, str]]:
    """Each line with its number and section. Raises ConfigError for one before the first section."""
    section = None
    for number, line in enumerate(re.split(r"\r?\n", text), 1):
        if line.strip().lower() in _TAGS:
            section = _TAGS[line.strip().lower()]
        elif line.strip():
            if section is None:
                said = "neither JSON nor the line acls, with which a state of JulieOps before 3.0 begins"
                raise ConfigError(f"{path}:{number}: {said}", help=_AGAIN)
            yield number, section, line

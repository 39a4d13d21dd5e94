"""Whose `manage` has a resource: asked of tens of thousands of resources and many teams."""

from collections.abc import Iterator, Mapping

from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.model import Acl, Key, Spec, Topic
from kafka_gitops.settings import Scope

TOPICS = "topics"
LISTS = {"TOPIC": TOPICS, "GROUP": "groups", "TRANSACTIONAL_ID": "transactional_ids"}  # by the names of their patterns


class Owners:
    """The scopes of teams; which of them have a resource, as `outside` of its kind would tell.

    Rights on topics, groups and transactional ids, and topics, are looked up: `outside` would be asked of each scope.
    """

    def __init__(self, scopes: Mapping[str, Scope]) -> None:
        self._scopes = scopes
        self._lists = {name: _Patterns(scopes, name) for name in LISTS.values()}

    def of(self, key: Key, spec: Spec) -> list[str]:
        """The teams, in their order."""
        if isinstance(spec, Topic):
            return self._lists[TOPICS].having(key.name)
        if isinstance(spec, Acl) and spec.resource_type in LISTS:
            patterns = self._lists[LISTS[spec.resource_type]]
            if spec.pattern_type == "LITERAL":
                return patterns.whole if spec.name == "*" else patterns.having(spec.name)
            return patterns.begun(spec.name)
        outside, judged = KINDS[key.kind].outside, None if isinstance(spec, Connector) else spec
        return [name for name, scope in self._scopes.items() if outside((scope,), key, judged) is None]


class _Patterns:
    """One list of all scopes: whose pattern a name fits, by the pattern or by the few lengths of beginnings."""

    def __init__(self, scopes: Mapping[str, Scope], name: str) -> None:
        self._exact: dict[str, list[str]] = {}
        self._begins: dict[str, list[str]] = {}
        for team, scope in scopes.items():
            for pattern in dict.fromkeys(scope.get(name) or ()):
                where, text = (self._begins, pattern[:-1]) if pattern.endswith("*") else (self._exact, pattern)
                where.setdefault(text, []).append(team)
        self._lengths = sorted({len(text) for text in self._begins})
        self._order = [*scopes]
        self.whole = self._begins.get("", [])

    def begun(self, name: str) -> list[str]:
        """The teams that have all that begins so."""
        return self._sorted(self._beginnings(name))

    def having(self, name: str) -> list[str]:
        """The teams that have this name."""
        return self._sorted((*self._exact.get(name, ()), *self._beginnings(name)))

    def _beginnings(self, name: str) -> Iterator[str]:
        for length in self._lengths:
            yield from self._begins.get(name[:length], ()) if length <= len(name) else ()

    def _sorted(self, teams: "Iterator[str] | tuple[str, ...]") -> list[str]:
        found = {*teams}
        return [team for team in self._order if team in found] if len(found) > 1 else [*found]

"""What statements under `removed:` keep out of the files, although it is on the servers: it goes, or is another's."""

from collections.abc import Iterator, Mapping

from kafka_gitops.kinds import released
from kafka_gitops.model import Acl, Key, Release, Removal, Spec, Topology, acl_key
from kafka_gitops.reading.naming import place
from kafka_gitops.settings import Language
from kafka_gitops.text.source import Node

_NOWHERE = Node.empty("")


class Statements:
    """The statements of some files."""

    def __init__(self, topology: Topology, language: Language) -> None:
        self._stated = {one.key: one.release for one in topology.removals if one.part is None}
        self._stated |= dict.fromkeys(map(acl_key, topology.revoked), False)
        self._releases = [(one, tuple(_prefixes(one, topology.segments, language))) for one in topology.releases]

    def why(self, key: Key, spec: Spec) -> str | None:
        """Why a resource stays out of the files, in a clause, or None."""
        if key in self._stated:
            return f"`removed:` {'lets go of it' if self._stated[key] else 'takes it away'}"
        for release, prefixes in self._releases:
            if _has(release, prefixes, key, spec):
                return f"`removed:` lets go of {release.says}"
        return None


def _has(release: Release, prefixes: tuple[str, ...], key: Key, spec: Spec) -> bool:
    if release.project is not None:  # what it had nobody knows without the files of then: names tell
        return (spec.name if isinstance(spec, Acl) else key.name).startswith(prefixes)
    if isinstance(spec, Acl):
        return bool(released.rights(release, [spec]))
    return not release.acls and released.has_removed(release, Removal(key, False, None, _NOWHERE))


def _prefixes(release: Release, segments: Mapping[str, Mapping[str, str]], language: Language) -> Iterator[str]:
    """What the names of a project begin with, in each hierarchy of the files."""
    for hierarchy in segments.values():
        if release.project is not None and release.context in (None, hierarchy.get("context")):
            prefix = place(language.naming, hierarchy, release.project).prefix
            yield from (prefix,) if prefix else ()

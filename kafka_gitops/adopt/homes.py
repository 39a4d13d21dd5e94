"""Where what is missing belongs: the files, projects and sections whose names, topics and principals it fits."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple

from kafka_gitops.adopt.insert import Path
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Acl, Key, Spec, Topology
from kafka_gitops.reading.naming import place, topic_name, wants_dead_letters
from kafka_gitops.settings import Language
from kafka_gitops.text.source import Node

NEW = "imported.yaml"  # for what fits no file, or only one that lines alone cannot extend
_SENTINEL = "a-name-that-nobody-has"
_SIDES = ("-key", "-value")  # of subjects, as TopicNameStrategy makes them


class Home(NamedTuple):
    """A section of a file, or of a project of it by its path of keys; `name` is what a topic is called there."""

    path: str
    at: Path = ()
    section: str = ""
    project: str | None = None
    name: str | None = None


class _Project(NamedTuple):
    home: Home
    prefix: str
    suffix: str

    def own(self, name: str) -> str | None:
        """What a topic of that name is called in the project, None where it does not fit."""
        if not self.prefix or not (name.startswith(self.prefix) and name.endswith(self.suffix)):
            return None
        return name[len(self.prefix) : len(name) - len(self.suffix)] or None


class Homes:
    """The homes of a topology; `folder` is where a new file would be read, None where none would."""

    def __init__(self, topology: Topology, language: Language, folder: str | None) -> None:
        self._language, self._topology = language, topology
        self._files = [path for path in topology.segments if path in topology.sources]
        self._fits = {path: self._prefix(path) for path in self._files}
        self._projects = sorted(self._found(), key=lambda one: -len(one.prefix))
        self._people: dict[str, Counter[str]] = {}
        for grant in topology.grants:
            self._people.setdefault(grant.principal, Counter())[grant.node.path] += 1
        self._topics = {one.name: one.node.path for one in topology.topics}
        self._new = str(PurePath(folder) / NEW) if folder is not None else None

    def of(self, key: Key, spec: Spec) -> list[Home]:
        """Where a resource may go, the best first."""
        if isinstance(spec, Acl):
            found = self._of_acl(spec)
        elif key.kind == "topic":
            found = self._of_topic(key.name)
        else:
            section, entry = KINDS[key.kind].export(key, spec)
            found = (Home(path, (), section) for path in self._of_other(key, entry))
        return list(dict.fromkeys(found))

    def _of_topic(self, name: str) -> Iterator[Home]:
        naming = self._language.naming
        for project in self._projects:
            own = project.own(name)
            if own is not None and not wants_dead_letters(naming, name):
                yield project.home._replace(section="topics", name=own)
                break
        yield from (Home(path, (), "special_topics") for path in self._by_name(name))

    def _of_acl(self, acl: Acl) -> Iterator[Home]:
        named = acl.resource_type in ("TOPIC", "GROUP", "TRANSACTIONAL_ID")
        fitting = next((one for one in self._projects if named and acl.name.startswith(one.prefix or "\0")), None)
        if fitting is not None:
            yield fitting.home._replace(section="acls")
            yield Home(fitting.home.path, (), "acls")
        names = [acl.name] if named else []
        yield from (Home(path, (), "acls") for path in self._anywhere(names, acl.principal))

    def _of_other(self, key: Key, entry: dict[str, object]) -> Iterator[str]:
        """Files for what is neither a topic nor a right: by the names in it that are a topic's or a user's."""
        names = [str(entry.get("subject", entry.get("name", "")))]
        names += [name.removesuffix(side) for name in names for side in _SIDES if name.endswith(side)]
        config = entry.get("config")
        if isinstance(config, dict):
            names += [name.strip() for text in ("topics", "topic") for name in str(config.get(text, "")).split(",")]
        user = entry.get("user") if key.kind == "quota" else entry.get("name") if key.kind == "user" else None
        return self._anywhere([] if user else [name for name in names if name], f"User:{user}" if user else None)

    def _anywhere(self, names: list[str], principal: str | None) -> Iterator[str]:
        """Files that declare a topic of these names, give the principal rights, or begin names so; a new one last."""
        yield from (self._topics[name] for name in names if name in self._topics)
        yield from (project.home.path for name in names for project in self._projects if project.own(name))
        if principal in self._people:
            yield self._people[principal].most_common(1)[0][0]
        for name in names:
            yield from (path for path in self._files if self._fits[path] and name.startswith(self._fits[path]))
        yield from self._last()

    def _by_name(self, name: str) -> Iterator[str]:
        """Files whose names begin so, those with special topics first; else the only one, or a new one."""
        longest = max((len(fit) for fit in self._fits.values() if fit and name.startswith(fit)), default=0)
        fitting = [path for path in self._files if longest and name[:longest] == self._fits[path]]
        yield from sorted(fitting, key=lambda path: "special_topics" not in self._root(path).map)
        yield from self._last()

    def _last(self) -> Iterator[str]:
        """The only file, or one for all that fits none."""
        if len(self._files) == 1:
            yield self._files[0]
        if self._new is not None:
            yield self._new

    def _root(self, path: str) -> Node:
        return self._topology.sources[path].root or Node.empty(path)

    def _prefix(self, path: str) -> str:
        """What the names of a file begin with; empty where a template decides."""
        naming, segments = self._language.naming, self._topology.segments[path]
        return naming.separator.join((*segments.values(), "")) if naming.project == "default" else ""

    def _found(self) -> Iterator[_Project]:
        naming = self._language.naming
        for path in self._files:
            projects = self._root(path).map.get("projects")
            for index, node in enumerate(projects.items if projects is not None else ()):
                name = node.map.get("name")
                if name is None or name.raw is None or node.path != path:
                    continue
                where = place(naming, self._topology.segments[path], name.text)
                prefix, found, suffix = topic_name(naming, where, _SENTINEL, None).partition(_SENTINEL)
                if found and _SENTINEL not in suffix:
                    yield _Project(Home(path, ("projects", index), "", name.text), prefix, suffix)

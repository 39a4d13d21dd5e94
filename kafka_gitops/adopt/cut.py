"""Into which file something goes: one for all, one for each first part of the names, one for each owner."""

from collections import Counter
from collections.abc import Iterable, Mapping

from kafka_gitops.adopt.inventory import Shape
from kafka_gitops.adopt.structure import Project, Structure
from kafka_gitops.model import Acl, Topic

REST = "topology"


class Cut:
    """Names of files without their ending; this one has one file, or one for each hierarchy of names."""

    def __init__(self, structure: Structure) -> None:
        hierarchies = {project.hierarchy for project in structure.topics}
        self.many = len(hierarchies) > 1

    def project(self, project: Project) -> str:
        """The file of a project."""
        return "-".join(value for _, value in project.hierarchy) if self.many else REST

    def topic(self, name: str) -> str:
        """The file of a special topic."""
        return REST

    def principal(self, name: str) -> str:
        """The file of what is about a principal alone."""
        return REST


class ByPrefix(Cut):
    """A file for each project, and for each first part that several special topics have."""

    def __init__(self, structure: Structure, special: Iterable[str]) -> None:
        super().__init__(structure)
        self._separator = structure.naming.separator or "."
        self._counted = Counter(map(self._first, special))

    def _first(self, name: str) -> str:
        return name.partition(self._separator)[0]

    def project(self, project: Project) -> str:
        """Its name, after the hierarchy where there are several."""
        return f"{super().project(project)}-{project.name}" if self.many else project.name

    def topic(self, name: str) -> str:
        """The first part of the name, where others have it too."""
        first = self._first(name)
        return first if first and self._counted[first] > 1 else REST


class ByOwner(Cut):
    """A file for each principal that alone writes the topics of a project, or a special topic."""

    def __init__(self, structure: Structure, topics: Iterable[str], acls: Iterable[Acl]) -> None:
        super().__init__(structure)
        writers = _writers(topics, acls)
        self._topics = {name: next(iter(who)) for name, who in writers.items() if len(who) == 1}
        owners: dict[str, set[str]] = {}  # projects whose names differ by case alone have to be in one file
        for project, own in structure.topics.items():
            owners.setdefault(project.name.lower(), set()).update(self._topics.get(name, "") for name in own)
        self._projects = {name: next(iter(who)) for name, who in owners.items() if len(who) == 1}
        special = {owner for name, owner in self._topics.items() if structure.project_of(name) is None}
        self._owners = {one for one in {*self._projects.values(), *special} if one}

    def project(self, project: Project) -> str:
        """Its owner, where all its topics have one and the same."""
        return _bare(self._projects.get(project.name.lower(), ""))

    def topic(self, name: str) -> str:
        """Its owner."""
        return _bare(self._topics.get(name, ""))

    def principal(self, name: str) -> str:
        """The principal, where it owns anything."""
        return _bare(name if name in self._owners else "")


def _bare(principal: str) -> str:
    """`pay` for `User:pay` and for `User:CN=pay,O=acme`."""
    name = principal.partition(":")[2]
    return name.partition(",")[0].removeprefix("CN=") or REST


def _writers(topics: Iterable[str], acls: Iterable[Acl]) -> dict[str, set[str]]:
    """Who may write each topic, by its name or by a prefix of it; whoever may write all topics owns none."""
    literal: dict[str, set[str]] = {}
    prefixed: dict[str, set[str]] = {}
    for acl in acls:
        writes = acl.operation in ("WRITE", "ALL") and acl.permission == "ALLOW" and acl.resource_type == "TOPIC"
        if writes and acl.name not in ("*", ""):
            names = literal if acl.pattern_type == "LITERAL" else prefixed
            names.setdefault(acl.name, set()).add(acl.principal)
    sizes = sorted(set(map(len, prefixed)))
    found: dict[str, set[str]] = {}
    for name in topics:
        found[name] = set(literal.get(name, ())).union(*(prefixed.get(name[:size], ()) for size in sizes))
    return found


def of(shape: Shape, structure: Structure, topics: Mapping[str, Topic], acls: Iterable[Acl]) -> Cut:
    """How the files are to be cut."""
    if shape.split == "prefix":
        return ByPrefix(structure, (name for name in topics if structure.project_of(name) is None))
    return ByOwner(structure, topics, acls) if shape.split == "owner" else Cut(structure)

"""An inventory as topology files and the schemas beside them, which are read back before anybody writes them."""

import re
from collections.abc import Iterable, Mapping

from kafka_gitops.adopt import cut, proof, roles, structure
from kafka_gitops.adopt.documents import ACLS, SPECIAL, TOPICS, Document, Hierarchy
from kafka_gitops.adopt.holder import Given
from kafka_gitops.adopt.inventory import Inventory, Made, Shape
from kafka_gitops.adopt.structure import Project, Structure
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Acl, Key, Spec, Topic, Topology
from kafka_gitops.settings import Language
from kafka_gitops.writing import grouping

_APPLICATIONS = "apps"  # the project of applications whose topics are in none
_STRATEGY = re.compile("(.+)-(?:key|value)", re.DOTALL)  # of a subject, by the name of its topic


def made(inventory: Inventory, shape: Shape, language: Language) -> list[Made]:
    """The files that declare exactly what is in the inventory, read by a language: the same for the same inventory.

    Topology files come first, then the texts that they name; none where nothing is there. Raises KafkaGitopsError where
    they would declare anything else, which nobody should see: it names what differs.
    """
    return proved(inventory, shape, language)[0]


def proved(inventory: Inventory, shape: Shape, language: Language) -> tuple[list[Made], Topology]:
    """The same, with what reading them gave."""
    found = unproved(inventory, shape, language)
    return found, proof.same(inventory, found, language)


def unproved(inventory: Inventory, shape: Shape, language: Language) -> list[Made]:
    """The files before anybody has read them back: for whoever goes on to change them."""
    return _Files(inventory, shape, language).made() if inventory.specs else []


class _Files:
    """The files while they are filled."""

    def __init__(self, inventory: Inventory, shape: Shape, language: Language) -> None:
        specs = sorted((key, spec) for key, spec in inventory.specs.items() if not isinstance(spec, Acl))
        self.topics = {key.name: spec for key, spec in specs if isinstance(spec, Topic)}
        acls = sorted(spec for spec in inventory.specs.values() if isinstance(spec, Acl))
        self.others = [(key, spec) for key, spec in specs if not isinstance(spec, Topic)]
        self.structure, self.rights = best(self.topics, acls, shape, language)
        self.cut = cut.of(shape, self.structure, self.topics, acls)
        known = sorted({project.hierarchy for project in self.structure.topics}) or [
            (("context", shape.context or "main"),)
        ]
        self.base: Hierarchy = known[0] if len(known) == 1 else known[0][:1]
        self.custom = language.roles is not None  # then a section of a project may be a custom role of that name
        self.documents: dict[tuple[str, Hierarchy], Document] = {}
        self.texts: dict[str, str] = {}

    def made(self) -> list[Made]:
        """Everything in its place."""
        for project in self.structure.topics:
            self._document(project, self.cut.project(project))
        self._topics()
        for one in self.rights.given:
            if one.topic is None:
                project = one.project or self._applications()
                self._document(project, self.cut.project(project)).at(project).setdefault(one.section, []).append(
                    one.entry
                )
        self._rest()
        self._others()
        paths = _paths([(stem, hierarchy) for stem, hierarchy in sorted(self.documents)])
        found = [Made(paths[key], self.documents[key].text) for key in sorted(self.documents)]
        return [*found, *(Made(path, text) for path, text in sorted(self.texts.items()))]

    def _applications(self) -> Project:
        """The project of applications: one of that name that has topics already, else its own."""
        own = Project(self.base, _APPLICATIONS)
        alike = (
            one for one in self.structure.topics if one.name.lower() == own.name and one.hierarchy[0] == self.base[0]
        )
        return next(alike, own)

    def _document(self, project: Project | None, stem: str) -> Document:
        """The file of that name with the hierarchy of a project, or with any where it is of none."""
        name = stem.lower()
        if project is None:
            known = next((key for key in self.documents if key[0] == name), (name, self.base))
        else:
            known = name, project.hierarchy
        return self.documents.setdefault(known, Document(known[1]))

    def _topics(self) -> None:
        export = KINDS["topic"].export
        at: dict[str, list[Given]] = {}
        for one in self.rights.given:
            if one.topic is not None:
                at.setdefault(one.topic, []).append(one)
        for name, spec in self.topics.items():
            if name in self.structure.dead:
                continue
            project, short = self.structure.places.get(name, (None, name))
            _, entry = export(Key("topic", name), spec)
            entry = {"name": short, **({"config": entry["config"]} if entry["config"] else {})}
            for given in at.get(name, ()):
                entry.setdefault(given.section, []).append(given.entry)
            stem = self.cut.topic(name) if project is None else self.cut.project(project)
            section = SPECIAL if project is None else TOPICS
            self._document(project, stem).at(project).setdefault(section, []).append(entry)

    def _rest(self) -> None:
        """What no role gives: of a principal in the project that all of it is about, else at the top."""
        places: dict[tuple[Project | None, str], list[Acl]] = {}
        for principal, acls in _by_principal(self.rights.rest).items():
            projects = {self.structure.project(acl.name) for acl in acls if acl.resource_type == "TOPIC"}
            project = projects.pop() if len(projects) == 1 else None
            stem = self.cut.project(project) if project else self.cut.principal(principal)
            places.setdefault((project, stem), []).extend(acls)
        for (project, stem), acls in places.items():
            items = grouping.joined(item for item, _ in grouping.items(dict.fromkeys(sorted(acls))))
            self._document(project, stem).at(None if self.custom else project).setdefault(ACLS, []).extend(items)

    def _others(self) -> None:
        taken: set[str] = set()
        for key, spec in self.others:
            section, entry = KINDS[key.kind].export(key, spec)
            project, stem = None, cut.REST
            if "file" in entry:
                entry["file"] = beside(str(entry["file"]), taken)
                self.texts[entry["file"]] = text_of(key, spec)
                topic = _STRATEGY.fullmatch(key.name)
                project = self.structure.project_of(topic[1]) if topic else None
                stem = self.cut.project(project) if project else stem
            elif "config" not in entry:
                stem = self.cut.principal(f"User:{entry.get('user', entry.get('name', ''))}")
            self._document(project, stem).at(None if self.custom else project).setdefault(section, []).append(entry)


def best(
    topics: Mapping[str, Topic], acls: list[Acl], shape: Shape, language: Language
) -> tuple[Structure, roles.Rights]:
    """The structure of the names that needs the fewest lines for the rights; of two alike the simpler one."""
    prefixes = {acl.name for acl in acls if (acl.resource_type, acl.pattern_type) == ("TOPIC", "PREFIXED")}
    found: list[tuple[Structure, roles.Rights]] = []
    for one in structure.candidates(topics, prefixes, shape.context, language):
        found.append((one, roles.recognised(acls, one, topics, language)))
    return min(found, key=lambda pair: pair[1].size)


def _by_principal(acls: Iterable[Acl]) -> dict[str, list[Acl]]:
    found: dict[str, list[Acl]] = {}
    for acl in acls:
        found.setdefault(acl.principal, []).append(acl)
    return found


def _paths(keys: Iterable[tuple[str, Hierarchy]]) -> dict[tuple[str, Hierarchy], str]:
    """A path for each file: of plain characters, no other's; where one name has several, with what tells them apart."""
    taken: set[str] = set()
    found = {}
    for stem, hierarchy in keys:
        found[stem, hierarchy] = _free("", _plain(stem) or cut.REST, ".yaml", taken)
    return found


def beside(wanted: str, taken: set[str]) -> str:
    """A path for a text beside the topology: of plain characters, and no other's where a disk ignores case."""
    folder, _, name = wanted.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    return _free(f"{folder}/", _plain(stem) or "schema", f"{dot}{ending}", taken)


def _plain(stem: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", stem)[:200].strip(".-")


def _free(folder: str, stem: str, ending: str, taken: set[str]) -> str:
    path, number = f"{folder}{stem}{ending}", 1
    while path.lower() in taken:
        number += 1
        path = f"{folder}{stem}-{number}{ending}"
    taken.add(path.lower())
    return path


def text_of(key: Key, spec: Spec) -> str:
    """The text that a spec holds, which its entry names as a file."""
    found = KINDS[key.kind].dump(spec)["schema"]
    assert isinstance(found, str)
    return found

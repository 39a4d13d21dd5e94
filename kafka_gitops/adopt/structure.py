"""The structure of names: which topics are those of projects, so that the names come out the same by the language."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

from kafka_gitops.model import Topic
from kafka_gitops.reading.naming import Place, dead_letter_name, place, topic_name, wants_dead_letters
from kafka_gitops.settings import Language, Naming

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MARK = re.compile("\x01(.*?)\x02")  # around a variable's name, where a template has put its value
_FEWEST = 0.2  # of all topics: fewer that begin alike are no structure, unless somebody names them
_LEVELS = 8  # values of a level between context and project: more are projects


class Project(NamedTuple):
    """A project by the file's parts of names, context first, and its own name."""

    hierarchy: tuple[tuple[str, str], ...]
    name: str


Places: TypeAlias = Mapping[str, tuple[Project, str]]
"""The topics of projects by their full names, with the project and the name that it has there."""


class Structure:
    """The topics of projects by their full names, with the project and the name in it; all others are special."""

    def __init__(self, naming: Naming, places: Places, dead: Mapping[str, str]) -> None:
        self.naming, self.places = naming, places
        self.dead = dead  # dead letter topics that come with a topic of a project: that topic, by their names
        self.brings = {topic: name for name, topic in dead.items()}

    @cached_property
    def topics(self) -> dict[Project, list[str]]:
        """The full names of each project's topics as the language gives them, dead letter topics included."""
        found: dict[Project, list[str]] = {}
        for name, (project, _) in sorted(self.places.items()):
            found.setdefault(project, []).append(name)
            if name in self.brings:
                found[project].append(self.brings[name])
        return found

    @cached_property
    def prefixes(self) -> dict[str, Project]:
        """The projects by the prefix that their names begin with."""
        return {prefix: one for one in self.topics if (prefix := where(self.naming, one).prefix)}

    def project_of(self, topic: str) -> Project | None:
        """The project of a topic that is there."""
        found = self.places.get(self.dead.get(topic, topic))
        return None if found is None else found[0]

    def project(self, name: str) -> Project | None:
        """The project of a topic, or the one whose prefix a name begins with, the longest."""
        found = self.project_of(name)
        if found is None:
            size = next((size for size in self._sizes if name[:size] in self.prefixes), 0)
            found = self.prefixes[name[:size]] if size else None
        return found

    @cached_property
    def _sizes(self) -> list[int]:
        return sorted(set(map(len, self.prefixes)), reverse=True)


def where(naming: Naming, project: Project) -> Place:
    """A project as the reader has it. Raises ConfigError where a format of the language cannot be used."""
    return place(naming, dict(project.hierarchy), project.name)


def candidates(
    topics: Mapping[str, Topic], prefixes: Collection[str], context: str | None, language: Language
) -> Iterator[Structure]:
    """The structures that the names may have, the simplest first; the first has none where nothing fits.

    `prefixes` are those of rights on topics. Raises ConfigError where a format of the language cannot be used.
    """
    naming = language.naming
    names = [name for name in sorted(topics) if not name.startswith("_")]
    if naming.topic == naming.project == "default":
        split = [_by_separator(naming, names, one) for one in _beginnings(naming, names, context, language)]
        if language.optimized_acls:
            split = [_at_rights(naming, one, prefixes) for one in split]
    else:
        found = _by_format(naming, names, context)
        kept = _most(found, language, context)
        split = [{name: at for name, at in found.items() if at[0].hierarchy in kept}]
    for places in [one for one in split if one] or [{}]:
        yield _with_dead_letters(naming, _same(naming, _apart(places)), topics)


def _beginnings(
    naming: Naming, names: Sequence[str], context: str | None, language: Language
) -> list[list[tuple[str, bool]]]:
    """What the names of projects begin with, in each way of reading them; with each whether a level follows it."""
    separator = naming.separator
    if context is not None:
        return [[(context, False)], [(context, True)]]
    parts = {name: name.split(separator) for name in names} if separator else {}
    fit = Counter(one[0] for one in parts.values() if len(one) > 2 and all(one))
    all_ = Counter(one[0] for one in parts.values())
    enough = [one for one, count in sorted(fit.items(), key=lambda pair: (-pair[1], pair[0])) if 2 * count >= all_[one]]
    if language.many_contexts:
        found = [one for one in enough if fit[one] > 1 or fit[one] == len(names)]
    else:
        found = [one for one in enough[:1] if fit[one] >= _FEWEST * len(names)]
    if not found:
        return []
    own = {one: [part for part in parts.values() if part[0] == one and len(part) > 2 and all(part)] for one in found}
    deepest = [_shared(own[one]) for one in found]
    ways = [[(one, False) for one in found]]
    if any(len(part) > 3 for one in found for part in own[one]):
        ways.append([(one, True) for one in found])
    for length in range(2, max(deepest) + 1):
        joined = [separator.join(own[one][0][: min(length, most)]) for one, most in zip(found, deepest, strict=True)]
        ways.append([(one, False) for one in joined])
    return ways


def _shared(split: Sequence[Sequence[str]]) -> int:
    """How many first parts all names have in common, where two more are left of each."""
    length = min(map(len, split)) - 2
    first = split[0]
    while length > 1 and any(one[:length] != first[:length] for one in split):
        length -= 1
    return max(1, length)


def _by_separator(naming: Naming, names: Sequence[str], begin: Sequence[tuple[str, bool]]) -> Places:
    """CONTEXT.PROJECT.TOPIC, or CONTEXT.LEVEL.PROJECT.TOPIC."""
    separator = naming.separator
    found: dict[str, tuple[Project, str]] = {}
    for context, level in begin:
        above = f"{context}{separator}"
        own: dict[str, tuple[Project, str]] = {}
        for name in names:
            parts = name[len(above) :].split(separator, 2 if level else 1) if name.startswith(above) else []
            if len(parts) == 2 + level and all(parts):
                between = (("env", parts[0]),) if level else ()
                own[name] = Project((("context", context), *between), parts[-2]), parts[-1]
        if not level or 1 < len({one.hierarchy for one, _ in own.values()}) <= _LEVELS:
            found |= own
    return found


def _at_rights(naming: Naming, places: Places, prefixes: Collection[str]) -> Places:
    """The same, where rights on a longer prefix tell that the project's name goes on beyond a separator."""
    separator, found = naming.separator, dict(places)
    longer = [one for one in prefixes if one.endswith(separator)]
    lengths = sorted({len(one) for one in longer}, reverse=True)
    known = set(longer)
    for name, (project, _) in places.items():
        above = len(where(naming, project._replace(name="")).prefix) - len(separator)
        prefix = next((name[:size] for size in lengths if size < len(name) and name[:size] in known), "")
        if len(prefix) > above + len(separator):
            found[name] = project._replace(name=prefix[above : -len(separator)]), name[len(prefix) :]
    return found


def _by_format(naming: Naming, names: Sequence[str], context: str | None) -> Places:
    """The names that a format gives, with what it is made of; nothing where it cannot be read backwards."""
    pattern, levels = _pattern(naming)
    found: dict[str, tuple[Project, str]] = {}
    for name in names if pattern else ():
        fit = pattern.fullmatch(name) if pattern else None
        if fit is not None:
            parts = fit.groupdict()
            first, _, rest = name.partition(naming.separator)
            own = parts.get("context", context or "main")
            hierarchy = (("context", own), *((level, parts[level]) for level in levels))
            project = parts.get("project", first if rest else "")
            if project and (context is None or own == context):
                found[name] = Project(hierarchy, project), parts["topic"]
    return found


def _pattern(naming: Naming) -> tuple[re.Pattern[str] | None, list[str]]:
    """A format as a pattern of names, and its parts between context and project."""
    words = [*dict.fromkeys(_VARIABLE.findall(f"{naming.project} {naming.topic}"))]
    levels = [one for one in words if one not in ("context", "project", "topic", "dataType", "default", "name")]
    marked = {word: f"\x01{word}\x02" for word in (*levels, "context", "project", "topic")}
    hierarchy = {"context": marked["context"], **{level: marked[level] for level in levels}}
    made = topic_name(naming, place(naming, hierarchy, marked["project"]), marked["topic"], None)
    pieces = _MARK.split(made)  # text and variable in turn
    used = pieces[1::2]
    if "topic" not in used or len(set(used)) < len(used) or any(not text for text in pieces[2:-1:2]):
        return None, []
    text = ""
    for at, piece in enumerate(pieces):
        last = at + 2 >= len(pieces)
        one = ".+" if last else f"[^{re.escape(pieces[at + 1][0])}]+" if at % 2 else ""
        text += f"(?P<{piece}>{one})" if at % 2 else re.escape(piece)
    return re.compile(text, re.DOTALL), [level for level in levels if level in used]


def _most(found: Places, language: Language, context: str | None) -> set[tuple[tuple[str, str], ...]]:
    """The hierarchies of the one context that most names have, or of all where there may be many."""
    counted = Counter(one.hierarchy[0][1] for one, _ in found.values())
    best = min(counted, key=lambda one: (-counted[one], one), default="") if context is None else context
    return {one.hierarchy for one, _ in found.values() if language.many_contexts or one.hierarchy[0][1] == best}


def _apart(places: Places) -> Places:
    """Without projects of one name under two hierarchies of a context, but for the one with most topics.

    They would be in two files, which JulieOps refuses (`context-conflict`), whatever their case.
    """
    counted = Counter(project for project, _ in places.values())
    kept: dict[tuple[str, str], Project] = {}
    for project in sorted(counted, key=lambda one: (-counted[one], one)):
        kept.setdefault((project.hierarchy[0][1], project.name.lower()), project)
    fit = {one for one in counted if kept[one.hierarchy[0][1], one.name.lower()].hierarchy == one.hierarchy}
    return {name: at for name, at in places.items() if at[0] in fit} if len(fit) < len(counted) else places


def _same(naming: Naming, places: Places) -> Places:
    """Those whose names the language gives again, letter by letter."""
    known = {project: where(naming, project) for project in {project for project, _ in places.values()}}
    return {
        name: (project, short)
        for name, (project, short) in places.items()
        if topic_name(naming, known[project], short, None) == name
    }


def _with_dead_letters(naming: Naming, places: Places, topics: Mapping[str, Topic]) -> Structure:
    """Without those that would bring a dead letter topic that is not there, or is another one."""
    if not naming.dlq.generate:
        return Structure(naming, places, {})
    brings = {
        name: dead_letter_name(naming, where(naming, project), short, None)
        for name, (project, short) in places.items()
        if wants_dead_letters(naming, name)
    }
    fit = {name for name in places if name not in brings or topics.get(brings[name]) == topics[name]}
    brought = {brings[name] for name in fit if name in brings}
    own = {name: places[name] for name in fit - brought}
    return Structure(naming, own, {brings[name]: name for name in own if name in brings})

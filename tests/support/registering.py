"""A schema registry in memory that records what it is asked and can be told to fail, and topologies with schemas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recording import Recording

from kafka_gitops.descriptor.build import topology
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.kinds.schema.levels import level_first
from kafka_gitops.kinds.schema.live import Asked, Level, Verdict, Version
from kafka_gitops.kinds.schema.seen import same
from kafka_gitops.kinds.schema.spec import Reference, Schema
from kafka_gitops.model import Topology
from kafka_gitops.settings import Language
from kafka_gitops.text.source import parse


def avro(*fields: str, name: str = "acme.A") -> str:
    """An Avro record with these fields: `x` is an int, `y=0` one with a default, `z:string` a string."""
    found = []
    for one in fields:
        word, _, default = one.partition("=")
        field_name, _, type_ = word.partition(":")
        more = f',"default":{default}' if default else ""
        found.append(f'{{"name":"{field_name}","type":"{type_ or "int"}"{more}}}')
    space, _, short = name.rpartition(".")
    return f'{{"type":"record","name":"{short}","namespace":"{space}","fields":[{",".join(found)}]}}'


def files(text: str, **given: str) -> Topology:
    """The topology of a text in t.yaml; the schema files by their names before `.avsc`."""
    return understood(Language(), text, given)


def understood(language: Language, text: str, given: Mapping[str, str]) -> Topology:
    """The same by the settings of a language."""
    texts = {f"{name}.avsc" if "." not in name else name: body for name, body in given.items()}

    def read(_topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
        return (texts[path], None) if path in texts else (None, "there is no such file")

    return topology({"t.yaml": parse("t.yaml", f"context: acme\n{text}\n")}, language, read=read)


@dataclass
class Memory:
    """Subjects by name with the texts of their versions; a version of None is deleted.

    `refuses` are subjects of which no new version passes while their level is none of NONE; `fails` are problems by
    (`register`, subject), (`level`, level), (`delete`, subject); `takes` are texts that it takes for the newest version.
    """

    versions: dict[str, list[Schema | None]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    default: str = "BACKWARD"
    refuses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fails: dict[tuple[str, str], Problem] = field(default_factory=dict)
    takes: set[str] = field(default_factory=set)
    soft: dict[str, list[Schema]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    where: str = "http://registry"

    def put(
        self, subject: str, *texts: str, references: Sequence[Reference] = (), level: str | None = None
    ) -> "Memory":
        """Versions of a subject."""
        self.versions[subject] = [Schema("AVRO", text, tuple(references)) for text in texts]
        if level is not None:
            self.own[subject] = level
        return self

    def subjects(self) -> frozenset[str]:
        self.calls.append("subjects")
        return frozenset(name for name, found in self.versions.items() if any(found))

    def deleted(self) -> frozenset[str]:
        return frozenset(self.versions)

    def latest(self, subjects: Sequence[str]) -> Mapping[str, Version]:
        self.calls.append(f"latest {len(subjects)}")
        return {name: self._at(name, self.numbers(name)[-1]) for name in subjects}

    def _at(self, subject: str, number: int) -> Version:
        found = self.versions[subject][number - 1]
        assert found is not None
        return Version(number, number, found.type, found.text, found.references)

    def version(self, subject: str, number: int) -> Version | None:
        return self._at(subject, number) if number in self.numbers(subject) else None

    def numbers(self, subject: str, *, deleted: bool = False) -> tuple[int, ...]:
        return tuple(at for at, one in enumerate(self.versions.get(subject, ()), 1) if deleted or one is not None)

    def lookup(self, asked: Sequence[Asked]) -> Sequence[int | None]:
        self.calls.append(f"lookup {len(asked)}")
        return [self._which(one) for one in asked]

    def _which(self, one: Asked) -> int | None:
        numbers = self.numbers(one.subject)
        if numbers and one.schema.text in self.takes:
            return numbers[-1]
        return next((at for at in reversed(numbers) if same(self._at(one.subject, at), one.schema)), None)

    def levels(self, subjects: Sequence[str]) -> Mapping[str, Level]:
        self.calls.append(f"levels {len(subjects)}")
        return {name: Level(self.own.get(name), self.own.get(name, self.default)) for name in subjects}

    def test(self, asked: Sequence[Asked]) -> Sequence[Verdict]:
        self.calls.append(f"test {len(asked)}")
        return [Verdict(one.subject not in self.refuses, self.refuses.get(one.subject, ())) for one in asked]

    def referrers(self, subject: str, number: int) -> tuple[str, ...]:
        return tuple(
            f"{name} version {at}"
            for name, found in self.versions.items()
            for at, one in enumerate(found, 1)
            if one is not None and any(use[1:] == (subject, number) for use in one.references)
        )

    def register(self, asked: Asked) -> Problem | None:
        self.calls.append(f"register {asked.subject}")
        level = self.own.get(asked.subject, self.default)
        if ("register", asked.subject) in self.fails:
            return self.fails[("register", asked.subject)]
        if asked.subject in self.refuses and not level_first("FULL_TRANSITIVE", level) and level != "NONE":
            return Problem("INCOMPATIBLE_SCHEMA", "no")
        if any(use.version not in self.numbers(use.subject) for use in asked.schema.references):
            return Problem("INVALID_SCHEMA", "Unresolved reference")
        self.versions.setdefault(asked.subject, []).append(asked.schema._replace(compatibility=None))
        return None

    def set_level(self, subject: str, level: str | None) -> Problem | None:
        self.calls.append(f"level {subject} {level}")
        if ("level", str(level)) in self.fails:
            return self.fails[("level", str(level))]
        if level is None:
            self.own.pop(subject, None)
        else:
            self.own[subject] = level
        return None

    def delete(self, subject: str, number: int | None = None) -> Problem | None:
        self.calls.append(f"delete {subject} {number}")
        if ("delete", subject) in self.fails:
            return self.fails[("delete", subject)]
        found = self.versions.get(subject, [])
        self.versions[subject] = [None if number in (None, at) else one for at, one in enumerate(found, 1)]
        return None


@dataclass
class WithRegistry(Recording):
    """A cluster with a registry beside it; None: the environment names none."""

    memory: Any = None

    def has(self, system: str) -> bool:
        return system == "kafka" or (system == "registry" and self.memory is not None)

    @property
    def registry(self) -> Any:
        assert self.memory is not None, "there is no registry"
        return self.memory

"""What a run has understood so far: the collecting side of the reader."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple, Protocol

from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.model import Acl, Declared, Grant
from kafka_gitops.reading.bounds import MOST, MOST_NAME, MOST_SUGGESTED
from kafka_gitops.reading.part import ARTEFACTS, NAMES, Part
from kafka_gitops.settings import Language
from kafka_gitops.shape.check import Shape
from kafka_gitops.text.scalars import as_text, oddity, plain_value
from kafka_gitops.text.source import Node


class ReadArtefact(Protocol):
    """(path of the topology file, path as written in it) -> (text, None) or (None, why it cannot be had).

    JulieOps' paths start at the topology's directory, those of our own sections beside the file that says them.
    """

    def __call__(self, topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]: ...


class Usable(NamedTuple):
    """An acl of a custom role that can be granted; `name` makes the resource's name of an entry's variables."""

    node: Node
    name: Callable[[Mapping[str, str]], str]
    host: str
    operation: str
    kind: str
    pattern: str


class Plan(NamedTuple):
    """A plan's topic settings, which count where a topic has none of its own."""

    partitions: int | None
    replication: int | None
    config: Mapping[str, str]


class Role(NamedTuple):
    """What a custom role that is in use can grant, and what is wrong with it."""

    usable: list[Usable]
    problems: list[Diagnostic]


class Draft(Part):
    """The declarations and problems found so far, and what they are read with.

    `plans` and `roles` are None when there is no such file. `alone` tells that this is one file, read as if there were
    no other; what the reading depends on of the others is noted in `asked`.
    """

    def __init__(
        self,
        language: Language,
        plans: Mapping[str, Plan] | None = None,
        roles: Mapping[str, Node] | None = None,
        read: ReadArtefact | None = None,
        *,
        alone: bool = False,
    ) -> None:
        super().__init__()
        self.language, self.plans, self.roles, self.read, self.alone = language, plans, roles, read, alone
        self.again = False  # whether a file was read after the others, because a bound over all files was reached
        self.beside: Mapping[str, str] = {}  # `plans` or `roles` -> a file of it among the topologies
        self.usable: dict[str, Role] = {}  # each custom role in use
        self.templates: set[str] = set()  # of custom roles
        self.sound: set[tuple[str, str]] = set()  # artefacts without a problem, by kind and text

    def for_file(self) -> "Draft":
        """An empty draft for one file alone, with the same settings, plans and roles."""
        own = Draft(self.language, self.plans, self.roles, alone=True)
        own.read = None if self.read is None else own.noting(self.read)
        own.usable, own.templates, own.sound = self.usable, self.templates, self.sound
        return own

    def noting(self, read: ReadArtefact) -> ReadArtefact:
        """The same reader, whose use is noted in `asked`."""

        def noted(topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
            self.asked.add(ARTEFACTS)
            return read(topology, path, beside=beside)

        return noted

    def empty(self) -> "Draft":
        """An empty draft for some files together, with the same settings, plans and roles."""
        own = Draft(self.language, self.plans, self.roles, self.read)
        own.usable, own.templates, own.sound = self.usable, self.templates, self.sound
        return own

    def next_file(self) -> None:
        """Forget what is only known of the nodes of one file."""
        self.problems.next_file()
        self.bindings.next_file()

    def suggests(self) -> bool:
        """Whether it is asked what an unknown name may be: up to so many findings of all files."""
        self.asked.add(NAMES)
        return len(self.problems) < MOST_SUGGESTED

    def file_of(self, what: str) -> str:
        """The file of `plans` or `roles` that stands among the topologies, for a message; FILE where there is none."""
        self.asked.add(what)
        return self.beside.get(what, "FILE")

    def check(self, kind: str, text: str, found: list[Diagnostic]) -> None:
        """Note what is wrong with an artefact's text, which is told for the first file that names it."""
        if not found:
            self.sound.add((kind, text))
        elif (kind, text) not in self.checked:
            self.checked[kind, text] = found
            if not self.alone:
                self.problems.extend(found)

    def use(self, name: str) -> None:
        """Note what is wrong with a custom role, which is told when the first file uses it."""
        if name not in self.used:
            self.used[name] = None
            if not self.alone:
                self.problems.extend(self.usable[name].problems)

    def look(self, node: Node, shape: Shape) -> None:
        """Note what is wrong with a node against a shape."""
        shape.look(node, self.problems)

    def error(
        self, span: Span, rule: str, said: str, help: str | None = None, *, related: tuple[tuple[Span, str], ...] = ()
    ) -> None:
        """Note an error."""
        self.problems.append(Diagnostic(span, rule, Severity.error, said, help, related))

    def warn(self, span: Span, rule: str, said: str, help: str | None = None) -> None:
        """Note a warning."""
        self.problems.append(Diagnostic(span, rule, Severity.warning, said, help))

    def text(self, node: Node) -> str:
        """The text that a value has for Kafka; what a plain scalar may not have meant is noted."""
        raw = node.raw
        if raw is None:
            return ""
        if not node.plain:
            return raw
        text, odd = _reading(raw)
        if odd is not None:
            quoted = f'write "{raw}" if that is meant, "{text}" otherwise' if text != raw else f'write "{raw}"'
            self.warn(node.span, "unquoted-oddity", odd, quoted)
        return text

    def optional(self, node: Node, key: str) -> str | None:
        """The text under a key; None when it is not there, null, or no scalar."""
        child = node.map.get(key)
        return None if child is None or child.raw is None or child.is_null else self.text(child)

    def names(self, node: Node, *path: str) -> list[str]:
        """The texts of the list at a path of keys, empty where there is none."""
        below = node.get(*path)
        return [self.text(item) for item in below.items if item.raw is not None] if below is not None else []

    def too_long(self, node: Node, what: str, length: int) -> bool:
        """Whether a part of names is so long that none can be made of it, which is noted."""
        if length <= MOST_NAME:
            return False
        help = "shorten it: Kafka takes at most 249 in a name"
        self.error(
            node.span, "topic-name-legal", f"{what}: {length:,} characters, at most {MOST_NAME:,} are read", help
        )
        return True

    def fits(self, node: Node, count: int, help: str = "name fewer, or a prefix") -> bool:
        """Whether an entry may have that many bindings; the first that may not is noted, later ones left out."""
        was_full = self.bindings.full
        if self.bindings.fits(count, node):
            return True
        if not was_full:
            said = (
                f"the entries multiply to {self.bindings.multiplied + count:,} bindings here, at most {MOST:,} are read"
            )
            self.error(node.head, "acl-too-many", said, help)
        return False

    def declare(self, declared: Declared) -> None:
        """Declare a resource of a kind that is neither a topic nor an ACL."""
        self.declared.append(declared)

    def leave(self, what: str, place: Span) -> None:
        """Remember something that the language takes and no run makes."""
        self.unmanaged.setdefault(what, []).append(place)

    def grant(self, role: str, principal: str, node: Node, project: str | None, acls: tuple[Acl, ...]) -> None:
        """Declare that an entry gives these bindings."""
        self.grants.append(Grant(role, principal, node, project, acls))


@lru_cache(maxsize=10_000)
def _reading(raw: str) -> tuple[str, str | None]:
    return as_text(plain_value(raw)), oddity(raw)

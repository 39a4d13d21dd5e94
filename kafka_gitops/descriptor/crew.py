"""Many files to parts, on several cores: other processes make the parts of their share and send them as plain data."""

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from kafka_gitops import diagnostics, seen
from kafka_gitops.descriptor import joining, parts, plain, workers
from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.model import Topic, TopicDecl, Topology
from kafka_gitops.reading.bounds import MOST_TEMPLATES
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.part import ARTEFACTS, Part
from kafka_gitops.redact import keep_secret
from kafka_gitops.text.source import Source

Judge: TypeAlias = Callable[[Topology], Mapping[str, Sequence[Diagnostic]]]
"""What is wrong with each file of a topology by itself, by its path."""
Frame: TypeAlias = Any
"""Plain data of a file: whether it can be read, its part, what was said of it by itself."""
FIRST = 10  # files that are read before there are other processes
TOGETHER = 50  # files whose trees are there at one time
MANY = 300_000  # characters from which on a second process is worth its start
LARGE = 8_000_000  # characters from which on trees are let go


class Shelf(Protocol):
    """What an earlier run knew of files, by their paths and texts."""

    def get(self, source: Source, /) -> Frame | None:
        """What is known of a file."""

    def put(self, source: Source, frame: Frame, /) -> None:
        """Remember it."""


class Made:
    """The parts of files by their paths in order, and what was said of each file by itself."""

    def __init__(self, shelf: Shelf | None, *, large: bool) -> None:
        self.parts: dict[str, Part] = {}
        self.alone: dict[str, Sequence[Diagnostic]] | None = {}
        self.shelf, self.large = shelf, large
        self._specs: dict[tuple[object, ...], Topic] = {}

    def take(self, source: Source, part: Part) -> None:
        """Add the part of a file; of very many topics those that want the same share it."""
        if self.large:
            part.topics = [self._shared(one) for one in part.topics]
        self.parts[source.path] = part

    def _shared(self, topic: TopicDecl) -> TopicDecl:
        spec = topic.spec
        known = self._specs.setdefault((spec.partitions, spec.replication, *spec.config.items()), spec)
        return topic if known is spec else topic._replace(spec=known)

    def remember(self, sources: Mapping[str, Source]) -> list[Source]:
        """Take what the shelf knows; the files that are left."""
        left = []
        for source in sources.values():
            frame = self.shelf.get(source) if self.shelf is not None else None
            if frame is None:
                left.append(source)
                continue
            readable, data, said = frame
            source.known(readable=readable)
            self.take(source, plain.load(data, source))
            self.said({source.path: diagnostics.of_plain(said)})
        return left

    def keep(self, source: Source, readable: bool, data: Any, said: Any) -> None:
        """Put plain data of a file on the shelf, if there is one."""
        if self.shelf is not None and data is not None:
            self.shelf.put(source, (readable, data, said))

    def sort(self, paths: Iterable[str]) -> None:
        """Bring all into the order of the files."""
        self.parts = {path: self.parts[path] for path in paths}
        self.alone = {path: self.alone[path] for path in paths if path in self.alone} if self.alone else self.alone

    def said(self, found: Mapping[str, Sequence[Diagnostic]]) -> None:
        """Add what was said of some files."""
        if self.alone is not None:
            self.alone.update(found)


def make(
    draft: Draft,
    sources: Mapping[str, Source],
    judge: Judge | None,
    cores: int,
    meanwhile: Callable[[], None] = lambda: None,
    shelf: Shelf | None = None,
) -> Made:
    """The part of each file, by its path in the order of the files, with what `judge` says of them.

    `meanwhile` is called when all processes have been started. Files that `shelf` knows are not read.
    Raises ConfigError when a name format of the language cannot be used.
    """
    may_spread, large = _may_spread(draft), _weight([*sources.values()]) >= LARGE
    made = Made(shelf if may_spread and not large and judge is not None else None, large=large)
    left = made.remember(sources)
    first, *portions = _portions(left)
    shares = workers.shares(portions, _weight, cores if _weight(left) >= MANY and may_spread else 1)
    if len(shares) == 1 and not large and made.shelf is None:
        judge = None  # later the rules judge all in one go
        made.alone = None
    _own(made, draft, first, judge)  # what this loads, the others have
    marks = seen.marks()
    with workers.started(shares[1:], lambda portion: _sent(draft, portion, judge, marks)) as others:
        meanwhile()
        for portion in shares[0]:
            _own(made, draft, portion, judge, others.drain)
        for share, frames in zip(shares[1:], others.answers(), strict=True):
            for portion, frame in zip(share, frames, strict=False):
                _taken(made, draft, portion, frame)
            for portion in share[len(frames) :]:  # that process did not come to its end
                _own(made, draft, portion, judge)
    made.sort(sources)
    return made


def _may_spread(draft: Draft) -> bool:
    """Whether processes that know nothing of each other come to the same: not where time or templates are counted."""
    dlq = draft.language.naming.dlq
    acls = (role.get("acls") for role in (draft.roles or {}).values())
    return not (dlq.allow or dlq.deny) and sum(len(one.items) for one in acls if one is not None) <= MOST_TEMPLATES


def _portions(sources: Sequence[Source]) -> Iterator[Sequence[Source]]:
    yield sources[:FIRST]
    for start in range(FIRST, len(sources), TOGETHER):
        yield sources[start : start + TOGETHER]


def _weight(portion: Sequence[Source]) -> int:
    return sum(len(source.text) for source in portion)


def _read(
    draft: Draft, portion: Sequence[Source], judge: Judge | None, between: Callable[[], None]
) -> tuple[list[Part], Mapping[str, Sequence[Diagnostic]]]:
    """The parts of some files, and what is said of each."""
    found = {}
    for source in portion:  # one work after the other is a tenth faster than file by file
        source.parse()
        between()
    for source in portion:
        found[source.path] = parts.part(draft, source)
        between()
    if judge is None:
        return [*found.values()], {}
    sources = {source.path: source for source in portion}
    return [*found.values()], judge(joining.topology(draft.empty(), sources, found))


def _own(
    made: Made,
    draft: Draft,
    portion: Sequence[Source],
    judge: Judge | None,
    between: Callable[[], None] = lambda: None,
) -> None:
    """Make the parts of some files here; of many files the trees are let go."""
    found, said = _read(draft, portion, judge, between)
    made.said(said)
    for source, part in zip(portion, found, strict=True):
        if made.shelf is not None and _is_alone(part):
            said_of = diagnostics.plain(said.get(source.path, ()))
            made.keep(source, source.readable, plain.dump(part, source), said_of)
        made.take(source, part)
        if made.large:
            plain.let_go(part, source)


def _is_alone(part: Part) -> bool:
    """Whether a file tells all that its part is made of, and no secret."""
    return ARTEFACTS not in part.asked and not part.secrets


def _sent(draft: Draft, portion: Sequence[Source], judge: Judge | None, marks: Sequence[int]) -> bytes:
    """What another process sends of some files."""
    found, said = _read(draft, portion, judge, lambda: None)
    data = [
        (source.readable, plain.dump(part, source), part.secrets, _is_alone(part))
        for source, part in zip(portion, found, strict=True)
    ]
    for source in portion:
        source.let_go()
    told = {path: diagnostics.plain(some) for path, some in said.items()}
    return marshal.dumps((data, told, seen.news(marks)))


def _taken(made: Made, draft: Draft, portion: Sequence[Source], frame: bytes) -> None:
    """Add what another process sent of some files; a file that could not be sent is read here."""
    found, said, answers = marshal.loads(frame)
    seen.learn(answers)
    made.said({path: diagnostics.of_plain(some) for path, some in said.items()})
    for source, (readable, data, secrets, is_alone) in zip(portion, found, strict=True):
        if is_alone:
            made.keep(source, readable, data, said.get(source.path, ()))
        for text in secrets:
            keep_secret(text)
        if data is None:
            made.take(source, parts.part(draft, source))
        else:
            source.known(readable=readable)
            made.take(source, plain.load(data, source))

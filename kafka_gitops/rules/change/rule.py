"""What the rules over a change share: a rule sees the files as they were and as they are, and says what that does."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Span
from kafka_gitops.errors import listed
from kafka_gitops.kinds import released
from kafka_gitops.model import Acl, Grant, TopicDecl, Topology
from kafka_gitops.rules.contract import Options, policies, principal_place, whole

_UNREAD = {"yaml-syntax", "wrong-type", "missing-key"}  # what they hide is not gone


class Growth(NamedTuple):
    """A topic that gets another number of partitions; `why` its keys must stay, None where nothing says so."""

    was: TopicDecl
    now: TopicDecl
    old: int
    new: int
    why: str | None


def names(topology: Topology) -> dict[str, TopicDecl]:
    """The declarations by full name, the first one of each, without dead letter topics."""
    found: dict[str, TopicDecl] = {}
    for declared in topology.topics:
        if not declared.dlq:
            found.setdefault(declared.name, declared)
    return found


def pairs(before: Topology, after: Topology) -> Iterator[tuple[TopicDecl, TopicDecl]]:
    """Each topic that both declare, as it was and as it is."""
    old = names(before)
    for name, now in names(after).items():
        if name in old:
            yield old[name], now


def readable(after: Topology) -> bool:
    """Whether all files could be read: else what seems to be gone may only be hidden."""
    return not any(problem.rule in _UNREAD for problem in after.problems)


def gone(before: Topology, after: Topology) -> Iterator[TopicDecl]:
    """Each topic that is no longer declared; none while a file cannot be read."""
    if readable(after):
        left = {declared.name for declared in after.topics}
        yield from (was for name, was in names(before).items() if name not in left)


def placer(after: Topology) -> Callable[[TopicDecl | Grant], Span]:
    """A function that tells where to say that something is gone, in the files as they are.

    At its project's name, else at the top of its file, else, where that is gone too, at the top of the first file: the
    related place says where it was.
    """
    places = cache(lambda: _places(after))  # most changes take nothing away, and the files need not be read again

    def place(was: TopicDecl | Grant) -> Span:
        projects, tops = places()
        path, project = was.node.path, was.project or ""
        here = projects.get((path, project)) or projects.get((None, project)) or tops.get(path)
        return here or next(iter(tops.values()), Span(path, 1, 1, 1, 1))

    return place


def _places(after: Topology) -> tuple[dict[tuple[str | None, str], Span], dict[str, Span]]:
    """The names of projects, by file and name, and the top of each file."""
    projects: dict[tuple[str | None, str], Span] = {}
    tops: dict[str, Span] = {}
    for path, source in after.sources.items():
        root = source.root
        found = root.get("projects") if root is not None else None
        for name in (project.get("name") for project in (found.items if found is not None else ())):
            if name is not None:
                projects.setdefault((path, name.text), name.span)
                projects.setdefault((None, name.text), name.span)
        if root is not None:
            tops[path] = root.head
    return projects, tops


def before_at(span: Span) -> tuple[tuple[Span, str], ...]:
    """Where something stood, as a related place."""
    return ((span, f"before the change, in line {span.line} of {span.path}"),)


class Loss(NamedTuple):
    """What a change takes from one principal: the bindings that leave the files, and where the first one stood."""

    principal: str
    acls: tuple[Acl, ...]
    grant: Grant

    @property
    def said(self) -> str:
        """`may READ topic a, may READ group g and 2 more`."""
        return listed([str(acl).removeprefix(f"{acl.principal} ") for acl in self.acls], most=3)

    def only(self, acls: Sequence[Acl], before: Topology) -> "Loss":
        """A part of it."""
        return Loss(self.principal, tuple(acls), before.acls[acls[0]])

    def told(self, place: Callable[[TopicDecl | Grant], Span], said: str, help: str | None) -> Note:
        """A finding about it, at what is left, with where the first binding stood."""
        return Note(place(self.grant), said, help, before_at(principal_place(self.grant)), self.principal)


def losses(before: Topology, after: Topology) -> Iterator[Loss]:
    """What each principal loses by the files, without what is stated under `removed:`; none while a file hides it."""
    if not readable(after):
        return
    found: dict[str, list[Acl]] = {}
    let = released.let_go(before, after).acls
    for acl in before.acls:
        if acl not in after.acls and acl not in after.revoked and acl not in let:
            found.setdefault(acl.principal, []).append(acl)
    for principal, acls in found.items():
        yield Loss(principal, tuple(acls), before.acls[acls[0]])


def holders(topology: Topology) -> dict[str, Grant]:
    """Who is allowed anything, with the first entry that allows it."""
    found: dict[str, Grant] = {}
    for acl, grant in topology.acls.items():
        if acl.permission == "ALLOW":
            found.setdefault(acl.principal, grant)
    return found


def effective(declared: TopicDecl, key: str, options: Options) -> str | None:
    """A topic's config: its own or its plan's, else the brokers' default, else unknown."""
    return declared.spec.config.get(key, options.default(key))


def partitions(declared: TopicDecl, options: Options) -> int | None:
    """A topic's partitions: its own or its plan's, else the brokers' default, else unknown."""
    own = declared.spec.partitions
    return own if own is not None else whole(options.broker_defaults.get("num.partitions"))


def growths(before: Topology, after: Topology, options: Options) -> Iterator[Growth]:
    """Each topic whose number of partitions changes; a number that is left open is never compared."""
    streams: Mapping[str, str] | None = None
    for was, now in pairs(before, after):
        old, new = partitions(was, options), now.spec.partitions
        if old is None or new is None or old == new:
            continue
        streams = _streams(before, after) if streams is None else streams
        yield Growth(was, now, old, new, _why(was, now, options, streams))


def _why(was: TopicDecl, now: TopicDecl, options: Options, streams: Mapping[str, str]) -> str | None:
    if was.keyed or now.keyed:
        return "the topic is declared keyed"
    if any("compact" in policies(effective(one, "cleanup.policy", options)) for one in (was, now)):
        return "the topic is compacted"
    reader = streams.get(now.name)
    return f"the streams application of {reader} reads it" if reader is not None else None


def _streams(*topologies: Topology) -> dict[str, str]:
    """The topics that a stream processor reads, with one of their principals."""
    found: dict[str, str] = {}
    for topology in topologies:
        for grant in topology.grants:
            if grant.role in ("streams", "ksql"):
                reads = (acl for acl in grant.acls if acl.resource_type == "TOPIC" and acl.pattern_type == "LITERAL")
                found.update({acl.name: grant.principal for acl in reads if acl.operation == "READ"})
    return found


def shown(key: str, value: str) -> str:
    """`604800000 (7 days)`."""
    human = catalog.humanize(key, value)
    return f"{value} ({human})" if human else value

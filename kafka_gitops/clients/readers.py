"""Reads who reads: groups of every broker, their members and committed offsets, within bounds."""

import time
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from kafka_gitops.clients import described_groups
from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import ANY, Link, understood
from kafka_gitops.clients.refusals import chunks
from kafka_gitops.clients.wire import ODD
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds.readers import Group, Member, Seen

MOST = 1_000  # groups of a call, those with members first
AT_ONCE = 100  # in a request
SECONDS = 20.0  # after which no further request of a call is begun
LOADING = 5.0  # seconds for a broker that has just started to load its groups
_REFUSED = 30  # GROUP_AUTHORIZATION_FAILED
_IDLE = ("Empty", "Dead")
_MANY = 8  # the version of OffsetFetch from which a request is about several groups
_BY_NAME = 9  # the last that names topics


class _Listed(NamedTuple):
    name: str
    node: int
    state: str
    kind: str  # of the group's protocol: `classic`, `consumer`, `share`, `streams`; nothing from older brokers
    protocol: str  # of its members

    @property
    def idle(self) -> bool:
        return self.state in _IDLE


class KafkaGroups:
    """The groups of one cluster; the Protocol says what is asked of them."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def seen(self, topics: Collection[str] | None) -> Seen:
        """The groups with their members, and with topics what they committed for these."""
        with self._link.within(SECONDS / 2):
            return self._seen(topics, time.monotonic() + SECONDS)

    def _seen(self, topics: Collection[str] | None, until: float) -> Seen:
        try:
            listed, silent = _listed(self._link)
        except KafkaGitopsError:
            return Seen((), silent=True)
        taken = sorted(listed, key=lambda one: (one.idle, one.name))[:MOST]
        members: dict[str, tuple[Member, ...] | None] = {}
        offsets: dict[str, Mapping[str, Mapping[int, int]] | None] = {}
        for node in sorted({one.node for one in taken}):
            mine = [one for one in taken if one.node == node]
            with suppress(KafkaGitopsError):  # what a broker does not tell, or nobody can read, is left out
                _members(self._link, mine, members, until)
            with suppress(KafkaGitopsError):
                _offsets(self._link, mine, topics or (), offsets, until)
        groups, left, untold = [], len(listed) - len(taken), sum(not one.idle for one in listed)
        for one in taken:
            own = members.get(one.name, () if one.idle else None)
            committed = offsets.get(one.name) if topics is not None else {}
            left += own is None or committed is None
            untold -= own is not None and not one.idle
            groups.append(Group(one.name, bool(own) if own is not None else not one.idle, own or (), committed or {}))
        return Seen(tuple(groups), not _sees_all(self._link), left, untold, silent)


def on(link: Link) -> KafkaGroups:
    """What a kind gets of the connection."""
    return KafkaGroups(link)


def _sees_all(link: Link) -> bool:
    try:
        return sees_all(link)
    except KafkaGitopsError:
        return False


@understood
def sees_all(link: Link) -> bool:
    """Whether this principal may describe every group: those that it may not are in no list, and nothing says so.

    Asked is for a group that is nowhere: without the right on it the answer is GROUP_AUTHORIZATION_FAILED.
    """
    request = load("protocol.admin.groups").DescribeGroupsRequest
    answer = link.read(request(groups=[uuid.uuid4().hex], include_authorized_operations=False))
    return all(group.error_code != _REFUSED for group in answer.groups)


@understood
def _listed(link: Link) -> tuple[list[_Listed], bool]:
    """The groups that each broker coordinates, and whether one of them did not tell."""
    request = load("protocol.admin.groups").ListGroupsRequest
    found, silent = [], False
    until = time.monotonic() + LOADING
    for broker in sorted(link.brokers):
        node = link.near(broker)
        answer = None
        while node != ANY or link.is_first(broker):
            try:
                answer = link.read(request(states_filter=[], types_filter=[]), node=node)
            except KafkaGitopsError:
                break
            if not answer.error_code or time.monotonic() > until:
                break
            time.sleep(0.2)
        silent |= answer is None or bool(answer.error_code)
        for one in answer.groups if answer is not None else ():
            found.append(_Listed(one.group_id, node, one.group_state, one.group_type.lower(), one.protocol_type))
    return found, silent


@understood
def _members(link: Link, groups: Sequence[_Listed], found: dict[str, tuple[Member, ...] | None], until: float) -> None:
    """Fill in who the members of active groups are; a group of a kind that cannot be asked is left out."""
    active = [one for one in groups if not one.idle]
    classic = load("protocol.admin.groups").DescribeGroupsRequest
    older = [one.name for one in active if one.kind in ("", "classic")]
    for answer in _asked(link, active, (classic(groups=mine) for mine in chunks(older, AT_ONCE)), until):
        for group in answer.groups:
            told = tuple(Member(one.client_id, one.client_host, _topics(group, one)) for one in group.members)
            found[group.group_id] = None if group.error_code == _REFUSED else told
    for kind, key in described_groups.KEYS.items():
        newer = [one.name for one in active if one.kind == kind]
        if newer and key in link.versions():
            request = described_groups.messages(key).request
            asked = (request(group_ids=mine, include_authorized_operations=False) for mine in chunks(newer, AT_ONCE))
            for answer in _asked(link, active, asked, until):
                found.update({group.group_id: _told(kind, group) for group in answer.groups})


def _told(kind: str, group: Any) -> tuple[Member, ...] | None:
    """The members of a group of a newer kind; None of one that is refused."""
    if group.error_code:
        return None
    topics = _sources if kind == "streams" else _assigned
    return tuple(Member(one.client_id, one.client_host, frozenset(topics(group, one))) for one in group.members)


def _asked(link: Link, groups: Sequence[_Listed], requests: Iterable[Any], until: float) -> Iterator[Any]:
    """The answers of the broker of these groups until the time is over."""
    for request in requests:
        if time.monotonic() > until:
            return
        yield link.read(request, node=groups[0].node)


def _assigned(_group: Any, member: Any) -> frozenset[str]:
    return frozenset(one.topic_name for one in member.assignment.topic_partitions)


def _sources(group: Any, member: Any) -> Collection[str]:
    """The topics that a member's active tasks read."""
    tasks = {one.subtopology_id for one in member.assignment.active_tasks}
    parts = group.topology.subtopologies or () if group.topology is not None else ()
    mine = [part for part in parts if part.subtopology_id in tasks]
    own = {topic.name for part in mine for topic in part.repartition_source_topics}
    return own.union(*(part.source_topics for part in mine))


def _topics(group: Any, member: Any) -> frozenset[str]:
    """The topics of a member's assignment: bytes that its client wrote (ConsumerProtocolAssignment.json, version 0)."""
    if group.protocol_type != "consumer":
        return frozenset()
    try:
        return frozenset(_names(bytes(member.member_assignment)))
    except ODD:
        return frozenset()


def _names(raw: bytes) -> Iterator[str]:
    number, at = int.from_bytes(raw[2:6], "big"), 6  # after the version
    while number > 0 and at < len(raw):
        size = int.from_bytes(raw[at : at + 2], "big")
        yield raw[at + 2 : at + 2 + size].decode()
        at += 2 + size
        at += 4 + 4 * int.from_bytes(raw[at : at + 4], "big")
        number -= 1


@understood
def _offsets(
    link: Link,
    groups: Sequence[_Listed],
    topics: Collection[str],
    found: dict[str, Mapping[str, Mapping[int, int]] | None],
    until: float,
) -> None:
    """Fill in what groups committed for topics; nothing of one that is refused."""
    if not topics:
        return
    _starts(link, [one for one in groups if one.kind == "share"], topics, found, until)
    names = [one.name for one in groups if one.kind != "share"]
    known = link.versions().get(_fetch([], 0).API_KEY, (0, 0))[1]
    size = AT_ONCE if known >= _MANY else 1
    asked = list(chunks(names, size))
    answers = _asked(link, groups, (_fetch(mine, known) for mine in asked), until)
    for mine, answer in zip(asked, answers, strict=False):
        for name, told in zip(mine, answer.groups if known >= _MANY else [answer], strict=False):
            own = told.group_id if known >= _MANY else name
            found[own] = None if told.error_code else dict(_committed(told, topics))


def _starts(
    link: Link,
    groups: Sequence[_Listed],
    topics: Collection[str],
    found: dict[str, Mapping[str, Mapping[int, int]] | None],
    until: float,
) -> None:
    """The same of share groups, which commit nothing: all before where they begin is done with (KIP-932)."""
    if not groups or described_groups.OFFSETS not in link.versions():
        return
    request = described_groups.messages(described_groups.OFFSETS).request
    named = chunks([one.name for one in groups], AT_ONCE)
    asked = ([request.Group(group_id=name, topics=None) for name in mine] for mine in named)
    for answer in _asked(link, groups, (request(groups=mine) for mine in asked), until):
        for told in answer.groups:
            found[told.group_id] = None if told.error_code else dict(_begun(told, topics))


def _begun(told: Any, topics: Collection[str]) -> Iterator[tuple[str, dict[int, int]]]:
    for topic in told.topics:
        found = (one for one in (topic.partitions if topic.topic_name in topics else ()) if not one.error_code)
        offsets = {one.partition_index: one.start_offset for one in found if one.start_offset >= 0}
        if offsets:
            yield topic.topic_name, offsets


def _fetch(names: Sequence[str], known: int) -> Any:
    """All that groups committed: of each only a few partitions, where to name those at stake may be thousands."""
    request = load("protocol.consumer.group").OffsetFetchRequest
    if known < _MANY:
        return request(group_id=names[0] if names else "", topics=None, require_stable=False)
    groups = [request.OffsetFetchRequestGroup(group_id=name, topics=None) for name in names]
    return request(groups=groups, require_stable=False, max_version=_BY_NAME)


def _committed(told: Any, topics: Collection[str]) -> Iterator[tuple[str, dict[int, int]]]:
    for topic in told.topics:
        found = (one for one in (topic.partitions if topic.name in topics else ()) if not one.error_code)
        offsets = {one.partition_index: one.committed_offset for one in found if one.committed_offset >= 0}
        if offsets:
            yield topic.name, offsets

"""Rights to read that are taken away, and the groups with members that may be using them now."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from kafka_gitops.changes import Change, Danger
from kafka_gitops.errors import listed
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.readers import Group, Readers, Seen
from kafka_gitops.model import Acl

RIGHT_IN_USE = Danger("right-in-use", False, "a right to read goes, and groups under its name have members now")
_FEW, _CLIENTS = 3, 2  # groups, and clients of each, that are named
_READS = ("READ", "ALL")
_UNTOLD = "who writes, and which principal a member logs in as, the cluster does not tell"


def marked(changes: Sequence[Change], left: Collection[Acl], systems: Systems, notes: list[str]) -> list[Change]:
    """The changes, those that take a right to read away with the groups that have members under its name.

    `left` are the bindings that are there afterwards. Nobody is asked where no such right goes; `notes` gets, once,
    what holds for all of them.
    """
    going = {change.key: acl for change in changes if (acl := _taken(change, left)) is not None}
    if not going:
        return [*changes]
    readers: Readers = systems.on_kafka("readers")
    seen = readers.seen(None)
    if seen is None:
        notes.append(f"nobody looked which groups use {_going(len(going))}: there is no broker to ask")
        return [*changes]
    used = {key: said for key, acl in going.items() if (said := _said(acl, seen))}
    notes.append(_note(len(going), len(used), seen))
    return [
        replace(change, risks=(*change.risks, RIGHT_IN_USE(used[change.key]))) if change.key in used else change
        for change in changes
    ]


def _taken(change: Change, left: Collection[Acl]) -> Acl | None:
    """The right to read that a change takes away: an ALLOW that goes and nothing stands in for, or a new DENY."""
    acl, permission = (change.before, "ALLOW") if change.after is None else (change.after, "DENY")
    if not isinstance(acl, Acl) or acl.permission != permission or acl.operation not in _READS:
        return None
    if acl.resource_type not in ("TOPIC", "GROUP") or (change.before is not None and change.after is not None):
        return None
    if permission == "ALLOW" and any(_stands_in(other, acl) for other in left):
        return None
    return acl


def _stands_in(other: Acl, acl: Acl) -> bool:
    """Whether another binding gives all that one gave."""
    return (
        other.permission == "ALLOW"
        and other.resource_type == acl.resource_type
        and other.principal in (acl.principal, "User:*")
        and other.operation in (acl.operation, "ALL")
        and other.host in (acl.host, "*")
        and (_matches(other, acl.name) if acl.name != "*" else other.name in ("*", ""))
        and (acl.pattern_type == "LITERAL" or other.pattern_type == "PREFIXED" or other.name == "*")
    )


def _matches(acl: Acl, name: str) -> bool:
    """Whether a binding is about a resource, or all that begins with that name."""
    if acl.pattern_type == "PREFIXED":
        return name.startswith(acl.name)
    return acl.name in (name, "*")


def _said(acl: Acl, seen: Seen) -> str:
    """The groups under its name that have members now; nothing without any."""
    found = [_named(group) for group in seen.groups if group.active and _uses(group, acl)]
    return f"groups with members now: {listed(found, most=_FEW)}" if found else ""


def _uses(group: Group, acl: Acl) -> bool:
    if acl.resource_type == "GROUP":
        return _matches(acl, group.name)
    return any(_matches(acl, topic) for member in group.members for topic in member.topics)


def _named(group: Group) -> str:
    """`billing (3 members: app at 10.0.0.5)`."""
    if not group.members:
        return f"{group.name} (its members are not told)"
    clients = sorted({f"{member.client} at {member.host.lstrip('/')}" for member in group.members})
    number = len(group.members)
    return f"{group.name} ({number:,} member{'s' * (number != 1)}: {listed(clients, most=_CLIENTS)})"


def _note(going: int, used: int, seen: Seen) -> str:
    part = seen.blind or seen.silent or seen.left
    none = f"no group {'that was seen ' if part else ''}has members now"
    go = _going(going)
    if not used:
        told = f"under {go} {none}"
    elif used < going:
        told = f"{used:,} of {go} {'has' if used == 1 else 'have'} groups with members now (right-in-use); "
        told += f"under the others {none}"
    else:
        told = f"under {go} groups have members now (right-in-use)"
    return "; ".join([told, _UNTOLD, *_unseen(seen)])


def _unseen(seen: Seen) -> Iterator[str]:
    if seen.left:
        yield f"{seen.left:,} group{'s were' if seen.left != 1 else ' was'} not looked at"
    if seen.silent:
        yield "a broker did not tell its groups"
    if seen.blind:
        yield "not all groups may be seen (needs Describe on all groups)"


def _going(number: int) -> str:
    return "the right to read that goes" if number == 1 else f"the {number:,} rights to read that go"

"""What a plan says of users: which credentials are written and taken away, and what that does to their clients."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Protocol, TypeAlias

from kafka_gitops.changes import Change, Risk, Unsupported
from kafka_gitops.errors import listed
from kafka_gitops.holds import Hold
from kafka_gitops.kinds.contract import TAKEN_OVER
from kafka_gitops.kinds.declared import Facts, Found, concerns, share
from kafka_gitops.kinds.parts import Problem, Systems
from kafka_gitops.kinds.user.answers import outside, protected
from kafka_gitops.kinds.user.dangers import PLURAL, ROTATE, USER_DELETE, USER_ROTATE
from kafka_gitops.kinds.user.spec import ITERATIONS, NAME, Credential, User
from kafka_gitops.kinds.wish import Part, Wish
from kafka_gitops.model import Declared, Key, Removal, Spec
from kafka_gitops.settings import Settings

OVERLAP = "write the new one first, remove the old one in a later change, when all clients have moved"
Secret: TypeAlias = tuple[int, str]  # iterations, password


class Users(Protocol):
    """What users need of a Kafka cluster."""

    def list_users(self) -> Mapping[str, Mapping[str, int]]:
        """Every user with the iterations of each mechanism; MissingRight without DESCRIBE on the cluster."""

    def write_users(self, wanted: Mapping[tuple[str, str], Secret | None]) -> Mapping[tuple[str, str], Problem | None]:
        """Write credentials by user and mechanism, None deletes one; one that is gone already is done."""

    def logs_in(self, user: str, mechanism: str, password: str, *, patience: float) -> bool | None:
        """Whether a login with this password succeeds within so many seconds; None where this listener cannot tell."""


def users_of(systems: Systems) -> Users:
    """Those of the environment's cluster."""
    found: Users = systems.on_kafka("scram")
    return found


def live(users: Users) -> dict[Key, User]:
    """The brokers' users."""
    return {
        Key(NAME, name): User({mechanism: Credential(count) for mechanism, count in sorted(found.items())})
        for name, found in users.list_users().items()
        if found
    }


def plan(wish: Wish, settings: Settings, systems: Systems) -> Part | None:
    """The share of users in a plan, None where no file speaks of any. Raises MissingRight."""
    if not concerns(wish, NAME) and not any(key.kind == NAME for key in wish.again):
        return None
    there = live(users_of(systems))
    principal = systems.kafka.principal or ""
    comparison = Comparison(wish, principal.removeprefix("User:") if principal.startswith("User:") else None)
    facts = Facts(NAME, PLURAL, outside, protected, there, without)
    part = share(facts, wish, settings, comparison.compare, comparison.remove)
    _keep_held(part, wish.holds)
    part.notes += _needed(part.changes)
    if not wish.only_change:
        part.others = tuple(sorted([*part.others, *_unnamed(wish, settings, there)]))
    return part


def _keep_held(part: Part, holds: Mapping[Key, Hold]) -> None:
    """Take out, and tell as held, the end of a mechanism that is held, or of one while another is held and differs.

    Else the user might be left without a login: the new mechanism waits, and the old one goes.
    """
    differs = {entry.key for entry in part.held}
    for change in [*part.changes]:
        hold, gone = holds.get(change.key), change.before.fields() if _ends(change) and change.before else {}
        if hold is not None and gone and (change.key in differs or gone.keys() & set(hold.fields)):
            part.changes.remove(change)
            part.held.append(Unsupported(change.key, f"{hold} ({', '.join(gone)} would be removed)", change.origin))


def _ends(change: Change) -> bool:
    """Whether a change takes mechanisms away, and nothing else."""
    return change.after is None or (isinstance(change.after, User) and not change.after.mechanisms)


def _needed(changes: Iterable[Change]) -> Iterator[str]:
    """A note on the variables that an apply reads."""
    found: dict[str, list[str]] = {}
    for change in changes:
        for credential in change.after.mechanisms.values() if isinstance(change.after, User) else ():
            if credential.variable is not None:
                found.setdefault(credential.variable, []).append(change.key.name)
    if found:
        told = [f"{one} ({listed(dict.fromkeys(users), most=3)})" for one, users in sorted(found.items())]
        yield f"an apply reads passwords from {len(told)} variable{'s' * (len(told) > 1)}: {listed(told)}"


def _unnamed(wish: Wish, settings: Settings, there: Mapping[Key, User]) -> Iterator[str]:
    """The mechanisms of declared users that no file names: `orders SCRAM-SHA-256`."""
    for key, spec in wish.topology.wanted(NAME).items():
        assert isinstance(spec, User)
        stated = {removal.part for removal in wish.topology.removed(NAME) if removal.key == key}
        found = there[key].mechanisms if key in there and outside(settings.scopes, key, None) is None else {}
        yield from (f"{key.name} {one}" for one in found if one not in spec.mechanisms and one not in stated)


def without(wanted: User, _there: User, names: Collection[str]) -> User:
    """A user of the files without some mechanisms."""
    return User({mechanism: one for mechanism, one in wanted.mechanisms.items() if mechanism not in names})


class Comparison:
    """The files' users against the brokers'."""

    def __init__(self, wish: Wish, own: str | None) -> None:
        self._wish = wish
        self._own = own  # the user that the run logs in as
        self._before = wish.base.wanted(NAME) if wish.base is not None else {}

    def compare(self, declared: Declared, now: Spec | None) -> Found:
        """What to do about a declared user."""
        spec = declared.spec
        assert isinstance(spec, User)
        there = now.mechanisms if isinstance(now, User) else {}
        rotated = [mechanism for mechanism in self._rotated(declared.key, spec) if mechanism in there]
        wanted = {
            mechanism: Credential(asked.iterations or _count(there.get(mechanism)), asked.variable)
            for mechanism, asked in sorted(spec.mechanisms.items())
        }
        new = [mechanism for mechanism in wanted if mechanism not in there]
        changed = [one for one in wanted if one in there and wanted[one].iterations != there[one].iterations]
        going = sorted(self._stated(declared.key) & there.keys() - wanted.keys())
        if going and (new or changed or rotated):
            return Unsupported(declared.key, f"{', '.join(going)} is removed in the same change: {OVERLAP}")
        if going:
            return self._removal(declared.key, {one: there[one] for one in going})
        if not (new or changed or rotated):
            return None
        after = User({mechanism: wanted[mechanism] for mechanism in wanted if mechanism in {*new, *changed, *rotated}})
        before = User({one: there[one] for one in after.mechanisms if one in there})
        act = ROTATE if rotated else None
        if not new and not changed:
            before = after  # nothing that could be compared differs
        risks = tuple(self._risks(declared.key, [*changed, *rotated]))
        return Change(declared.key, before if there else None, after, risks, act=act)

    def remove(self, gone: Key, now: Spec, removal: Removal | None) -> Found:
        """What takes a user away, or the mechanism that is stated."""
        assert isinstance(now, User)
        part = removal.part if removal is not None else None
        found = {one: credential for one, credential in now.mechanisms.items() if part in (None, one)}
        if not found:
            return None
        return self._removal(gone, found, left=found.keys() != now.mechanisms.keys())

    def _removal(self, gone: Key, going: Mapping[str, Credential], *, left: bool = True) -> Found:
        if gone.name == self._own:
            return Unsupported(gone, "this run logs in as it, and never takes its own login away")
        what = f"by {', '.join(going)}" if left else "at all"
        risk = USER_DELETE(f"{gone.name} can no longer log in {what}; connections that are open stay until they end")
        return Change(gone, User(going), User({}) if left else None, (risk,))

    def _rotated(self, key: Key, spec: User) -> Iterator[str]:
        """The mechanisms whose password is to be written again: the base has another `rotate`, or somebody says so."""
        if key in self._wish.again:
            yield from spec.mechanisms
            return
        before = self._before.get(key)
        for mechanism, asked in spec.mechanisms.items() if isinstance(before, User) else ():
            earlier = before.mechanisms.get(mechanism) if isinstance(before, User) else None
            if earlier is not None and earlier.rotate != asked.rotate:
                yield mechanism

    def _stated(self, key: Key) -> set[str]:
        """The mechanisms of a declared user that the files say are removed."""
        return {one.part for one in self._wish.topology.removed(NAME) if one.key == key and one.part is not None}

    def _risks(self, key: Key, written: list[str]) -> Iterator[Risk]:
        if not written:
            return
        who = "this run, which logs in as it, and all other" if key.name == self._own else "its"
        yield USER_ROTATE(
            f"{who} clients that log in by {' or '.join(dict.fromkeys(written))} with the old password are refused at "
            "their next connection; connections that are open stay"
        )
        if key not in self._before:
            known = "no base says that a file declared it before" if self._wish.base is None else "no file declared it"
            yield TAKEN_OVER(f"its password is somebody else's: {known}")


def _count(there: Credential | None) -> int:
    return there.iterations if there is not None and there.iterations is not None else ITERATIONS[0]

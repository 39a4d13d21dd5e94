"""Kafka's own answer to "may they?", from bindings alone, as StandardAuthorizerData (KRaft) decides it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kafka_gitops.catalog.acls import ALL, implied
from kafka_gitops.model import Acl

EVERYONE = "User:*"
ANY = "*"
OTHER = "…"  # stands for a name, a host or the end of a principal that no binding spells out
_WHOSEVER = ""  # no principal: the bucket of all bindings on a type of resource


MOST_LOOKS = 2_000_000  # bindings that one index is asked about, before it gives up: some seconds


_QUESTION = 10  # what a question costs, beside the bindings that it looks at


class TooMuch(Exception):
    """There are more bindings to compare than anybody waits for."""


class Request(NamedTuple):
    """One question: `resource_type` and `operation` in Kafka's words, `name` a literal name, `host` an IP address."""

    principal: str
    operation: str
    resource_type: str
    name: str
    host: str = OTHER


class Verdict(NamedTuple):
    """The answer, and the binding that it comes from: None for a super user, and where no binding is about it."""

    allowed: bool
    by: Acl | None = None


class _Bucket:
    """The bindings of one principal on one type of resource, by name; prefixes are found by their few lengths."""

    __slots__ = ("literal", "prefixed")

    def __init__(self) -> None:
        self.literal: dict[str, list[Acl]] = {}
        self.prefixed: dict[int, dict[str, list[Acl]]] = {}

    def add(self, acl: Acl) -> None:
        names = self.literal if acl.pattern_type == "LITERAL" else self.prefixed.setdefault(len(acl.name), {})
        names.setdefault(acl.name, []).append(acl)

    def __iter__(self) -> Iterator[Acl]:
        for names in (self.literal, *self.prefixed.values()):
            for acls in names.values():
                yield from acls

    def on(self, name: str) -> Iterator[Acl]:
        """The bindings on the resource of that name."""
        yield from self.literal.get(name, ())
        if name != ANY:
            yield from self.literal.get(ANY, ())
        yield from self.under(name)

    def under(self, prefix: str) -> Iterator[Acl]:
        """The prefixed bindings on all names that begin with `prefix`."""
        for length, names in self.prefixed.items():
            yield from names.get(prefix[:length], ())


_EMPTY = _Bucket()


class Authorizer:
    """An index over bindings; to build it takes one pass, a question a few look-ups however many bindings there are.

    `super_users` are Kafka's `super.users`; `open_without_acl` is `allow.everyone.if.no.acl.found`.
    """

    def __init__(
        self, bindings: Iterable[Acl], *, super_users: Iterable[str] = (), open_without_acl: bool = False
    ) -> None:
        self._super_users, self._open = frozenset(super_users), open_without_acl
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._looks = 0
        for acl in bindings:
            for principal in (acl.principal, _WHOSEVER) if open_without_acl else (acl.principal,):
                bucket = self._buckets.get((acl.resource_type, principal))
                if bucket is None:
                    bucket = self._buckets[acl.resource_type, principal] = _Bucket()
                bucket.add(acl)

    def decide(self, request: Request) -> Verdict:
        """Kafka's verdict: super users, then any DENY, then any ALLOW, then the setting for resources without ACLs.

        This and all other questions raise TooMuch when there were too many.
        """
        self._look(_QUESTION)
        if request.principal in self._super_users:
            return Verdict(True)
        granted: Acl | None = None
        for bucket in self._of(request.principal, request.resource_type):
            for acl in self._counted(bucket.on(request.name)):
                if acl.host in (ANY, request.host) and includes(acl, request.operation):
                    if acl.permission == "DENY":
                        return Verdict(False, acl)
                    granted = granted or acl
        if granted is not None:
            return Verdict(True, granted)
        everything = self._buckets.get((request.resource_type, _WHOSEVER), _EMPTY)
        return Verdict(self._open and next(everything.on(request.name), None) is None)

    def covering(self, acl: Acl) -> Iterator[Acl]:
        """Every binding of the same permission, `acl` itself included, that is about all that `acl` is about."""
        for bucket in self._of(acl.principal, acl.resource_type):
            if acl.pattern_type == "LITERAL" and acl.name != ANY:
                found = bucket.on(acl.name)
            else:
                found = iter((*bucket.literal.get(ANY, ()), *(bucket.under(acl.name) if acl.name != ANY else ())))
            for wider in self._counted(found):
                if (
                    wider.permission == acl.permission
                    and wider.host in (ANY, acl.host)
                    and includes(wider, acl.operation)
                ):
                    yield wider

    def touching(self, acl: Acl) -> Iterator[Acl]:
        """Every binding that shares a principal, a host and a resource with `acl`, whatever the operations."""
        buckets = self._of(acl.principal, acl.resource_type)
        if acl.principal == EVERYONE:
            buckets = (one for (kind, who), one in self._buckets.items() if kind == acl.resource_type and who)
        for bucket in buckets:
            about = acl.pattern_type == "LITERAL" and acl.name != ANY
            yield from (one for one in self._counted(bucket.on(acl.name) if about else iter(bucket)) if _meet(one, acl))

    def names(self, principal: str, resource_type: str, prefix: str) -> list[str]:
        """Names that stand for all that begin with `prefix`: each that bindings tell apart, and one other."""
        found = {prefix + OTHER: None}
        for bucket in self._of(principal, resource_type):
            for acl in self._counted(iter(bucket)):
                if acl.name.startswith(prefix) and acl.name != ANY:
                    found[acl.name if acl.pattern_type == "LITERAL" else acl.name + OTHER] = None
        return list(found)

    def hosts(self, principal: str, resource_type: str) -> list[str]:
        """Hosts that stand for all: each that a binding names, and one other."""
        buckets = self._of(principal, resource_type)
        named = (acl.host for bucket in buckets for acl in self._counted(iter(bucket)) if acl.host != ANY)
        return list(dict.fromkeys((OTHER, *named)))

    def principals(self, principal: str) -> list[str]:
        """The principal itself; for `User:*` those that stand for all: each that a binding names, and one other."""
        if principal != EVERYONE:
            return [principal]
        named = (who for _, who in self._buckets if who not in (EVERYONE, _WHOSEVER))
        return list(dict.fromkeys((f"User:{OTHER}", *named)))

    def _look(self, many: int = 1) -> None:
        self._looks += many
        if self._looks > MOST_LOOKS:
            raise TooMuch

    def _counted(self, acls: Iterator[Acl]) -> Iterator[Acl]:
        for acl in acls:
            self._look()
            yield acl

    def _of(self, principal: str, resource_type: str) -> Iterator[_Bucket]:
        for who in (principal, EVERYONE) if principal != EVERYONE else (EVERYONE,):
            bucket = self._buckets.get((resource_type, who))
            if bucket is not None:
                yield bucket


def includes(acl: Acl, operation: str) -> bool:
    """Whether a binding is about an operation: an ALLOW also about what its own implies, a DENY only about its own."""
    return acl.operation in (operation, ALL) or (acl.permission == "ALLOW" and operation in implied(acl.operation))


def encloses(wide: Acl, narrow: Acl) -> bool:
    """Whether the wide binding is about every principal, host and resource of the narrow one (operations aside)."""
    return wide.principal in (EVERYONE, narrow.principal) and wide.host in (ANY, narrow.host) and _within(narrow, wide)


def _meet(one: Acl, other: Acl) -> bool:
    hosts = ANY in (one.host, other.host) or one.host == other.host
    return hosts and (_within(one, other) or _within(other, one))


def _within(narrow: Acl, wide: Acl) -> bool:
    """Whether the wide pattern matches all names of the narrow one."""
    if wide.pattern_type == "LITERAL":
        return wide.name == ANY or (narrow.pattern_type == "LITERAL" and narrow.name == wide.name)
    return narrow.name.startswith(wide.name) and (narrow.pattern_type != "LITERAL" or narrow.name != ANY)

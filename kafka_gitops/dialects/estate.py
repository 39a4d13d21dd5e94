"""What other tools' files come to: entries of our own sections, each with its place there, and what was left out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kafka_gitops.catalog.acls import operations, resource_types
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.kinds.user.spec import own_variable
from kafka_gitops.model import Acl
from kafka_gitops.shape.check import Shape
from kafka_gitops.shape.found import Found, near
from kafka_gitops.text.source import Node
from kafka_gitops.writing.entries import Entry, Leaf, plain

UNKNOWN = "nobody knows it"


_CLUSTER = "kafka-cluster"  # the only name of a resource of this type


class Left(NamedTuple):
    """Something that was not taken over: where it stands, what it is, and why."""

    span: Span
    what: str
    why: str


_NAMES = {  # what tells one entry of a section from another
    "special_topics": ("name",),
    "quotas": ("user", "client_id", "ip"),
    "users": ("name",),
    "schemas": ("subject",),
    "connectors": ("cluster", "name"),
}


_LOGIN = ("mechanism", "iterations", "password")  # of a user with one
_TYPED = {"quotas": "user", "users": "name"}  # where brokers compare the bare name
_NOBODY = "brokers compare the name without User: before it, so it is about nobody; it stays as it is on the cluster"


@dataclass
class Estate:
    """What the documents of one run say so far."""

    entries: list[Entry] = field(default_factory=list)
    acls: dict[Acl, Node] = field(default_factory=dict)
    revoked: dict[Acl, Node] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    problems: Found = field(default_factory=Found)
    notes: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)  # files beside the topology, by path below the folder
    _variables: dict[str, str] = field(default_factory=dict)
    _seen: dict[object, Entry] = field(default_factory=dict)
    _clusters: dict[str, Node] = field(default_factory=dict)

    def fits(self, node: Node, shape: Shape) -> bool:
        """Whether a node is of a shape; what is wrong with it is noted."""
        before = len(self.problems)
        shape.look(node, self.problems)
        return len(self.problems) == before

    def error(self, span: Span, said: str, help: str | None = None) -> None:
        """Note that something cannot be understood: nothing is written then."""
        self.problems.append(Diagnostic(span, "wrong-type", Severity.error, said, help))

    def leave(self, node: Node, what: str, why: str) -> None:
        """Note that something is not taken over."""
        self.left.append(Left(node.key_span, what, why))

    def rest(self, node: Node | None, read: Collection[str], above: str, why: Mapping[str, str], tool: str) -> None:
        """Note every key of a mapping that is not among those that are read."""
        for key, child in node.map.items() if node is not None else ():
            if key in read:
                continue
            meant = near(key, read)
            unknown = f"{tool} does not know it" + (f' (is "{meant}" meant?)' if meant else "")
            self.leave(child, f"{above}{key}", why.get(key, unknown))

    def add(self, section: str, value: dict[str, object], node: Node) -> None:
        """Take in an entry; one that is there already is told, and an error where it says something else."""
        names = _NAMES.get(section)
        typed = plain(value.get(_TYPED[section])) if section in _TYPED else None
        if isinstance(typed, str) and typed.startswith("User:"):
            self.left.append(Left(node.head, f"{section[:-1]} of {typed}", _NOBODY))
            return
        entry = Entry(section, {key: one for key, one in value.items() if one not in (None, {}, [])}, node)
        if names is not None:
            name = (section, *(plain(value.get(key)) for key in names))
            first = self._seen.setdefault(name, entry)
            if first is not entry:
                self._again(first, entry, " ".join(str(one) for one in name[1:] if one))
                return
        self.entries.append(entry)

    def _again(self, first: Entry, entry: Entry, name: str) -> None:
        place = first.node.head
        if plain(first.value) == plain(entry.value):
            self.left.append(Left(entry.node.head, name, f"the same is in {place}"))
        elif entry.section == "quotas" and _agree(first.value, entry.value):
            first.value.update(entry.value)  # limits are set key by key: each of the two has a part of them
        elif entry.section == "users" and not _logins(first.value).keys() & _logins(entry.value).keys():
            both = {"mechanisms": {**_logins(first.value), **_logins(entry.value)}}
            first.value.update(both)
            for key in _LOGIN:
                first.value.pop(key, None)
        else:
            said = f'"{name}" is also in {place}, and says something else there'
            self.error(entry.node.head, said, "keep one of the two")

    def variable(self, user: str) -> str:
        """The variable that holds a user's password, which no other user has: `ORDERS_APP_PASSWORD`."""
        if user not in self._variables:
            self._variables[user] = own_variable(user, set(self._variables.values()))
        return self._variables[user]

    def remove(self, kind: str, name: str, node: Node, because: str) -> None:
        """State that a resource is to be deleted."""
        self.add("removed", {kind: Leaf(name, node), "because": because}, node)

    def grant(self, acl: Acl, node: Node, *, revoked: bool = False) -> None:
        """Take in a binding, or that it is to be taken away; one that our language cannot say is left out.

        What no broker takes is an error: AclControlManager of Kafka 3.3 and newer, the same in AclAuthorizer.
        """
        known = operations(acl.resource_type)
        wrong = _wrong(acl, known)
        if wrong is not None:
            self.error(node.head, wrong)
        elif acl.operation not in known:
            what = acl.resource_type.lower().replace("_", " ")
            why = f"Kafka asks nobody for {acl.operation} on a {what}: the binding stays as it is on the cluster"
            self.leave(node, str(acl), why)
        else:
            (self.revoked if revoked else self.acls).setdefault(acl, node)

    def cluster(self, name: str, node: Node) -> None:
        """Note of which Kafka cluster a document is: the files of a run are about one."""
        if name and name not in self._clusters and self._clusters:
            first, at = next(iter(self._clusters.items()))
            said = f'found a file of the cluster "{name}", expected one of "{first}" as in {at.span}'
            self.error(node.span, said, "name the files of one cluster; each has an --out of its own")
        if name:
            self._clusters.setdefault(name, node)

    def of(self, section: str) -> Sequence[Entry]:
        """The entries of a section."""
        return [entry for entry in self.entries if entry.section == section]

    @property
    def names(self) -> set[str]:
        """The names of all topics."""
        return {str(plain(entry.value["name"])) for entry in self.of("special_topics")}


def _logins(user: Mapping[str, object]) -> dict[str, object]:
    """The credentials of a user by mechanism."""
    found = user.get("mechanisms")
    if isinstance(found, dict):
        return found
    mechanism, *rest = _LOGIN
    return {str(user[mechanism]): {key: user[key] for key in rest}}


def _agree(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two mappings have the same under each key that both have."""
    return all(plain(one[key]) == plain(other[key]) for key in one.keys() & other.keys())


def _wrong(acl: Acl, known: Collection[str]) -> str | None:
    """Why no broker takes a binding."""
    if not known:
        return f"found the resource type {acl.resource_type}, expected one of {', '.join(resource_types())}"
    if not any(acl.operation in operations(kind) for kind in resource_types()):
        return f"found the operation {acl.operation} on {acl.resource_type}, expected one of {', '.join(known)}"
    if acl.permission not in ("ALLOW", "DENY") or not acl.principal or not acl.name:
        return f"found {acl}, expected a principal, a name, and ALLOW or DENY"
    if ":" not in acl.principal:
        return f'found the principal "{acl.principal}", expected its type before it, such as User:{acl.principal}'
    if acl.resource_type == "CLUSTER" and acl.name != _CLUSTER:
        return f'found the cluster "{acl.name}", expected {_CLUSTER}'
    return None

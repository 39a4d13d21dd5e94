"""Single bindings to as few items of `acls:` as say exactly them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from kafka_gitops.catalog.acls import operations
from kafka_gitops.descriptor.bindings import KINDS
from kafka_gitops.model import Acl
from kafka_gitops.reading.bounds import MOST_OF_ONE
from kafka_gitops.reading.naming import written

_LISTS = {kind: key for key, kind in KINDS.items()}
_K = TypeVar("_K")
_N = TypeVar("_N")  # of each binding: where it comes from
_V = TypeVar("_V")


def items(acls: Mapping[Acl, _N]) -> Iterator[tuple[dict[str, object], _N]]:
    """Items that multiply to these bindings and no other, each with what its first one comes with."""
    first: dict[tuple[str, str, str, str], _N] = {}
    for acl, node in acls.items():
        first.setdefault((acl.permission, acl.resource_type, acl.principal, acl.host), node)
    operated = _collected(
        ((one.permission, one.resource_type, one.principal, one.host, (one.pattern_type, one.name)), one.operation)
        for one in acls
    )
    named = _collected(
        ((permission, kind, who, host, _ordered(kind, done)), name)
        for (permission, kind, who, host, name), done in operated.items()
    )
    people = _collected(
        ((permission, kind, done, names, host), who) for (permission, kind, who, host, done), names in named.items()
    )
    hosted = _collected(
        ((permission, kind, done, names, whose), host)
        for (permission, kind, done, names, host), whose in people.items()
    )
    for (permission, kind, done, names, whose), hosts in hosted.items():
        node = first[permission, kind, whose[0], hosts[0]]
        most = max(1, MOST_OF_ONE // (len(done) * len(whose) * len(hosts)))
        for at in range(0, len(names), most):
            yield _item(permission, kind, done, names[at : at + most], whose, hosts), node


def _collected(pairs: Iterable[tuple[_K, _V]]) -> dict[_K, tuple[_V, ...]]:
    """The second parts by their first, in the order in which they come."""
    found: dict[_K, list[_V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def _ordered(kind: str, found: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in operations(kind) if one in found)


def _item(
    permission: str,
    kind: str,
    done: Sequence[str],
    names: Sequence[tuple[str, str]],
    whose: Sequence[str],
    hosts: Sequence[str],
) -> dict[str, object]:
    item: dict[str, object] = {"principals": list(whose), permission.lower(): list(done)}
    item |= {"cluster": True} if kind == "CLUSTER" else {_LISTS[kind]: [written(*name) for name in names]}
    return item if tuple(hosts) == ("*",) else {**item, "hosts": list(hosts)}


def joined(items: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    """The items, those of the same principals, operations and hosts as one: topics, groups and the cluster together."""
    found: dict[tuple[object, ...], dict[str, object]] = {}
    for item in items:
        who, hosts = item["principals"], item.get("hosts", ())
        verb = "allow" if "allow" in item else "deny"
        names = {key: one for key, one in item.items() if key not in ("principals", verb, "hosts")}
        key = (verb, *(tuple(sorted(one)) if isinstance(one, list) else () for one in (who, item[verb], hosts)))
        first = found.setdefault(key, item)
        if first is item:
            continue
        if first.keys() & names.keys() or _count({**first, **names}) > MOST_OF_ONE:
            found[key, len(found)] = item
            continue
        last = {"hosts": first.pop("hosts")} if "hosts" in first else {}
        first |= {**names, **last}
    return list(found.values())


def _count(item: Mapping[str, object]) -> int:
    """At most so many bindings an item gives."""
    sizes = {key: len(one) if isinstance(one, list) else 1 for key, one in item.items()}
    each = sizes.pop("principals") * sizes.pop("hosts", 1) * sizes.pop("allow", 1) * sizes.pop("deny", 1)
    return each * sum(sizes.values())

"""What files ask of a cluster, and what follows from that: which resources are due, whether a change fits, whether it came.

An oracle beside the product for topics, ACLs, quotas and users of a model (modelled.py): it is written from what the
documentation promises, and shares nothing with the code that plans and applies but the nouns.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from making import declared, grant, node, topology
from modelled import Model
from modelled_reads import DEFAULTS

from kafka_gitops.changes import Change
from kafka_gitops.kinds.quota.spec import Entity, Quota, key, parse
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.model import Acl, AclRemoval, Declared, Key, Removal, Topic, Topology, acl_key
from kafka_gitops.settings import Scope, Settings

Users = Mapping[str, Mapping[str, Credential]]


@dataclass(frozen=True)
class Files:
    """What is declared, by name; `removed` holds the keys of `removed:` statements, `revoked` their bindings."""

    topics: Mapping[str, Topic] = field(default_factory=dict)
    acls: frozenset[Acl] = frozenset()
    quotas: Mapping[Entity, Mapping[str, str]] = field(default_factory=dict)
    users: Users = field(default_factory=dict)
    removed: frozenset[Key] = frozenset()
    revoked: frozenset[Acl] = frozenset()

    def topology(self) -> Topology:
        """As the reader of files makes it."""
        others = [Declared(key(entity), Quota(entity, limits), node()) for entity, limits in self.quotas.items()]
        others += [Declared(Key("user", name), User(found), node()) for name, found in self.users.items()]
        made = topology(
            *(declared(name, spec) for name, spec in self.topics.items()),
            *(grant(acl) for acl in sorted(self.acls)),
            *(Removal(key, False, "no longer used", node(line=9)) for key in sorted(self.removed)),
        )
        taken = (AclRemoval(tuple(sorted(self.revoked)), "no longer used", node(line=9)),) if self.revoked else ()
        return made._replace(declared=tuple(others), acl_removals=taken)

    def keys(self) -> set[Key]:
        """Of all that is declared."""
        found = {Key("topic", name) for name in self.topics} | {acl_key(acl) for acl in self.acls}
        return found | {key(entity) for entity in self.quotas} | {Key("user", name) for name in self.users}


@dataclass(frozen=True)
class Rules:
    """The settings: what is ours begins with `prefix`; whether what left the files goes, and unknown configs stay."""

    prefix: str
    prune: bool
    keep: bool

    def settings(self) -> Settings:
        """As a run has them."""
        own = (f"{self.prefix}*",)
        scope = Scope({"topics": own, "groups": own, "principals": (f"User:{self.prefix}*",)})
        kinds = frozenset(("topics", "acls", "quotas", "users")) if self.prune else frozenset[str]()
        return Settings(scopes=(scope,), prune=kinds, keep_undeclared_configs=self.keep)

    def inside(self, key: Key, acl: Acl | None = None) -> bool:
        """Whether a resource is ours."""
        if acl is not None:
            return acl.principal.startswith(f"User:{self.prefix}") and acl.name.startswith(self.prefix)
        entity = dict(parse(key.name) or ()) if key.kind == "quota" else {"user": key.name}
        return (entity.get("user") or "").startswith(self.prefix)


def due(files: Files, base: Files, model: Model, rules: Rules) -> set[Key]:
    """The resources of which a plan has to speak, as a change or as what cannot be done; it may speak of no other."""
    found = {Key("topic", name) for name, spec in files.topics.items() if not _topic_is(model, name, spec, rules.keep)}
    found |= {acl_key(acl) for acl in files.acls - model.acls if rules.inside(acl_key(acl), acl)}
    found |= {
        key(entity) for entity, limits in files.quotas.items() if not _quota_is(model, entity, limits, rules.keep)
    }
    found |= {Key("user", name) for name in files.users if _user_due(files.users, base.users, name, model)}
    found |= {going for going in _going(files, base, rules) if there(model, going)}
    gone = files.revoked | (base.acls if rules.prune else frozenset())
    rights = {acl_key(acl) for acl in gone - files.acls if acl in model.acls and rules.inside(acl_key(acl), acl)}
    return {one for one in found if one.kind == "acl" or rules.inside(one)} | rights


def _going(files: Files, base: Files, rules: Rules) -> Iterator[Key]:
    """What is stated to go, and what left the files; rights aside."""
    yield from files.removed
    if rules.prune:
        yield from (one for one in base.keys() - files.keys() if one.kind != "acl")


def there(model: Model, which: Key) -> bool:
    """Whether a resource exists."""
    if which.kind == "topic":
        return which.name in model.topics
    if which.kind == "quota":
        return bool(model.limits.get(parse(which.name) or ()))
    if which.kind == "user":
        return any(user == which.name for user, _ in model.credentials)
    return which in {acl_key(acl) for acl in model.acls}


def _topic_is(model: Model, name: str, spec: Topic, keep: bool) -> bool:
    made = model.topics.get(name)
    if made is None or spec.partitions not in (None, made.partitions) or spec.replication not in (None, 1):
        return False
    values = all({**DEFAULTS, **made.config}.get(one) == value for one, value in spec.config.items())
    return values and (keep or made.config.keys() <= spec.config.keys())


def _quota_is(model: Model, entity: Entity, limits: Mapping[str, str], keep: bool) -> bool:
    live, wanted = model.limits.get(entity, {}), {limit: float(text) for limit, text in limits.items()}
    return bool(live) and (wanted.items() <= live.items() if keep else wanted == live)


def _user_due(users: Users, before: Users, name: str, model: Model) -> bool:
    for mechanism, asked in users[name].items():
        live = model.credentials.get((name, mechanism))
        earlier = before.get(name, {}).get(mechanism)
        if live is None or asked.iterations not in (None, live[0]):
            return True
        if earlier is not None and earlier.rotate != asked.rotate:
            return True
    return False


def came(change: Change, model: Model, keep: bool) -> bool:
    """Whether a resource is what a change wants it to be."""
    before, after, name = change.before, change.after, change.key.name
    if change.key.kind == "acl" or (after is None and change.key.kind != "quota"):
        return there(model, change.key) == (after is not None)
    if isinstance(after, Topic):
        made = model.topics.get(name)
        return made is not None and _topic_equals(made.partitions, made.config, change, after, keep)
    if isinstance(after, User):
        wanted = after.iterations
        about = {*wanted, *(before.mechanisms if isinstance(before, User) else ())}
        return _credentials(model, name, about) == wanted
    return _limits(model, change, keep) == (_told(after) if isinstance(after, Quota) else {})


def fits(change: Change, model: Model, keep: bool) -> bool:
    """Whether a planned change may be carried out, or be taken for done; else its plan is stale."""
    before, after, name = change.before, change.after, change.key.name
    if change.key.kind == "acl" or (change.act is None and came(change, model, keep)):
        return True
    if change.key.kind == "topic":
        made = model.topics.get(name)
        return (
            made is None
            if before is None
            else made is not None and _fits_topic(change, made.partitions, made.config, made.id, keep)
        )
    if change.key.kind == "user":
        every = _credentials(model, name, {"SCRAM-SHA-256", "SCRAM-SHA-512"})
        if before is None or not every:
            return before is None and not every
        assert isinstance(before, User)
        about = (
            set(every)
            if after is None
            else {*before.mechanisms, *(after.mechanisms if isinstance(after, User) else ())}
        )
        return _credentials(model, name, about) == before.iterations
    return _limits(model, change, keep) == (_told(before) if isinstance(before, Quota) else {})


def _fits_topic(change: Change, partitions: int, config: Mapping[str, str], made: str, keep: bool) -> bool:
    before, after = change.before, change.after
    assert isinstance(before, Topic)
    if not isinstance(after, Topic):
        return change.pin in (None, made) and _topic_equals(partitions, config, change, before, keep)
    if partitions not in (before.partitions, after.partitions):
        return False
    about = {*before.config, *after.config, *(() if keep else config)}
    return all(config.get(one) in (before.config.get(one), after.config.get(one)) for one in about)


def _topic_equals(partitions: int, config: Mapping[str, str], change: Change, wanted: Topic, keep: bool) -> bool:
    specs = [spec for spec in (change.before, change.after) if isinstance(spec, Topic)]
    about = {one for spec in specs for one in spec.config} if keep else config.keys() | wanted.config.keys()
    same = all(config.get(one) == wanted.config.get(one) for one in about)
    return same and wanted.partitions in (None, partitions) and wanted.replication in (None, 1)


def _credentials(model: Model, name: str, about: set[str]) -> dict[str, int | None]:
    mine = {mechanism: found[0] for (user, mechanism), found in model.credentials.items() if user == name}
    return {mechanism: count for mechanism, count in mine.items() if mechanism in about}


def _limits(model: Model, change: Change, keep: bool) -> dict[str, float]:
    live = model.limits.get(parse(change.key.name) or (), {})
    about = {limit for spec in (change.before, change.after) if isinstance(spec, Quota) for limit in spec.limits}
    return {limit: value for limit, value in live.items() if not keep or limit in about}


def _told(quota: Quota) -> dict[str, float]:
    return {limit: float(text) for limit, text in quota.limits.items()}

"""What hypothesis draws for the model of a cluster: files, what somebody else does meanwhile, and the fates of requests."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from hypothesis import strategies as st
from modelled import FATES, THEIRS, Model
from wished import Files

from kafka_gitops.changes import Change
from kafka_gitops.kinds.quota.spec import Entity, key, parse
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.model import Acl, Key, Topic

MECHANISMS = ("SCRAM-SHA-256", "SCRAM-SHA-512")
VARIABLES = {"WORD_1": "word-1", "WORD_2": "word-2"}
LIMITS = ("producer_byte_rate", "consumer_byte_rate", "request_percentage")


class Names(NamedTuple):
    """The few names of a small world, so that things meet: ours, and one topic, user and quota that are not."""

    prefix: str

    @property
    def topics(self) -> tuple[str, ...]:
        return (*(self.prefix + one for one in ("a", "b", "c", "a.b", "a_b")), f"y{self.prefix}d")

    @property
    def users(self) -> tuple[str, ...]:
        return (f"{self.prefix}p", f"{self.prefix}q", f"y{self.prefix}r")

    @property
    def entities(self) -> tuple[Entity, ...]:
        alone: list[Entity] = [(("user", user),) for user in self.users]
        return (*alone, (("client-id", "batch"), ("user", self.users[0])))

    def acls(self) -> "st.SearchStrategy[Acl]":
        topic, group = ("TOPIC", "LITERAL"), ("GROUP", "LITERAL")
        resources = [(*topic, name) for name in (self.topics[0], self.topics[-1])]
        resources += [("TOPIC", "PREFIXED", self.prefix), (*group, f"{self.prefix}g")]
        return st.builds(
            lambda user, operation, permission, resource: Acl(f"User:{user}", "*", operation, permission, *resource),
            st.sampled_from(self.users),
            st.sampled_from(("READ", "WRITE", "ALL")),
            st.sampled_from(("ALLOW", "DENY")),
            st.sampled_from(resources),
        )


def configs() -> "st.SearchStrategy[dict[str, str]]":
    """Overrides, some of them Kafka's defaults."""
    return st.fixed_dictionaries(
        {},
        optional={
            "retention.ms": st.sampled_from(("604800000", "86400000", "3600000")),
            "segment.ms": st.sampled_from(("604800000", "7200000")),
            "max.message.bytes": st.sampled_from(("1048588", "2097152")),
        },
    )


def topics(replication: tuple[int | None, ...] = (1, 1, 1, None, 2)) -> "st.SearchStrategy[Topic]":
    """What a file wants of a topic; two replicas are more than there are brokers."""
    return st.builds(Topic, st.sampled_from((1, 1, 2, 3, None)), st.sampled_from(replication), configs())


def limits() -> "st.SearchStrategy[dict[str, str]]":
    """The limits of a quota."""
    return st.dictionaries(st.sampled_from(LIMITS), st.sampled_from(("1000", "2000")), min_size=1)


def users() -> "st.SearchStrategy[dict[str, Credential]]":
    """The mechanisms of a user, with who knows which password."""
    some = st.builds(
        Credential,
        st.sampled_from((None, 4096, 8192)),
        st.sampled_from((*VARIABLES,)),
        st.sampled_from((None, "1", "2")),
    )
    return st.dictionaries(st.sampled_from(MECHANISMS), some, min_size=1)


@st.composite
def files(draw: st.DrawFn, names: Names) -> Files:
    """Files that declare some of the world and state that some of the rest goes."""
    wanted = draw(st.dictionaries(st.sampled_from(names.topics), topics(), min_size=1, max_size=5))
    acls = draw(st.frozensets(names.acls(), min_size=1, max_size=9))
    quotas = draw(st.dictionaries(st.sampled_from(names.entities), limits(), max_size=3))
    people = draw(st.dictionaries(st.sampled_from(names.users[:2]), users(), max_size=2))
    made = Files(wanted, acls, quotas, people)
    every = [*(Key("topic", one) for one in names.topics[:-1]), *map(key, (*names.entities[:2], names.entities[3]))]
    every += [Key("user", one) for one in names.users[:2]]
    removed = draw(st.frozensets(st.sampled_from(every), max_size=3)) - made.keys()
    revoked = draw(st.frozensets(names.acls(), max_size=2)) - acls
    return Files(wanted, acls, quotas, people, removed, revoked)


class Foreign(NamedTuple):
    """What somebody else does: `what` (a kind, or `anew`: a topic in the place of one), to which name, and how it is to
    be; None: it goes."""

    what: str
    name: object
    value: object


def foreign(names: Names) -> "st.SearchStrategy[Foreign]":
    """Anything, to what is ours as well."""
    secret = st.tuples(st.sampled_from((4096, 8192)), st.just("theirs"))
    credential = st.tuples(st.sampled_from(names.users), st.sampled_from(MECHANISMS))
    return st.one_of(
        st.builds(Foreign, st.just("topic"), st.sampled_from(names.topics), st.none() | topics((1,))),
        st.builds(Foreign, st.just("anew"), st.sampled_from(names.topics), topics((1,))),
        st.builds(Foreign, st.just("acl"), names.acls(), st.booleans()),
        st.builds(Foreign, st.just("quota"), st.sampled_from(names.entities), st.none() | limits()),
        st.builds(Foreign, st.just("user"), credential, st.none() | secret),
    )


Call = tuple[str, object]  # a method of whoever writes that kind, and what it takes


def calls(one: Foreign, model: Model) -> list[Call]:
    """The requests that do it, from what is there."""
    if one.what == "acl":
        return [("create_acls" if one.value else "delete_acls", [one.name])]
    if one.what == "user":
        return [("write_users", {one.name: one.value})]
    if one.what == "quota":
        wanted = one.value if isinstance(one.value, Mapping) else {}
        old = dict.fromkeys(model.limits.get(one.name, {}))  # type: ignore[call-overload]
        edits = {**old, **{limit: float(text) for limit, text in wanted.items()}}
        return [("alter_quotas", {one.name: edits})] if edits else []
    assert isinstance(one.name, str)
    made = model.topics.get(one.name)
    if not isinstance(one.value, Topic):
        return [("delete_topics", {one.name: None})] if made is not None else []
    if made is None or one.what == "anew":
        gone: list[Call] = [("delete_topics", {one.name: None})] if made is not None else []
        return [*gone, ("create_topics", {one.name: one.value})]
    edits_of = {
        key: value
        for key, value in {**dict.fromkeys(made.config), **one.value.config}.items()
        if made.config.get(key) != value
    }
    grown = (one.value.partitions or 1) > made.partitions
    asked: list[Call] = [("create_partitions", {one.name: one.value.partitions})] if grown else []
    return [*asked, ("alter_configs", {one.name: edits_of})] if edits_of else asked


def does(one: Foreign, model: Model) -> None:
    """Let somebody else do it to the model."""
    before, model.by = model.by, THEIRS
    for method, what in calls(one, model):
        getattr(model, method)(what)
    model.by = before


def struck(fates: Mapping[int, str]) -> Callable[[], str | None]:
    """The fates of requests by their numbers, from 0."""
    number = -1

    def strike() -> str | None:
        nonlocal number
        number += 1
        return fates.get(number)

    return strike


def fates() -> "st.SearchStrategy[dict[int, str]]":
    """Which requests of an apply meet what; mostly none."""
    return st.one_of(
        st.just({}),
        st.dictionaries(
            st.sampled_from((0, 0, 1, *range(8))), st.sampled_from(("refused", *FATES)), min_size=1, max_size=2
        ),
    )


def spoils() -> "st.SearchStrategy[list[tuple[int, bool]]]":
    """Which changes of a plan somebody else gets in the way of: by deleting the resource, or by writing another."""
    return st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=2)


def spoil(change: Change, gone: bool) -> Foreign:
    """What gets in the way of a change."""
    spec = change.after or change.before
    if isinstance(spec, Acl):
        return Foreign("acl", spec, not gone)
    if change.key.kind == "topic":
        return Foreign("topic", change.key.name, None if gone else Topic(4, 1, {"retention.ms": "1"}))
    if change.key.kind == "quota":
        return Foreign("quota", parse(change.key.name), None if gone else {"producer_byte_rate": "3000"})
    assert isinstance(spec, User)
    return Foreign("user", (change.key.name, MECHANISMS[0]), None if gone else (5000, "theirs"))


def foreigners(names: Names) -> "st.SearchStrategy[dict[int, Foreign]]":
    """Before which requests of an apply somebody else does something; mostly never."""
    return st.one_of(st.just({}), st.dictionaries(st.integers(0, 5), foreign(names), max_size=2))

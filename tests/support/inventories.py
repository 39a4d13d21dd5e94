"""Random clusters as inventories: names of every habit, rights that are roles and rights that are none, all kinds."""

from hypothesis import strategies as st

from kafka_gitops.adopt.inventory import Inventory
from kafka_gitops.catalog.acls import operations
from kafka_gitops.descriptor import roles
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.kinds.connector.spec import key_of as connector_key
from kafka_gitops.kinds.quota.spec import Quota
from kafka_gitops.kinds.quota.spec import key as quota_key
from kafka_gitops.kinds.schema.spec import Reference, Schema
from kafka_gitops.kinds.schema.spec import key_of as subject_key
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.model import Acl, Key, Spec, Topic, acl_key, topic_key
from kafka_gitops.scope import managed_inside
from kafka_gitops.settings import Dlq, Language, ManagedPrefixes, Naming

WORDS = st.sampled_from(
    (
        "acme",
        "Acme",
        "pay",
        "Pay",
        "apps",
        "dev",
        "test",
        "ship",
        "orders",
        "v1",
        "eu",
        "dlq",
        "json",
        "a_b",
        "x-y",
        "_q",
        "1",
        "on",
    )
)
SEPARATORS = st.sampled_from((".", ".", ".", "-", "_", ".."))
TOPICS = st.builds(lambda parts, by: by.join(parts), st.lists(WORDS, min_size=1, max_size=5), SEPARATORS)
ODD = st.sampled_from(
    ("a, b", "orders*", "*", "**", "pay.*", " x ", "null", "12", "true", "ü", "a#b: c", "'", '"', "{x}", "CN=a,O=b c")
)
NAMES = st.one_of(TOPICS, ODD)
PRINCIPALS = st.one_of(
    st.sampled_from(("User:a", "User:b", "User:pay-app", "User:CN=pay, O=Acme AG", "User:*", "Group:g, h", "User:a b")),
    st.builds("User:{}".format, WORDS),
)
HOSTS = st.sampled_from(("*", "*", "*", "10.0.0.1", "::1", "host name"))
CONFIGS = st.dictionaries(
    st.sampled_from(("retention.ms", "cleanup.policy", "min.insync.replicas", "unclean.leader.election.enable", "x.y")),
    st.sampled_from(("1", "-1", "compact,delete", "true", "", "0.5", "a b", "1e3", "0x10")),
    max_size=3,
)
SPECS = st.builds(Topic, st.integers(1, 12), st.integers(1, 3), CONFIGS)
NAMINGS = st.builds(
    lambda by, dlq: Naming("default", "default", by, dlq),
    st.sampled_from((".", ".", "-", "_")),
    st.sampled_from((Dlq(), Dlq(), Dlq(generate=True))),
) | st.sampled_from(
    (
        Naming("{{context}}.{{project}}.{{topic}}", "{{context}}.{{project}}."),
        Naming("{{project}}-{{topic}}", "{{project}}-"),
        Naming("{{context}}.{{env}}.{{project}}.{{topic}}", "{{context}}.{{env}}.{{project}}."),
        Naming("name", "{{context}}.{{project}}."),
        Naming("{{context|upper}}.{{project}}.{{topic}}", "{{context}}."),
        Naming("{{project}}{{topic}}", "{{context}}."),
    )
)
LANGUAGES = st.builds(
    lambda naming, optimized, creates, many, managed: Language(
        naming, optimized, creates, many_contexts=many, managed=managed
    ),
    NAMINGS,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from((ManagedPrefixes(), ManagedPrefixes(), ManagedPrefixes(("acme",), ("pay", "a"), ("User:a",)))),
)


def within(inventory: Inventory, language: Language) -> Inventory:
    """What of a cluster files of a language can say: JulieOps' managed prefixes take all else out."""

    def inside(spec: Spec, name: str) -> bool:
        if isinstance(spec, Acl):
            return managed_inside(language.managed, spec)
        return not isinstance(spec, Topic) or language.managed.has_topic(name)

    return Inventory({key: spec for key, spec in inventory.specs.items() if inside(spec, key.name)})


@st.composite
def bindings(draw: st.DrawFn) -> list[Acl]:
    """A binding of any form."""
    kind = draw(st.sampled_from(("TOPIC", "TOPIC", "GROUP", "TRANSACTIONAL_ID", "DELEGATION_TOKEN", "USER", "CLUSTER")))
    done = draw(st.sampled_from(sorted(operations(kind))))
    pattern = "LITERAL" if kind in ("CLUSTER", "USER") else draw(st.sampled_from(("LITERAL", "PREFIXED")))
    name = "kafka-cluster" if kind == "CLUSTER" else draw(PRINCIPALS if kind == "USER" else NAMES)
    return [
        Acl(draw(PRINCIPALS), draw(HOSTS), done, draw(st.sampled_from(("ALLOW", "ALLOW", "DENY"))), kind, pattern, name)
    ]


@st.composite
def role(draw: st.DrawFn, topics: list[str]) -> list[Acl]:
    """What a role gives, perhaps but for one binding."""
    who, names = draw(PRINCIPALS), st.lists(st.sampled_from(topics) | NAMES, min_size=1, max_size=4, unique=True)
    given = draw(
        st.one_of(
            st.builds(lambda t, g: roles.consumer(who, t, g), names, st.none() | NAMES),
            st.builds(lambda p, g: roles.consumer(who, (), g, prefix=p), TOPICS.map("{}.".format), st.none() | NAMES),
            st.builds(lambda t, x, i: roles.producer(who, t, x, idempotent=i), names, st.none() | NAMES, st.booleans()),
            st.builds(lambda a, r, w, o: roles.streams(who, a, r, w, exactly_once=o), TOPICS.map("{}.".format), names, names, st.booleans()),
            st.builds(
                lambda i, g, r, w, c: roles.connector(who, i, g, r, w, creates_topics=c),
                st.sampled_from((("connect-status", "connect-offsets", "connect-configs"), ("a-status", "b", "c"), ("x", "x", "y"))),
                NAMES, names, names, st.booleans(),
            ),
        )
    )  # fmt: skip
    if len(given) > 1 and draw(st.booleans()) and draw(st.booleans()):
        given = given[1:]
    return [one for one in given if one.name]


@st.composite
def inventories(draw: st.DrawFn, size: int = 8) -> Inventory:
    """A cluster with its registry and Connect."""
    names = draw(st.lists(TOPICS, max_size=2 * size, unique=True))
    specs: dict[Key, Spec] = {topic_key(name): draw(SPECS) for name in names}
    acls = draw(st.lists(bindings() | role(names or ["t"]), max_size=size))
    specs |= {acl_key(acl): acl for some in acls for acl in some}
    for entity in draw(st.lists(st.sampled_from(_ENTITIES), max_size=3, unique=True)):
        limits = (
            {"connection_creation_rate": "5"}
            if entity[0][0] == "ip"
            else {"producer_byte_rate": "1024", "request_percentage": "2.5"}
        )
        specs[quota_key(entity)] = Quota(entity, limits)
    for name in draw(
        st.lists(st.sampled_from(("pay", "a b", "a,b", "CN=x", "on", "1", "null")), max_size=3, unique=True)
    ):
        ways = draw(st.sampled_from((("SCRAM-SHA-256",), ("SCRAM-SHA-512",), ("SCRAM-SHA-256", "SCRAM-SHA-512"))))
        specs[Key("user", name)] = User({way: Credential(4096) for way in ways})
    for subject in draw(st.lists(st.sampled_from(_SUBJECTS) | TOPICS.map("{}-value".format), max_size=4, unique=True)):
        level = draw(st.sampled_from((None, "FULL")))
        uses = draw(st.sampled_from(((), (Reference("com.acme.Money", "money", 3),))))
        specs[subject_key(subject)] = Schema("AVRO", f'{{"type": "string", "doc": "{len(specs)}"}}', uses, level)
    for name in draw(st.lists(st.sampled_from(("sink", "a b", "x: y", "on")), max_size=2, unique=True)):
        config = {"connector.class": "a.B", "topics": "t", "password": "(secret)", "note": "a: #b"}
        specs[connector_key("main", name)] = Connector(config, draw(st.sampled_from((None, "paused"))))
    return Inventory(specs)


_ENTITIES = (
    (("user", "pay"),), (("user", None),), (("client-id", "c d"), ("user", "a,b")), (("client-id", None),), (("ip", "10.0.0.1"),),
    (("ip", None),), (("user", "12"),), (("client-id", "x"), ("user", None)),
)  # fmt: skip
_SUBJECTS = ("money", "Money", "MONEY", "a/b", "a_b", "a b", "x.y", "con", "ü", "v" * 230)

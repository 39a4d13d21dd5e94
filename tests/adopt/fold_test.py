"""Several environments become one set of files, which says of each with its values exactly what is there."""

import os
from collections.abc import Mapping, Sequence
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kafka_gitops.adopt import values
from kafka_gitops.adopt.fold import Folded, fold
from kafka_gitops.adopt.inventory import Inventory, Left, Made, Shape
from kafka_gitops.adopt.pairing import paired
from kafka_gitops.descriptor.build import topology
from kafka_gitops.diagnostics import Severity
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.kinds.quota import spec as quotas
from kafka_gitops.kinds.schema.spec import Schema
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.model import Acl, Key, Spec, Topic, acl_key, topic_key
from kafka_gitops.settings import Language
from kafka_gitops.text.source import parse

MANY = 400 if os.environ.get("KAFKA_GITOPS_LONG") else 40  # `make long`
ENVIRONMENTS = ("dev", "test", "prod")


def may(who: str, operation: str, name: str, kind: str = "TOPIC", pattern: str = "LITERAL", host: str = "*") -> Acl:
    return Acl(who, host, operation, "ALLOW", kind, pattern, name)


def estate(*specs: tuple[Key, Spec] | Acl | quotas.Quota) -> dict[Key, Spec]:
    made: dict[Key, Spec] = {}
    for one in specs:
        if isinstance(one, Acl):
            made[acl_key(one)] = one
        elif isinstance(one, quotas.Quota):
            made[quotas.key(one.entity)] = one
        else:
            made[one[0]] = one[1]
    return made


def topic(name: str, partitions: int = 1, replication: int = 1, **config: str) -> tuple[Key, Spec]:
    return topic_key(name), Topic(
        partitions, replication, {key.replace("_", "."): text for key, text in config.items()}
    )


def run(estates: Mapping[str, Mapping[Key, Spec]]) -> Folded:
    """What folds, and the proof of it: our own reader, with the values of each environment."""
    found = fold({name: Inventory(one) for name, one in estates.items()}, Shape(), dict.fromkeys(estates, Language()))
    for name, one in estates.items():
        assert said([*found.made, *found.only.get(name, ())], found.values[name]) == {
            key: plain(spec) for key, spec in one.items()
        }
    return found


def said(made: Sequence[Made], own: Mapping[str, str]) -> dict[Key, Spec]:
    texts = {one.path: one.text for one in made}

    def read(topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
        return texts.get(str(PurePath(topology).parent / path)), None

    sources = {path: parse(path, text) for path, text in texts.items() if path.endswith(".yaml")}
    result = topology(sources, Language(values=values.read(own)), read=read)
    assert [one for one in result.problems if one.severity is Severity.error] == []
    return {key: plain(spec) for key, spec in result.state.items()}


def plain(spec: Spec) -> Spec:
    """Without the names of variables, which no server has."""
    if isinstance(spec, User):
        return User({key: Credential(one.iterations) for key, one in spec.mechanisms.items()})
    return spec


def file(found: Folded, path: str = "topology.yaml") -> str:
    return next(one.text for one in found.made if one.path == path)


def test_names_numbers_and_principals_become_values() -> None:
    sizes = {"dev": (1, 1), "test": (2, 2), "prod": (6, 3)}
    people = {"dev": "User:x1", "test": "User:y2", "prod": "User:CN=z,OU=pay"}
    found = run(
        {
            env: estate(
                topic(f"{env}.pay.orders", partitions, replicas, retention_ms=str(partitions * 86400000)),
                topic(f"{env}.pay.refunds", 1, replicas),
                may(f"User:pay-{env}", "WRITE", f"{env}.pay.orders"),
                may(f"User:pay-{env}", "DESCRIBE", f"{env}.pay.orders"),
                may(people[env], "ALTER", f"{env}.pay.", pattern="PREFIXED"),
                quotas.Quota((("user", f"pay-{env}"),), {"producer_byte_rate": str(partitions * 1024)}),
                (Key("user", f"pay-{env}"), User({"SCRAM-SHA-256": Credential(4096 * replicas)})),
                (Key("schema", f"{env}.pay.orders-value"), Schema("AVRO", '"string"')),
                (
                    Key("connector", f"main/sink-{env}"),
                    Connector({"connector.class": "X", "topics": f"{env}.pay.orders"}),
                ),
            )
            for env, (partitions, replicas) in sizes.items()
        }
    )
    assert file(found) == (
        """\
context: "${values.env}"
projects:
- name: pay
  topics:
  - name: orders
    config: {num.partitions: "${values.partitions}", replication.factor: "${values.replicas}", \
retention.ms: "${values.retention_ms}"}
    producers: [{principal: "User:pay-${values.env}"}]
  - {name: refunds, config: {num.partitions: "1", replication.factor: "${values.replicas}"}}
  schemas:
  - {subject: "${values.env}.pay.orders-value", file: schemas/env.pay.orders-value.avsc, type: AVRO}
  acls:
  - {principals: ["User:${values.principal}"], allow: [ALTER], topics: ["${values.env}.pay.*"]}
quotas:
- user: "pay-${values.env}"
  producer_byte_rate: ${values.producer_byte_rate}
users:
- name: "pay-${values.env}"
  mechanism: SCRAM-SHA-256
  iterations: ${values.iterations}
  password: "${PAY_ENV_PASSWORD}"
connectors:
- {name: "sink-${values.env}", cluster: main, config: {connector.class: X, topics: "${values.env}.pay.orders"}}
"""
    )
    assert values.block(found.values["prod"]) == [
        "values:",
        "  env: prod",
        '  principal: "CN=z,OU=pay"',
        "  iterations: 12288",
        "  partitions: 6",
        "  producer_byte_rate: 6144",
        "  replicas: 3",
        "  retention_ms: 518400000",
    ]
    assert not found.only and not any(found.apart.values())


def test_what_some_environments_have_alone_is_in_a_file_of_theirs_and_told() -> None:
    estates = {env: estate(topic(f"{env}.pay.orders"), topic(f"{env}.pay.refunds")) for env in ENVIRONMENTS}
    estates["dev"] |= estate(topic("dev.tmp.x"))
    estates["prod"] |= estate(topic("prod.pay.orders", retention_ms="1"), may("User:a", "READ", "prod.pay.orders"))
    found = run(estates)
    assert {env: [one.path for one in made] for env, made in found.only.items()} == {
        env: [f"only-{env}/only-{env}.yaml"] for env in ENVIRONMENTS
    }
    assert found.only["test"][0].text == (
        'context: "${values.env}"\nspecial_topics:\n'
        '- {name: test.pay.orders, config: {num.partitions: "1", replication.factor: "1"}}\n'
    )
    assert found.apart["prod"] == (
        Left("acl User:a may READ topic prod.pay.orders", "not every environment has it"),
        Left("topic prod.pay.orders", "retention.ms is set in prod alone"),
    )
    assert found.folded == 1


@pytest.mark.parametrize(
    ("names", "parts", "left"),
    [
        (["dev.a.x dev.a.y", "prod.a.x prod.a.y"], [("dev", "prod")], 0),
        (["a-dev-x User:adev", "a-prod-x User:aprod"], [("dev", "prod")], 0),
        (["x-dev y-dev", "x y"], [("-dev", "")], 0),
        (["d.a.x D.Y", "p.a.x P.Y"], [("d", "p"), ("D", "P")], 0),
        (["dev.test.x dev.prod.x", "prod.test.x prod.prod.x"], [("dev", "prod")], 0),
        (["eu1.a.x eu1.a.y", "us-2.a.x us-2.a.y"], [("eu1", "us-2")], 0),
        (["a.old b.1 c.2", "a.new d.3 e.4"], [], 3),
        (["same other", "same other"], [], 0),
    ],
)
def test_names_are_paired_by_what_differs_everywhere_alike(
    names: list[str], parts: list[tuple[str, ...]], left: int
) -> None:
    each = [frozenset(one.split()) for one in names]
    found = paired(each, ("dev", "prod"))
    assert [one.texts for one in found.parts] == parts
    assert len(each[0]) - len(found.names) == left


WORDS = some.text("abcde", min_size=1, max_size=3)
HABITS = some.sampled_from(["{e}.{p}.{t}", "{p}-{e}-{t}", "{p}.{t}-{e}", "{p}_{t}", "{E}.{p}.{t}", "{e}.{p}.{e}.{t}"])
NUMBERS = some.integers(1, 9)


@some.composite
def worlds(draw: some.DrawFn) -> dict[str, dict[Key, Spec]]:
    """Three environments of one habit, with numbers of their own, and what only some of them have."""
    habit, people = (
        draw(HABITS),
        draw(some.sampled_from(["User:{p}-{e}", "User:{p}", "User:{e}{p}", "User:CN={p},OU={E}"])),
    )
    names = draw(some.lists(some.tuples(WORDS, WORDS), unique=True, max_size=4))
    estates: dict[str, dict[Key, Spec]] = {}
    configs = {name: draw(some.sampled_from([{}, {"retention.ms"}, {"cleanup.policy"}])) for name in names}
    rights = {name: draw(some.lists(some.sampled_from(["READ", "WRITE", "DESCRIBE"]), unique=True)) for name in names}
    for env in ENVIRONMENTS:
        own = estates.setdefault(env, {})
        for project, last in names:
            called = habit.format(e=env, E=env.upper(), p=project, t=last)
            who = people.format(e=env, E=env.upper(), p=project)
            config = {
                key: {"retention.ms": str(draw(NUMBERS)), "cleanup.policy": "compact"}[key]
                for key in configs[project, last]
            }
            own |= {topic_key(called): Topic(draw(NUMBERS), draw(NUMBERS), config)}
            own |= estate(*(may(who, operation, called) for operation in rights[project, last]))
            own |= {Key("schema", f"{called}-value"): Schema("AVRO", '"string"')}
            own |= {Key("user", who[5:]): User({"SCRAM-SHA-512": Credential(4096 + draw(NUMBERS))})}
            own |= estate(quotas.Quota((("user", who[5:]),), {"producer_byte_rate": str(draw(NUMBERS))}))
    return estates


NOISE = some.lists(
    some.builds(
        lambda env, name, last: (env, name, last),
        some.sampled_from(ENVIRONMENTS),
        WORDS,
        some.sampled_from(["", ".dev", "-prod", ".x"]),
    ),
    max_size=4,
)


@settings(max_examples=MANY, deadline=None)
@given(worlds())
def test_environments_of_one_habit_fold_whole(estates: dict[str, dict[Key, Spec]]) -> None:
    found = run(estates)
    assert not any(found.apart.values())
    assert not found.only


def test_an_environment_without_anything_has_all_of_the_others_apart() -> None:
    found = run({"dev": {}, "prod": estate(topic("a.b.c"))})
    assert found.made == [] and found.folded == 0
    assert found.only["prod"][0].text.startswith("context: main\nspecial_topics:\n")


@settings(max_examples=MANY, deadline=None)
@given(worlds(), NOISE)
def test_whatever_the_environments_have_comes_back(
    estates: dict[str, dict[Key, Spec]], noise: list[tuple[str, str, str]]
) -> None:
    for env, name, last in noise:
        estates[env] |= estate(topic(f"{name}{last}", 2), may(f"User:{name}", "READ", f"{name}{last}"))
    run(estates)

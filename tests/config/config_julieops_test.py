"""A JulieOps client file: its own keys, what has no effect here, and where it contradicts kafka-gitops.yaml."""

from pathlib import Path

import pytest
from configuring import effective, home, refusal
from making import scope

from kafka_gitops.settings import Dlq, Language, ManagedPrefixes, Naming, Settings

__all__ = ["home"]
pytestmark = pytest.mark.usefixtures("home")


def client(text: str, name: str = "j.properties") -> str:
    """The path of a client file with this text."""
    Path(name).write_text(text, encoding="utf-8")
    return name


def read(text: str) -> Settings:
    """The settings with this client file and no kafka-gitops.yaml."""
    return effective(client_config=client(text)).settings


def problem(text: str) -> str:
    """What is wrong with this client file."""
    return refusal(client_config=client(text))


def test_the_language_is_read_from_its_keys() -> None:
    found = read(
        "topology.topic.prefix.format=name\n"
        "topology.project.prefix.format=\n"
        "topology.topic.prefix.separator=_\n"
        "topology.dlq.topics.generate=on\n"
        "topology.topic.dlq.label=dead\n"
        "topology.topic.dlq.prefix.format={{dlq}}.{{topic}}\n"
        "topology.dlq.topics.allow.list.1=b.*\n"
        "topology.dlq.topics.allow.list.0= a.* \n"
        "topology.dlq.topics.deny.list.0=c\n"
        "topology.acls.optimized=yes\n"
        "topology.connector.allow.topic.create=no\n"
        "julie.roles=conf/roles.yaml\n"
        "julie.multiple.context.per.dir.enabled=true\n"
        "topology.group.managed.prefixes.0=g\n"
        "platform.servers.connect.0=one:http://c:8083\n"
        "platform.servers.connect.1=two:https://d:8083\n"
        "confluent.command.topic=_cc\n"
    )
    assert found.language == Language(
        naming=Naming("name", "", "_", Dlq(True, "dead", "{{dlq}}.{{topic}}", ("a.*", "b.*"), ("c",))),
        optimized_acls=True,
        connector_topic_create=False,
        roles="conf/roles.yaml",
        many_contexts=True,
        managed=ManagedPrefixes(groups=("g",)),
        connect_servers=("one", "two"),
        control_center_topics=("_confluent-monitoring", "_cc", "_confluent-metrics"),
    )
    assert found.notes == ()


def test_an_empty_file_is_the_defaults() -> None:
    assert read("") == Settings()


def test_managed_prefixes_are_a_scope_too() -> None:
    found = read(
        "topology.topic.managed.prefixes.0=foo.\n"
        "topology.topic.managed.prefixes.1=bar.\n"
        "topology.service.accounts.managed.prefixes.0=User:App\n"
    )
    assert found.language.managed == ManagedPrefixes(("foo.", "bar."), (), ("User:App",))
    (made,) = found.scopes
    bounded = {"topics": ("foo.*", "bar.*"), "principals": ("User:App*",), "cluster": ("ALL",)}
    assert {name: made.get(name) for name in bounded} == bounded
    rest = ("delegation_tokens", "subjects", "connectors", "connector_classes", "connector_overrides", "secrets")
    assert dict(made.lists) == {**bounded, **dict.fromkeys(rest, ("*",))}


def test_what_has_no_effect_is_noted_once() -> None:
    found = read(
        "topology.file.type=YAML\n"
        'schema.registry.url="http://localhost:8081"\n'
        "allow.delete.topics=true\n"
        "topology.state.cluster.enabled=false\n"
    )
    assert found.notes == (
        "j.properties:3: allow.delete.topics has no effect: deletion works differently here, see `prune`",
        "j.properties:2: the quotes are part of the value of schema.registry.url; a .properties file needs none",
        "j.properties: no effect here: topology.file.type, topology.state.cluster.enabled",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "\ntopology.topic.prefix.format={{topic}}",
            "2: topology.topic.prefix.format is set and topology.project.prefix.format is default; set both or none",
        ),
        (
            "topology.project.prefix.format={{project}}",
            "1: topology.project.prefix.format is set and topology.topic.prefix.format is default; set both or none",
        ),
        (
            "topology.project.prefix.format=x\ntopology.topic.prefix.format=y",
            '2: topology.topic.prefix.format "y" does not begin with topology.project.prefix.format "x"; it must, so '
            "that a project's prefix covers its topics",
        ),
        (
            "topology.project.prefix.format=x\ntopology.topic.prefix.format=name",
            '2: topology.topic.prefix.format "name" needs an empty topology.project.prefix.format, found "x"',
        ),
        ("topology.acls.optimized=TRUE", '1: topology.acls.optimized is "TRUE", expected true or false'),
        (
            "topology.topic.managed.prefixes=a,b",
            "1: topology.topic.managed.prefixes is a list: write topology.topic.managed.prefixes.0=..., "
            "topology.topic.managed.prefixes.1=...",
        ),
        (
            "topology.topic.managed.prefixes.0=a\ntopology.topic.managed.prefixes.1=",
            "2: topology.topic.managed.prefixes has an empty element; it would match everything, leave it out",
        ),
    ],
)
def test_what_julieops_refuses_is_refused_with_its_line(text: str, said: str) -> None:
    assert problem(text) == f"[78] j.properties:{said}"


def test_json_is_refused() -> None:
    assert refusal(client_config="a.json") == (
        "[78] a.json: JSON is not read here\nWrite its keys as a .properties file: key=value, a line each."
    )


def test_a_missing_or_unreadable_file() -> None:
    assert refusal(client_config="x.properties") == (
        "[78] x.properties: the client file cannot be read: no such file or directory"
    )
    Path("y.properties").write_bytes(b"a=\xe9")
    assert refusal(client_config="y.properties") == (
        "[78] y.properties: the client file is not UTF-8 (byte 2)\nSave it as UTF-8."
    )


YAML = """\
naming: {separator: "-"}
manage: {topics: [a]}
prune: [acls]
limits: {topics: 1}
environments:
  prod:
    bootstrap: prod:9092
    client: {security.protocol: SSL}
    cluster_id: abc
"""


def test_alone_it_selects_no_environment() -> None:
    found = effective(YAML, client_config=client("bootstrap.servers=h:1\n")).settings
    assert (found.environment, found.client) == (None, {"bootstrap.servers": "h:1"})
    assert (found.scopes, found.prune, found.cluster_id) == ((), frozenset(), None)
    assert (found.limits.deletes["topics"], found.language.naming.separator) == (1, "-")


def test_with_an_environment_it_replaces_the_connection_only() -> None:
    found = effective(YAML, environment="prod", client_config=client("bootstrap.servers=h:1\n")).settings
    assert (found.environment, found.client) == ("prod", {"bootstrap.servers": "h:1"})
    assert (found.scopes, found.prune, found.cluster_id) == ((scope(topics=("a",)),), frozenset({"acls"}), "abc")


def test_a_contradiction_names_both_places() -> None:
    path = client("\ntopology.topic.prefix.separator=_\ntopology.acls.optimized=false\n")
    said = 'j.properties:2: naming.separator is "_", but "-" at kafka-gitops.yaml:1:21; make them agree'
    assert refusal(YAML, client_config=path) == f"[78] {said}"
    assert refusal(YAML, environment="prod", client_config=path) == f"[78] {said}"
    agreeing = client("topology.topic.prefix.separator=-\n")
    assert effective(YAML, client_config=agreeing).settings.language.naming.separator == "-"


def test_an_environment_may_name_it_instead_of_bootstrap_and_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHERE", "prod")
    client("bootstrap.servers=p:1\n", "prod.properties")
    text = "environments:\n  prod:\n    client_config: ${WHERE}.properties\n"
    assert effective(text).settings.client == {"bootstrap.servers": "p:1"}
    assert refusal(text + "    bootstrap: x\n") == (
        "[78] kafka-gitops.yaml:4:5: client_config replaces bootstrap and client; keep one of them"
    )

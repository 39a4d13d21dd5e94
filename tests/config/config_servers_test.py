"""The schema registry and Connect: the keys of an environment and JulieOps', variables, secrets, what is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from configuring import Ran, effective, home, options, refusal, run

from kafka_gitops.cli import setup
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.config.schema import FILE_SHAPE
from kafka_gitops.redact import redact
from kafka_gitops.settings import Rest
from kafka_gitops.shape.check import check
from kafka_gitops.text.source import parse

__all__ = ["home", "run"]
pytestmark = pytest.mark.usefixtures("home")
Run = Callable[..., Ran]
PASSWORD = "canary-of-the-registry"


def text(servers: str) -> str:
    """A config with one environment that has these servers."""
    return f"environments:\n  prod:\n    bootstrap: localhost:9092\n    {servers}\n"


def registry(keys: str) -> Rest | None:
    """The registry by these keys."""
    return effective(text(f"schema_registry: {{{keys}}}")).settings.registry


def julie(lines: str) -> tuple[Rest | None, dict[str, Rest], tuple[str, ...]]:
    """The registry, Connect and the notes of a .properties file."""
    Path("j.properties").write_text(f"bootstrap.servers=localhost:9092\n{lines}", encoding="utf-8")
    settings = effective(client_config="j.properties").settings
    return settings.registry, dict(settings.connect), settings.notes


def test_a_registry_with_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD_HERE", PASSWORD)
    Path("conf").mkdir()
    Path("conf/k.yaml").write_text(
        text(
            'schema_registry: {url: ["http://a:1/", "https://b:2/x"], username: ann, password: "${PASSWORD_HERE}", '
            "ca: ca.pem, certificate: c.pem, key: /etc/k.pem, context: lkc}"
        ),
        encoding="utf-8",
    )
    settings = effective(config="conf/k.yaml").settings
    at, urls = "environments.prod.schema_registry", ("http://a:1", "https://b:2/x")
    assert settings.registry == Rest(urls, "ann", PASSWORD, None, "conf/ca.pem", "conf/c.pem", "/etc/k.pem", "lkc", at)
    assert redact(f"a {PASSWORD} b") == "a [redacted] b"
    assert PASSWORD not in repr(settings)


def test_clusters_of_connect_have_names() -> None:
    found = effective(text('connect: {main: {url: "http://a:1"}, other: {url: "http://b:2", token: t}}')).settings
    assert {name: (rest.urls, rest.token, rest.at) for name, rest in found.connect.items()} == {
        "main": (("http://a:1",), None, "environments.prod.connect.main"),
        "other": (("http://b:2",), "t", "environments.prod.connect.other"),
    }


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("username: a", 'schema_registry needs the key "url"'),
        ("url: http://a:1, pasword: x", 'did you mean "password"?'),
        ("url: [1, [2]]", "expected text"),
        ("url: a:8081", 'schema_registry.url is "a:8081", which is not an address; expected https://HOST:PORT'),
        ("url: 'http://a:1/?x=y'", "holds a ?, which no address of a server has"),
        ("url: 'http://u:secret-pw@a:1'", "holds a login before an @; put it under username and password"),
        ("url: 'http://a:99999'", "which is not an address"),
        ("url: http://a:1, username: u", "schema_registry.username needs password, which is not set"),
        ("url: http://a:1, password: pw-pw-pw", "schema_registry.password needs username, which is not set"),
        ("url: http://a:1, key: k.pem", "schema_registry.key needs certificate, which is not set"),
        ("url: http://a:1, username: u, password: p, token: t", "token and username are two logins"),
        (
            "url: http://a:1, username: u, password: '${NOT_THERE}'",
            "the variable NOT_THERE is not set (schema_registry.password of environment prod)",
        ),
        ("url: 'http://${NOT_THERE}'", "4:28: the variable NOT_THERE is not set (schema_registry.url of env"),
        ("url: http://a:1, context: '${x'", "a ${ without a name and a }"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(keys: str, said: str) -> None:
    told = refusal(text(f"schema_registry: {{{keys}}}"))
    assert told.startswith("[78] kafka-gitops.yaml:")
    assert said in told
    assert "secret-pw" not in told
    assert len([line for line in told.splitlines() if line.startswith("[78]") or ".yaml:" in line]) == 1


def test_a_password_in_the_file_is_noted() -> None:
    found = effective(text(f"schema_registry: {{url: http://a:1, username: u, password: {PASSWORD}}}"))
    (note,) = found.settings.notes
    assert note.startswith("kafka-gitops.yaml:4:") and "schema_registry.password is written in the file" in note
    assert redact(PASSWORD) == "[redacted]"


def test_no_variable_is_looked_at_without_a_connection() -> None:
    Path("kafka-gitops.yaml").write_text(text('schema_registry: {url: "http://${NOT_THERE}"}'), encoding="utf-8")
    (found,) = setup.Configured(options(), MERGED).every(quiet=True)
    assert found.registry is None


def test_a_policy_cannot_say_where_the_registry_is() -> None:
    Path("policy.yaml").write_text(text("schema_registry: {url: http://evil:1}"), encoding="utf-8")
    assert "a policy can only narrow" in refusal(text("brokers: 3"), policy="policy.yaml")


def test_it_is_shown_without_its_secrets(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_HERE", "canary-of-a-token")
    Path("kafka-gitops.yaml").write_text(
        text(
            f'schema_registry: {{url: "http://a:1", username: u, password: {PASSWORD}}}\n'
            '    connect: {main: {url: ["http://b:1", "http://c:1"], token: "${TOKEN_HERE}"}}'
        ),
        encoding="utf-8",
    )
    ran = run("config")
    assert ran.code == 0
    assert PASSWORD not in ran.out + ran.err and "canary-of-a-token" not in ran.out + ran.err
    shown = yaml.safe_load(ran.out)["environments"]["prod"]
    assert shown["schema_registry"] == {"url": "http://a:1", "username": "u", "password": "${SCHEMA_REGISTRY_PASSWORD}"}
    assert shown["connect"] == {"main": {"url": ["http://b:1", "http://c:1"], "token": "${TOKEN_HERE}"}}
    assert "# kafka-gitops.yaml:5:35, variable TOKEN_HERE" not in ran.out  # of the url that is
    assert ", variable TOKEN_HERE" in ran.out
    root = parse("x.yaml", ran.out).root
    assert root is not None and list(check(root, FILE_SHAPE)) == []


@pytest.mark.parametrize(
    ("url", "login", "said"),
    [
        (
            "http://a:1",
            "username: u, password: pw-pw-pw",
            "the password of environments.prod.schema_registry is sent wi",
        ),
        ("http://a:1", "token: tok-tok", "the token of environments.prod.schema_registry is sent without encryption"),
        ("https://a:1", "token: tok-tok", None),
        ("http://127.0.0.1:1", "token: tok-tok", None),
        ("http://localhost:1", "token: tok-tok", None),
        ("http://[::1]:1", "token: tok-tok", None),
        ("http://127.example:1", "token: tok-tok", "the token of environments.prod.schema_registry is sent without"),
    ],
)
def test_a_password_without_encryption_is_warned_of(
    url: str, login: str, said: str | None, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    Path("kafka-gitops.yaml").write_text(text(f"schema_registry: {{url: '{url}', {login}}}"), encoding="utf-8")
    Path("topology.yaml").write_text("context: a\nprojects: [{name: b, topics: [{name: c}]}]\n", encoding="utf-8")
    ran = run("plan", "--timeout", "0.01", "topology.yaml")
    assert (f"warning: {said}" in ran.err) if said else ("warning" not in ran.err)


def test_julieops_registry() -> None:
    found, _, notes = julie("schema.registry.url=http://a:1, http://b:1\nbasic.auth.user.info=ann:canary:pw\n")
    assert found == Rest(("http://a:1", "http://b:1"), "ann", "canary:pw")
    assert found.at == "schema_registry in j.properties"
    assert notes == ()
    assert redact("canary:pw") == "[redacted]"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "basic.auth.credentials.source=URL\nschema.registry.url=https://u:p%40ss-word@a:1",
            Rest(("https://a:1",), "u", "p@ss-word"),
        ),
        (
            "schema.registry.url=https://a:1\nschema.registry.basic.auth.user.info=u:p",
            Rest(("https://a:1",), "u", "p"),
        ),
        (
            "schema.registry.url=https://a:1\nbasic.auth.credentials.source=SASL_INHERIT\n"
            "sasl.username=sasl-user\nsasl.password=sasl-password",
            Rest(("https://a:1",), "sasl-user", "sasl-password"),
        ),
        (
            "schema.registry.url=https://a:1\nbearer.auth.credentials.source=STATIC_TOKEN\nbearer.auth.token=tok-en",
            Rest(("https://a:1",), token="tok-en"),
        ),
        (
            "schema.registry.url=https://a:1\nschema.registry.ssl.truststore.type=PEM\n"
            "schema.registry.ssl.truststore.location=/ca.pem\nschema.registry.ssl.keystore.location=/me.pem",
            Rest(("https://a:1",), ca="/ca.pem", certificate="/me.pem", key="/me.pem"),
        ),
        ("schema.registry.url=mock://", None),
        ("basic.auth.user.info=u:p", None),
    ],
)
def test_julieops_logins(lines: str, expected: Rest | None) -> None:
    assert julie(lines)[0] == expected


def test_what_cannot_be_used_of_julieops_is_noted() -> None:
    found, connect, notes = julie("schema.registry.url=a:1\nplatform.servers.connect.0=main:http://b:1\n")
    assert (found, connect) == (None, {})
    assert notes == (
        'j.properties:2: schema_registry.url is "a:1", which is not an address; expected https://HOST:PORT (not used)',
    )
    _, _, notes = julie(
        "schema.registry.url=http://a:1\nschema.registry.ssl.truststore.location=/etc/trust.jks\n"
        "schema.registry.ssl.truststore.password=geheim-geheim"
    )
    assert notes[0].startswith(
        "j.properties:3: schema.registry.ssl.truststore.location is a JKS store; only PEM is read here. Convert it, "
        "then set schema.registry.ssl.ca.location:"
    )


def test_julieops_connect() -> None:
    _, connect, notes = julie(
        "platform.servers.connect.0=main:https://b:1\nplatform.servers.connect.1=other:http://c:1/x\n"
        "platform.servers.basic.auth.0=main@kc:canary-pw\nssl.truststore.type=PEM\nssl.truststore.location=/ca.pem\n"
    )
    assert connect == {
        "main": Rest(("https://b:1",), "kc", "canary-pw", ca="/ca.pem"),
        "other": Rest(("http://c:1/x",)),
    }
    assert notes == ()
    assert redact("canary-pw") == "[redacted]"


def test_what_an_environment_says_itself_wins() -> None:
    Path("j.properties").write_text(
        "bootstrap.servers=localhost:9092\nschema.registry.url=http://a:1\nplatform.servers.connect.0=main:http://b:1\n",
        encoding="utf-8",
    )
    config = "environments: {prod: {client_config: j.properties, schema_registry: {url: 'http://own:1'}}}"
    settings = effective(config).settings
    assert settings.registry is not None and settings.registry.urls == ("http://own:1",)
    assert settings.connect["main"].urls == ("http://b:1",)

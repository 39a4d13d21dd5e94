"""Client keys: spellings, refusals, stores, JAAS lines, variables and who wins."""

import pytest
from configuring import effective, home, options, refusal

from kafka_gitops.cli import setup
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.config import client_keys, jaas
from kafka_gitops.config.client_keys import Given
from kafka_gitops.redact import redact

__all__ = ["home"]
pytestmark = pytest.mark.usefixtures("home")


def translated(**given: str) -> dict[str, str]:
    """The client keys that are handed on; `__` stands for a dot."""
    found = client_keys.translate({key.replace("__", "."): Given(value, "f:1") for key, value in given.items()})
    assert not found.problems
    return {key: one.value for key, one in found.client.items()}


def problem(key: str, value: str, **more: str) -> str:
    """The one problem of a key; `__` stands for a dot."""
    given = {key: value, **{name.replace("__", "."): text for name, text in more.items()}}
    (said,) = client_keys.translate({name: Given(text, "f:1") for name, text in given.items()}).problems
    return said


def test_javas_spelling_becomes_librdkafkas() -> None:
    assert translated(
        sasl__mechanism="scram-sha-256",
        security__protocol="sasl_ssl",
        request__timeout__ms="5000",
        ssl__truststore__certificates="PEM",
        ssl__keystore__certificate__chain="CHAIN",
        ssl__keystore__key="KEY",
        ssl__endpoint__identification__algorithm="",
    ) == {
        "sasl.mechanisms": "SCRAM-SHA-256",
        "security.protocol": "SASL_SSL",
        "socket.timeout.ms": "5000",
        "ssl.ca.pem": "PEM",
        "ssl.certificate.pem": "CHAIN",
        "ssl.key.pem": "KEY",
        "ssl.endpoint.identification.algorithm": "none",
    }


def test_every_key_that_is_handed_on_is_one_of_librdkafka() -> None:
    confluent_kafka = pytest.importorskip("confluent_kafka")
    for key in client_keys.PASSED:
        try:
            confluent_kafka.Consumer({"group.id": "g", key: "1"})
        except confluent_kafka.KafkaException as error:
            assert "No such configuration property" not in str(error), key


def test_pem_stores_are_files() -> None:
    assert translated(ssl__truststore__type="PEM", ssl__truststore__location="/ca.pem") == {
        "ssl.ca.location": "/ca.pem"
    }
    stored = translated(
        ssl__keystore__type="PEM", ssl__keystore__location="/me.txt", ssl__keystore__password="a-long-password"
    )
    assert stored == {
        "ssl.certificate.location": "/me.txt",
        "ssl.key.location": "/me.txt",
        "ssl.key.password": "a-long-password",
    }


def test_java_stores_are_told_how_to_become_pem() -> None:
    assert problem("ssl.truststore.location", "/etc/trust.jks") == (
        "f:1: ssl.truststore.location is a JKS store; only PEM is read here. Convert it, then set ssl.ca.location:\n"
        "    keytool -list -rfc -keystore /etc/trust.jks -storetype JKS > /etc/trust.pem"
    )
    assert problem("ssl.keystore.location", "/etc/me.jks") == (
        "f:1: ssl.keystore.location is a JKS store; only PEM is read here. Convert it, then set "
        "ssl.certificate.location and ssl.key.location:\n"
        "    keytool -importkeystore -srckeystore /etc/me.jks -srcstoretype JKS -destkeystore /etc/me.p12 "
        "-deststoretype PKCS12\n"
        "    openssl pkcs12 -in /etc/me.p12 -nokeys -out /etc/me.crt.pem\n"
        "    openssl pkcs12 -in /etc/me.p12 -nocerts -out /etc/me.key.pem"
    )
    assert problem("ssl.keystore.location", "me.p12", ssl__keystore__type="PKCS12").splitlines()[1:] == [
        "    openssl pkcs12 -in me.p12 -nokeys -out me.crt.pem",
        "    openssl pkcs12 -in me.p12 -nocerts -out me.key.pem",
    ]


_RUNS = "is refused: it would run a program or load code of the one who writes the file"


@pytest.mark.parametrize(
    "key",
    [
        *("sasl.kerberos.kinit.cmd", "plugin.library.paths", "ssl.engine.location", "ssl.engine.factory.class"),
        *("ssl.providers", "ssl.provider", "sasl.login.callback.handler.class", "sasl.client.callback.handler.class"),
        *("interceptor.classes", "metric.reporters", "security.providers", "sasl.login.class"),
    ],
)
def test_keys_that_run_code_are_refused(key: str) -> None:
    assert problem(key, "x") == f"f:1: the client key {key} {_RUNS}"


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("config.providers", "it loads Java classes; use ${VAR} for secrets"),
        ("config.providers.file.class", "it loads Java classes; use ${VAR} for secrets"),
        ("oauth_cb", "a callback cannot stand in a file"),
        ("opaque", "it is a pointer inside a program"),
    ],
)
def test_keys_that_are_no_text_are_refused(key: str, why: str) -> None:
    assert problem(key, "x") == f"f:1: the client key {key} is refused: {why}"


def test_other_logins_are_not_supported_yet() -> None:
    known = "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER"
    for name in ("AWS_MSK_IAM", "GSSAPI"):
        assert problem("sasl.mechanism", name) == f"f:1: sasl.mechanisms: {name} is not supported yet; known: {known}"
    assert problem("sasl.oauthbearer.config", "x") == (
        f"f:1: this way to an OAUTHBEARER token (sasl.oauthbearer.config) is not supported yet; supported: {known}, TLS with PEM"
    )
    assert problem("security.protocol", "TLS") == (
        'f:1: security.protocol: there is no "TLS"; known: PLAINTEXT, SASL_PLAINTEXT, SASL_SSL, SSL'
    )


PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"


@pytest.mark.parametrize(
    ("line", "login"),
    [
        (f'{PLAIN} required username="u" password="p w;=";', ("u", "p w;=")),
        (f"{SCRAM} required\n  username='u'\n  password='it\\'s' ;", ("u", "it's")),
        (f'{SCRAM} required password="a\\"b\\\\c" tokenauth="true" username=bare-word;', ("bare-word", 'a"b\\c')),
        (f'{PLAIN} REQUIRED username="\\101" password="";', ("A", "")),
    ],
)
def test_a_jaas_line_has_a_login(line: str, login: tuple[str, str]) -> None:
    assert jaas.parse(line) == login


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "found no login module and control flag; expected MODULE required username=... password=...;"),
        (
            'com.sun.security.auth.module.Krb5LoginModule required useKeyTab="true";',
            "Krb5LoginModule is not supported yet; supported: PlainLoginModule, ScramLoginModule",
        ),
        (f'{PLAIN} required username="u" password="canary-secret"', "it does not end in a semicolon"),
        (f'{PLAIN} required user="u" password="canary-secret";', "it has no username"),
        (f"{PLAIN} required;", "it has no username and no password"),
        (
            f'{PLAIN} required username "u" password="canary-secret";',
            "expected name=value pairs after the control flag, and one semicolon at the end",
        ),
        (
            f'{PLAIN} required username="u" password="canary-secret;',
            "cannot be read from character 88 on; put values in double quotes, "
            'and write a double quote inside of one as \\\\"',
        ),
    ],
)
def test_a_broken_jaas_line_is_explained_without_its_secret(line: str, said: str) -> None:
    assert problem("sasl.jaas.config", line) == f"f:1: sasl.jaas.config: {said}"


ENV = """\
environments:
  prod:
    bootstrap: ${HOST:-localhost}:9092
    client:
      sasl.mechanism: PLAIN
      sasl.username: ${KAFKA_USER:-}
      sasl.password: ${KAFKA_PASSWORD}
      client.id: $${literal}
"""


def test_variables_are_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_PASSWORD", "from-the-variable")
    monkeypatch.setenv("HOST", "broker.example.com")
    found = effective(ENV)
    assert found.settings.client == {
        "bootstrap.servers": "broker.example.com:9092",
        "sasl.mechanisms": "PLAIN",
        "sasl.username": "",
        "sasl.password": "from-the-variable",
        "client.id": "${literal}",
    }
    assert found.origins["client.sasl.password"] == "kafka-gitops.yaml:7:22, variable KAFKA_PASSWORD"
    assert redact("from-the-variable at broker.example.com") == "[redacted] at broker.example.com"
    assert found.settings.notes == ()


def test_a_missing_variable_has_its_name_key_and_place() -> None:
    assert refusal(ENV) == (
        "[78] kafka-gitops.yaml:7:22: the variable KAFKA_PASSWORD is not set (sasl.password of environment prod)\n"
        "Export what is not set (in a pipeline: a secret or variable of the job), or write ${NAME:-a default}."
    )


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_PASSWORD", "")  # what GitHub makes of a secret that nobody set
    assert refusal(ENV) == (
        "[78] kafka-gitops.yaml:7:22: the variable KAFKA_PASSWORD is empty (sasl.password of environment prod)\n"
        "Export what is not set (in a pipeline: a secret or variable of the job), or write ${NAME:-a default}."
    )


def test_a_broken_reference_is_said() -> None:
    said = refusal("environments: {a: {bootstrap: 'x${1}:9'}}\n")
    assert said == (
        "[78] kafka-gitops.yaml:1:31: a ${ without a name and a } (bootstrap.servers of environment a); "
        "write $${ for the two characters"
    )


def test_a_literal_password_is_a_warning_and_kept_secret() -> None:
    found = effective("environments:\n  a:\n    client: {sasl.password: written-here}\n").settings
    assert found.notes == (
        "kafka-gitops.yaml:3:29: sasl.password is written in the file; anybody who reads the repository can use it; "
        "write ${VARIABLE} instead",
    )
    assert redact("written-here") == "[redacted]"


def test_keys_of_no_use_are_noted_once() -> None:
    found = effective("environments: {a: {client: {retries: 3, acks: all}}}\n").settings
    assert (found.notes, found.client) == (("client keys without effect here: acks, retries",), {})


def test_certificates_are_beside_the_config_file(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert effective("environments: {a: {client: {ssl.ca.location: ca.pem}}}\n").settings.client == {
        "ssl.ca.location": "ca.pem"
    }


def test_the_command_line_wins_in_any_spelling() -> None:
    found = effective(
        "environments: {a: {bootstrap: 'a:1', client: {sasl.mechanism: PLAIN}}}\n",
        client=["sasl.mechanisms=SCRAM-SHA-512", "metadata.broker.list=b:2"],
    )
    assert found.settings.client == {"sasl.mechanisms": "SCRAM-SHA-512", "bootstrap.servers": "b:2"}
    assert found.origins["client.bootstrap.servers"] == "-X"


def test_a_login_given_on_the_command_line_replaces_the_files() -> None:
    line = f"{PLAIN} required username=u password=file-password;"
    found = effective(
        f"environments: {{a: {{client: {{sasl.jaas.config: '{line}'}}}}}}\n",
        client=["sasl.username=me", "sasl.password=my-password"],
    )
    assert found.settings.client == {"sasl.username": "me", "sasl.password": "my-password"}


def test_an_option_without_a_value_does_not_show_what_may_be_a_secret() -> None:
    said = " is not KEY=VALUE.\nFor example: -X bootstrap.servers=localhost:9092"
    assert refusal(client=["sasl.password canary"]) == f'[64] -X "sasl.password"{said}'
    assert refusal(client=["sasl.password:canary"]) == f'[64] -X "sasl.password"{said}'
    assert refusal(client=["canary"]) == f"[64] What is given to -X{said}"


def test_settings_never_show_their_client() -> None:
    settings = setup.Configured(
        options(client=["bootstrap.servers=h:1", "sasl.password=canary-secret"]), MERGED
    ).settings()
    assert "canary" not in repr(settings)

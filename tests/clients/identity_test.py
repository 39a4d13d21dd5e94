"""Who a run is that logs in by a certificate: what the environment says, or the certificate where brokers map no names."""

from pathlib import Path

import pytest
from certifying import certify, pem_of
from configuring import effective, home, options, refusal
from cryptography import x509

from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.setup import Configured
from kafka_gitops.clients.certificates import of_der, of_pem, rfc2253
from kafka_gitops.clients.identity import maps_no_names
from kafka_gitops.clients.translate import login

__all__ = ["home"]

BUILDER = "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder"
USUAL = {"ssl.principal.mapping.rules": "DEFAULT", "principal.builder.class": BUILDER, "log.dirs": "/x"}


@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({}, True),
        ({"ssl.principal.mapping.rules": ""}, True),
        ({"principal.builder.class": ""}, True),
        ({"listener.name.tls.ssl.principal.mapping.rules": "DEFAULT"}, True),
        ({"ssl.principal.mapping.rules": "RULE:^CN=(.*?),.*$/$1/,DEFAULT"}, False),
        ({"ssl.principal.mapping.rules": None}, False),
        ({"listener.name.tls.ssl.principal.mapping.rules": "RULE:^CN=(.*?),.*$/$1/"}, False),
        ({"listener.name.tls.ssl.principal.mapping.rules": None}, False),
        ({"principal.builder.class": "com.example.Builder"}, False),
        ({"listener.name.tls.principal.builder.class": "com.example.Builder"}, False),
    ],
)
def test_a_broker_tells_whether_it_maps_names(changes: dict[str, str | None], known: bool) -> None:
    assert maps_no_names({**USUAL, **changes}) is known


def test_a_broker_that_does_not_know_the_setting_tells_nothing() -> None:
    assert not maps_no_names({"log.dirs": "/x"})
    assert not maps_no_names({})


OIDS = {
    "CN": "2.5.4.3",
    "C": "2.5.4.6",
    "L": "2.5.4.7",
    "ST": "2.5.4.8",
    "STREET": "2.5.4.9",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "UID": "0.9.2342.19200300.100.1.1",
    "DC": "0.9.2342.19200300.100.1.25",
    "emailAddress": "1.2.840.113549.1.9.1",
    "title": "2.5.4.12",
}


@pytest.mark.parametrize(
    ("parts", "said"),  # each as `X500Principal.getName()` of Java 21 wrote it
    [
        ([["C=DE"], ["O=Acme"], ["OU=Platform"], ["CN=svc"]], "CN=svc,OU=Platform,O=Acme,C=DE"),
        ([["O=Acme, Inc."], ["CN=a=b#c"]], "CN=a\\=b\\#c,O=Acme\\, Inc."),
        ([["CN= lead and trail "]], "CN=\\ lead and trail\\ "),
        ([["emailAddress=a@b.c"], ["CN=mail"]], "CN=mail,1.2.840.113549.1.9.1=#16056140622e63"),
        ([["DC=com"], ["DC=acme"], ["CN=you", "UID=me"]], "CN=you+UID=me,DC=acme,DC=com"),
        (
            [["CN=Zoë Ümlaut"], ["L=Köln"], ["STREET=Weg 1"], ["title=Dr"]],
            "2.5.4.12=#0c024472,STREET=Weg 1,L=Köln,CN=Zoë Ümlaut",
        ),
        ([['CN=q"uote\\back;semi<a>']], 'CN=q\\"uote\\\\back\\;semi\\<a\\>'),
        ([["CN=#hash"]], "CN=\\#hash"),
    ],
)
def test_a_subject_is_written_as_java_writes_it(parts: list[list[str]], said: str) -> None:
    names = [
        x509.RelativeDistinguishedName(
            x509.NameAttribute(x509.ObjectIdentifier(OIDS[key]), value)
            for key, _, value in (one.partition("=") for one in part)
        )
        for part in parts
    ]
    assert rfc2253(x509.Name(names)) == said


def test_what_is_no_certificate_tells_nothing() -> None:
    assert of_pem("junk") == of_pem("") == of_der((b"junk",)) == []
    (found,) = of_pem(pem_of(certify("O=acme,CN=kg", None)))
    assert (found.subject, found.issuer) == ("CN=kg,O=acme", "CN=kg,O=acme")


PROD = "environments:\n  prod:\n    bootstrap: h:1\n    principal: %s\n    client: {security.protocol: SSL}\n"


@pytest.mark.usefixtures("home")
def test_an_environment_says_who_the_run_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHO", "User:kg")
    found = effective(PROD % "${WHO}")
    assert (found.settings.principal, found.origins["principal"]) == (
        "User:kg",
        "kafka-gitops.yaml:4:16, variable WHO",
    )
    assert login(found.settings.client, principal=found.settings.principal).principal == "User:kg"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("name", ["kg", "User:", "User: kg", ":kg", "CN=kg", '""'])
def test_what_is_no_principal_is_told(name: str) -> None:
    said = refusal(PROD % f"'{name}'".replace("'\"\"'", "''"))
    assert said.startswith("[78] kafka-gitops.yaml:4:16: principal is ")
    assert said.endswith("expected a type and a name, such as User:ci")


@pytest.mark.usefixtures("home")
def test_a_variable_of_the_principal_that_is_not_set() -> None:
    assert refusal(PROD % "${WHO}").startswith(
        "[78] kafka-gitops.yaml:4:16: the variable WHO is not set (principal of environment prod)\n"
    )


@pytest.mark.usefixtures("home")
def test_who_the_run_is_comes_from_where_the_connection_comes_from() -> None:
    Path("c.properties").write_text("bootstrap.servers=h:1\n")
    Path("kafka-gitops.yaml").write_text(PROD % "User:kg")
    for others in (
        {"client_config": "c.properties", "environment": "prod"},
        {"client": ["sasl.username=me"]},
        {"client": ["ssl.certificate.location=c.pem"]},
    ):
        assert effective(**others).settings.principal is None, others
    assert effective(stranger="this change edits the config").settings.principal is None
    assert effective(client=["bootstrap.servers=i:1"]).settings.principal == "User:kg"
    assert Configured(options(), MERGED).settings(connect=False).principal is None
    assert "principal" in refusal("principal: User:kg\n")
    Path("p.yaml").write_text("environments: {prod: {principal: 'User:x'}}\n")
    assert "a policy can only narrow, and this key would replace" in refusal(PROD % "User:kg", policy="p.yaml")

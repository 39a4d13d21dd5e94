"""What a connection exposes although it works is told by whatever connects."""

from pathlib import Path

import pytest
from desk import Desk

from kafka_gitops.config.exposed import exposed

PLAIN = {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN"}
NAME = {"ssl.endpoint.identification.algorithm": "none"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty repository."""
    (tmp_path / ".git").mkdir()
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("client", "told"),
    [
        ({}, []),
        ({**PLAIN, "security.protocol": "SASL_SSL"}, []),
        ({**PLAIN, "sasl.mechanism": "SCRAM-SHA-512"}, []),
        (PLAIN, ["the password is sent without encryption (PLAIN over SASL_PLAINTEXT). Use SASL_SSL."]),
        (
            {**PLAIN, "sasl.mechanism": "OAUTHBEARER"},
            ["the token is sent without encryption (OAUTHBEARER over SASL_PLAINTEXT). Use SASL_SSL."],
        ),
        (NAME, []),
        (
            {"security.protocol": "SSL", **NAME},
            ["the brokers' names are not checked (ssl.endpoint.identification.algorithm is none)."],
        ),
        (
            {"security.protocol": "sasl_ssl", "enable.ssl.certificate.verification": "false", **NAME},
            ["the brokers' certificates are not checked (enable.ssl.certificate.verification is false)."],
        ),
    ],
)
def test_what_is_exposed(client: dict[str, str], told: list[str]) -> None:
    assert list(exposed(client)) == told


def test_a_run_says_it_before_it_connects(desk: Desk) -> None:
    desk.write("topologies/a.yaml", "context: a\nprojects: []\n")
    words = [word for key, value in PLAIN.items() for word in ("-X", f"{key}={value}")]
    words += ["-X", "bootstrap.servers=127.0.0.1:9", "-X", "sasl.username=u", "-X", "sasl.password=pppppppp"]
    _, _, said = desk.run("doctor", *words, "--timeout", "1")
    assert "warning: the password is sent without encryption (PLAIN over SASL_PLAINTEXT)" in said

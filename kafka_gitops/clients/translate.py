"""One connection config in librdkafka's spelling, understood in one place: a Login is all that a connection needs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kafka_gitops import pem
from kafka_gitops.clients.tokens import Tokens, tokens
from kafka_gitops.errors import ConfigError

PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER")
_FILES = ("ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.crl.location")


@dataclass(frozen=True)
class Login:
    """Where to connect and as whom; `tls` holds the `ssl.*` settings as given.

    `known` is the principal where something else than the login tells it: the environment, or the certificate.
    """

    servers: tuple[tuple[str, int], ...]
    protocol: str = "PLAINTEXT"
    mechanism: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    client_id: str = "kafka-gitops"
    verify: bool = True
    verify_name: bool = True
    tls: Mapping[str, str] = field(default_factory=dict, repr=False)
    token: Tokens | None = field(default=None, repr=False, compare=False)
    known: str | None = None

    @property
    def uses_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.protocol.endswith("SSL")

    @property
    def uses_sasl(self) -> bool:
        """Whether the connection logs in."""
        return self.protocol.startswith("SASL")

    @property
    def principal(self) -> str | None:
        """Who Kafka takes us for, where the login tells: a certificate's principal is the broker's to derive.

        NoToken where it is a token's to tell and there is none.
        """
        if self.known is not None:
            return self.known
        if self.token is not None:
            return self.token().principal
        if self.uses_sasl:
            return f"User:{self.username}" if self.username else None
        return "User:ANONYMOUS" if self.protocol == "PLAINTEXT" else None


def login(client: Mapping[str, str], env: Mapping[str, str] | None = None, *, principal: str | None = None) -> Login:
    """Understand a client config; ConfigError names the key that is missing or wrong.

    `env` are the environment variables that name the proxies to a token endpoint, `principal` is who the settings say
    that the run is.
    """
    protocol = client.get("security.protocol", "PLAINTEXT").upper()
    if protocol not in PROTOCOLS:
        raise ConfigError(
            f'security.protocol is "{client["security.protocol"]}"', help=f"It is one of {', '.join(PROTOCOLS)}."
        )
    for key in _FILES:
        if pem.holds_pem(client.get(key, "")):
            raise ConfigError(pem.misplaced(key))
        if key in client and not Path(client[key]).exists():
            raise ConfigError(f'{key} names "{client[key]}", and there is no such file')
    mechanism = _mechanism(client) if protocol.startswith("SASL") else None
    return Login(
        servers=servers(client.get("bootstrap.servers") or client.get("metadata.broker.list") or ""),
        protocol=protocol,
        mechanism=mechanism,
        username=client.get("sasl.username"),
        password=client.get("sasl.password"),
        client_id=client.get("client.id", "kafka-gitops"),
        verify=client.get("enable.ssl.certificate.verification", "true").lower() != "false",
        verify_name=client.get("ssl.endpoint.identification.algorithm", "https").lower() == "https",
        tls={key: value for key, value in client.items() if key.startswith("ssl.")},
        token=tokens(client, env or {}) if mechanism == "OAUTHBEARER" else None,
        known=principal,
    )


def servers(text: str) -> tuple[tuple[str, int], ...]:
    """`a:9092,[::1]:9093` as pairs; ConfigError for what is no `host:port`."""
    found = []
    for part in text.split(","):
        server = part.strip().rpartition("://")[2]
        if not server:
            continue
        host, colon, port = server.rpartition(":")
        if not colon or not host or not port.isdigit() or not 0 < int(port) < 65536:
            shown = f' "{server}"' if re.fullmatch(r"[\w.:\[\]-]{1,255}", server) else ", between commas, what is none"
            raise ConfigError(f"bootstrap.servers holds{shown}", help="Expected host:port, comma-separated.")
        found.append((host.strip("[]"), int(port)))
    if not found:
        raise ConfigError(
            "No bootstrap.servers is set, so there is no cluster to talk to",
            help="Set `bootstrap` of an environment in kafka-gitops.yaml, or give -X bootstrap.servers=HOST:PORT.",
        )
    return tuple(found)


def _mechanism(client: Mapping[str, str]) -> str:
    mechanism = (client.get("sasl.mechanism") or client.get("sasl.mechanisms") or "").upper()
    if mechanism not in MECHANISMS:
        said = f'is "{mechanism}"' if mechanism else "is not set"
        raise ConfigError(f"sasl.mechanism {said}", help=f"It is one of {', '.join(MECHANISMS)}.")
    for key in ("sasl.username", "sasl.password"):
        if mechanism != "OAUTHBEARER" and not client.get(key):
            raise ConfigError(f"{key} is not set, and {mechanism} needs it")
    return mechanism

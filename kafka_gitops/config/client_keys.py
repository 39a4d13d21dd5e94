"""Client keys in librdkafka's or Java's spelling to librdkafka's: what is passed on, renamed, refused, or of no use."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from kafka_gitops import pem
from kafka_gitops.config import jaas, stores
from kafka_gitops.config.given import Given
from kafka_gitops.redact import is_secret_key, keep_secret
from kafka_gitops.settings import matches
from kafka_gitops.shape.found import near

__all__ = ["Given", "Translated", "is_client_key", "keep", "translate"]


class Translated(NamedTuple):
    """Client keys in librdkafka's spelling, those that have no effect here, and what is wrong with the rest."""

    client: dict[str, Given]
    unused: tuple[str, ...]
    problems: tuple[str, ...]


PASSED = frozenset(
    [
        "bootstrap.servers",
        "broker.address.family",
        "client.dns.lookup",
        "client.id",
        "client.rack",
        "connections.max.idle.ms",
        "enable.ssl.certificate.verification",
        "metadata.max.age.ms",
        "reconnect.backoff.max.ms",
        "reconnect.backoff.ms",
        "retry.backoff.max.ms",
        "retry.backoff.ms",
        "sasl.mechanisms",
        "sasl.oauthbearer.client.id",
        "sasl.oauthbearer.client.secret",
        "sasl.oauthbearer.extensions",
        "sasl.oauthbearer.method",
        "sasl.oauthbearer.scope",
        "sasl.oauthbearer.token.endpoint.url",
        "sasl.password",
        "sasl.username",
        "security.protocol",
        "socket.connection.setup.timeout.ms",
        "socket.keepalive.enable",
        "socket.nagle.disable",
        "socket.receive.buffer.bytes",
        "socket.send.buffer.bytes",
        "socket.timeout.ms",
        "ssl.ca.location",
        "ssl.ca.pem",
        "ssl.certificate.location",
        "ssl.certificate.pem",
        "ssl.cipher.suites",
        "ssl.crl.location",
        "ssl.curves.list",
        "ssl.endpoint.identification.algorithm",
        "ssl.key.location",
        "ssl.key.password",
        "ssl.key.pem",
        "ssl.sigalgs.list",
    ]
)
OWN = frozenset(  # librdkafka has none of them: it wants a callback
    f"sasl.oauthbearer.{name}" for name in ("audience", "sub.claim.name", "token")
)
RENAMED = {  # other spellings (Java, and aliases of librdkafka) -> librdkafka
    "metadata.broker.list": "bootstrap.servers",
    "receive.buffer.bytes": "socket.receive.buffer.bytes",
    "request.timeout.ms": "socket.timeout.ms",
    "sasl.mechanism": "sasl.mechanisms",
    "sasl.oauthbearer.client.credentials.client.id": "sasl.oauthbearer.client.id",
    "sasl.oauthbearer.client.credentials.client.secret": "sasl.oauthbearer.client.secret",
    "send.buffer.bytes": "socket.send.buffer.bytes",
    "ssl.keystore.certificate.chain": "ssl.certificate.pem",
    "ssl.keystore.key": "ssl.key.pem",
    "ssl.truststore.certificates": "ssl.ca.pem",
}
_RUNS = "it would run a program or load code of the one who writes the file"
REFUSED = {  # pattern -> why
    "*_cb": "a callback cannot stand in a file",
    "config.providers*": "it loads Java classes; use ${VAR} for secrets",
    "interceptor.classes": _RUNS,
    "metric.reporters": _RUNS,
    "opaque": "it is a pointer inside a program",
    "plugin.library.paths": _RUNS,
    "principal.builder.class": _RUNS,
    "sasl.client.callback.handler.class": _RUNS,
    "sasl.kerberos.kinit.cmd": _RUNS,
    "sasl.login.callback.handler.class": _RUNS,
    "sasl.login.class": _RUNS,
    "security.providers": _RUNS,
    "ssl.engine.*": _RUNS,
    "ssl.provider": _RUNS,
    "ssl.providers": _RUNS,
}
UNSUPPORTED = {
    "sasl.kerberos.*": "GSSAPI",
    "sasl.oauthbearer.*": "this way to an OAUTHBEARER token",  # but for the keys above
    "enable.sasl.oauthbearer.*": "this way to an OAUTHBEARER token",
}
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER")
PROTOCOLS = ("PLAINTEXT", "SASL_PLAINTEXT", "SASL_SSL", "SSL")
STORE_PARTS = frozenset(
    [
        "ssl.truststore.type",
        "ssl.truststore.password",
        "ssl.truststore.location",
        "ssl.keystore.type",
        "ssl.keystore.password",
        "ssl.keystore.location",
        "sasl.jaas.config",
    ]
)


def is_client_key(key: str) -> bool:
    """Whether the key is one that decides how to connect, or one that we refuse."""
    return key in PASSED | OWN | STORE_PARTS or key in RENAMED or _listed(key, REFUSED | UNSUPPORTED) is not None


def _listed(key: str, table: Mapping[str, str]) -> str | None:
    return next((said for pattern, said in table.items() if matches(pattern, key)), None)


def translate(given: Mapping[str, Given]) -> Translated:
    """Every key in librdkafka's spelling; all problems at once, each a line with its place.

    Source: librdkafka's CONFIGURATION.md, Kafka's SslConfigs and SaslConfigs.
    """
    client: dict[str, Given] = {}
    unused: list[str] = []
    problems: list[str] = []
    for key, one in given.items():
        keep(key, one.value)
        refused, later = _listed(key, REFUSED), _listed(key, UNSUPPORTED)
        if refused:
            problems.append(f"{one.origin}: the client key {key} is refused: {refused}")
        elif key in PASSED or key in RENAMED or key in OWN:
            client[RENAMED.get(key, key)] = one
        elif later:
            problems.append(f"{one.origin}: {later} ({key}) is not supported yet{_INSTEAD}")
        elif key not in STORE_PARTS:
            unused.append(key)
    problems += [*stores.texts(given, client), *stores.read(given, client)]
    problems += [*_login(given, client), *_values(client)]
    return Translated(client, tuple(unused), tuple(problems))


def keep(key: str, value: str) -> None:
    """Keep from every output what a key holds: a secret, also of a key that is misspelt, and PEM of any."""
    pem.keep(value)
    for found in _IN_URL.findall(value):
        for secret in filter(None, found):
            keep_secret(secret)
            keep_secret(unquote(secret))
    meant = key if is_client_key(key) else near(key, KNOWN) or key
    if is_secret_key(key) or is_secret_key(meant):
        keep_secret(value)


# The password of an address, and a parameter that is named like a secret
_IN_URL = re.compile(r"://[^/@\s:]*:([^/@\s]+)@|[?&][\w.-]*(?:key|token|secret|password|sig)[\w.-]*=([^&#\s]+)", re.I)
KNOWN = sorted(PASSED | OWN | STORE_PARTS | RENAMED.keys())
_INSTEAD = f"; supported: {', '.join(MECHANISMS)}, TLS with PEM"


def _login(given: Mapping[str, Given], client: dict[str, Given]) -> list[str]:
    line = given.get("sasl.jaas.config")
    if line is None:
        return []
    keep_secret(line.value)
    in_properties = line.origin != "-X" and not re.search(r":\d+:\d+", line.origin)
    try:
        login = jaas.parse(line.value, quote='\\\\"' if in_properties else '\\"')
    except ValueError as error:
        return [f"{line.origin}: sasl.jaas.config: {error}"]
    keep_secret(login.password)
    client.setdefault("sasl.username", Given(login.username, line.origin))
    client.setdefault("sasl.password", Given(login.password, line.origin))
    return []


def _values(client: dict[str, Given]) -> list[str]:
    """Values that are known to be wrong; those that only differ in spelling are mended."""
    problems = _servers(client)
    algorithm = client.get("ssl.endpoint.identification.algorithm")
    if algorithm:
        spelt = algorithm.value.strip().lower() or "none"
        client["ssl.endpoint.identification.algorithm"] = algorithm._replace(value=spelt)
    for key, known in (("sasl.mechanisms", MECHANISMS), ("security.protocol", PROTOCOLS)):
        one = client.get(key)
        if one is None:
            continue
        spelt = one.value.strip().upper()
        client[key] = one._replace(value=spelt)
        if spelt not in known:
            what = f"{spelt} is not supported yet" if key == "sasl.mechanisms" else f'there is no "{one.value}"'
            problems.append(f"{one.origin}: {key}: {what}; known: {', '.join(known)}")
    return problems


def _servers(client: dict[str, Given]) -> list[str]:
    """`bootstrap.servers` without blanks; a problem where it holds a login, which is never shown."""
    one = client.get("bootstrap.servers")
    if one is None:
        return []
    servers = [part.strip() for part in one.value.split(",") if part.strip()]
    client["bootstrap.servers"] = one._replace(value=",".join(servers))
    logins = [server.rpartition("://")[2].rpartition("@")[0] for server in servers if "@" in server]
    for login in logins:
        keep_secret(login)
        keep_secret(login.partition(":")[2])
    said = "bootstrap.servers holds a login before an @; put it under sasl.username and sasl.password"
    return [f"{one.origin}: {said}"] if logins else []

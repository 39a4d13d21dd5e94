"""Client keys in librdkafka's or Java's spelling to librdkafka's: what is passed on, renamed, refused, or of no use."""

from collections.abc import Mapping
from typing import NamedTuple

from kafka_gitops.config import jaas
from kafka_gitops.redact import is_secret_key, keep_secret
from kafka_gitops.settings import matches


class Given(NamedTuple):
    """A value, where it came from (`kafka-gitops.yaml:22:22`, `prod.properties:4`, `-X`), and how it is written there
    when variables are filled in."""

    value: str
    origin: str
    written: str | None = None


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
STORES = {  # Java key -> what the PEM keys are called
    "ssl.truststore.location": "ssl.ca.location",
    "ssl.keystore.location": "ssl.certificate.location and ssl.key.location",
}
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
        if is_secret_key(key):
            keep_secret(one.value)
        refused, later = _listed(key, REFUSED), _listed(key, UNSUPPORTED)
        if refused:
            problems.append(f"{one.origin}: the client key {key} is refused: {refused}")
        elif key in PASSED or key in RENAMED or key in OWN:
            client[RENAMED.get(key, key)] = one
        elif later:
            problems.append(f"{one.origin}: {later} ({key}) is not supported yet{_INSTEAD}")
        elif key not in STORE_PARTS:
            unused.append(key)
    problems += [*_stores(given, client), *_login(given, client), *_values(client)]
    return Translated(client, tuple(unused), tuple(problems))


_INSTEAD = f"; supported: {', '.join(MECHANISMS)}, TLS with PEM"


def _stores(given: Mapping[str, Given], client: dict[str, Given]) -> list[str]:
    """PEM stores become librdkafka's keys; JKS and PKCS12 are told how to become PEM."""
    problems: list[str] = []
    for key, instead in STORES.items():
        location = given.get(key)
        kind = given.get(key.replace("location", "type"))
        if location is None:
            continue
        if kind is None and location.value.lower().endswith((".pem", ".crt")):
            kind = Given("PEM", location.origin)
        if kind is not None and kind.value.upper() == "PEM":
            targets = ["ssl.ca.location"] if "trust" in key else ["ssl.certificate.location", "ssl.key.location"]
            client.update(dict.fromkeys(targets, location))
            continue
        said = kind.value if kind else "JKS"
        problems.append(
            f"{location.origin}: {key} is a {said} store; only PEM is read here. Convert it, then set {instead}:\n"
            + _conversion(location.value, said, trust="trust" in key)
        )
    password = given.get("ssl.keystore.password")
    if password and "ssl.key.location" in client:
        client.setdefault("ssl.key.password", password)
    return problems


def _conversion(path: str, kind: str, *, trust: bool) -> str:
    """The commands that turn a Java store into PEM files beside it."""
    stem = path.rpartition(".")[0] or path
    if trust:
        store = f"-keystore {path} -storetype {kind.upper()}"
        return f"    keytool -list -rfc {store} > {stem}.pem"
    lines = []
    if kind.upper() != "PKCS12":
        lines.append(f"keytool -importkeystore -srckeystore {path} -destkeystore {stem}.p12 -deststoretype PKCS12")
        path = f"{stem}.p12"
    lines.append(f"openssl pkcs12 -in {path} -nokeys -out {stem}.crt.pem")
    lines.append(f"openssl pkcs12 -in {path} -nocerts -out {stem}.key.pem")
    return "\n".join(f"    {line}" for line in lines)


def _login(given: Mapping[str, Given], client: dict[str, Given]) -> list[str]:
    line = given.get("sasl.jaas.config")
    if line is None:
        return []
    keep_secret(line.value)
    try:
        login = jaas.parse(line.value)
    except ValueError as error:
        return [f"{line.origin}: sasl.jaas.config: {error}"]
    keep_secret(login.password)
    client.setdefault("sasl.username", Given(login.username, line.origin))
    client.setdefault("sasl.password", Given(login.password, line.origin))
    return []


def _values(client: dict[str, Given]) -> list[str]:
    """Values that are known to be wrong; those that only differ in spelling are mended."""
    problems: list[str] = []
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

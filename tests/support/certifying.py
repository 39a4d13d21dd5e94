"""Certificates of every kind that a listener may meet, and one broker whose listeners show them."""

import ipaddress
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from kafka_gitops.sandbox.broker import HOST, free_ports
from kafka_gitops.sandbox.cluster import configure, layout, start
from kafka_gitops.sandbox.process import watched
from kafka_gitops.sandbox.source import Source, runtime

NOW = datetime.now(timezone.utc)
SOON = NOW + timedelta(days=30)  # when a good certificate ends
LONG_AGO, LAST_YEAR = datetime(2020, 1, 1, tzinfo=timezone.utc), datetime(2024, 3, 1, tzinfo=timezone.utc)
FAR, FARTHER = datetime(2098, 1, 1, tzinfo=timezone.utc), datetime(2099, 1, 1, tzinfo=timezone.utc)
PASSWORD = "geheim-geheim"
ODD = 'quo"te\\back slash'  # the password of the user "odd", who logs in at LOGIN only
SHOWN = {  # listener, once for TLS 1.2 and once for 1.3 -> whose certificate it shows, and its protocol
    "GOOD": ("server", "SSL"),
    "LOGIN": ("server", "SASL_SSL"),
    "PAST": ("expired", "SSL"),
    "FUTURE": ("future", "SSL"),
    "OTHER": ("elsewhere", "SSL"),
}
LISTENERS = {f"{name}{version}": shown for name, shown in SHOWN.items() for version in ("12", "13")}


class Pair(NamedTuple):
    """A certificate and its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


class Lab(NamedTuple):
    """A broker with TLS listeners: the folder of its certificates, the address of each listener, the cluster's id."""

    folder: Path
    at: Mapping[str, str]
    cluster_id: str

    def client(self, listener: str, **changes: str) -> dict[str, str]:
        """A client of a listener that trusts its authority and has a good certificate; `key_location` is changed so."""
        usual = {
            "bootstrap.servers": self.at[listener],
            "security.protocol": LISTENERS.get(listener, ("", listener))[1],
            "ssl.ca.location": "ca.pem",
            "ssl.certificate.location": "client.pem",
            "ssl.key.location": "client.key",
        }
        given = {key.replace("_", "."): value for key, value in changes.items()}
        return {key: value for key, value in (usual | given).items() if value}


def name(text: str) -> x509.Name:
    """`O=acme,CN=kg` as a name, in that order."""
    oids = {"CN": x509.NameOID.COMMON_NAME, "O": x509.NameOID.ORGANIZATION_NAME}
    return x509.Name([x509.NameAttribute(oids[key], value) for key, value in (p.split("=") for p in text.split(","))])


def certify(
    subject: str,
    issuer: Pair | None,
    *,
    host: str = "localhost",
    since: datetime = NOW - timedelta(days=1),
    until: datetime = SOON,
) -> Pair:
    """A new key and its certificate; an authority's own without an `issuer`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    names = [x509.DNSName(host), *([x509.IPAddress(ipaddress.ip_address(HOST))] if host == "localhost" else [])]
    builder = (
        x509.CertificateBuilder(name(subject) if issuer is None else issuer.certificate.subject, name(subject))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )
    return Pair(builder.sign(key if issuer is None else issuer.key, hashes.SHA256()), key)


def pem_of(pair: Pair) -> str:
    """A certificate as PEM."""
    return pair.certificate.public_bytes(serialization.Encoding.PEM).decode()


def key_of(pair: Pair, password: str | None = None, *, traditional: bool = False) -> str:
    """A key as PEM: PKCS8, or the traditional form."""
    form = serialization.PrivateFormat.TraditionalOpenSSL if traditional else serialization.PrivateFormat.PKCS8
    hidden = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    return pair.key.private_bytes(serialization.Encoding.PEM, form, hidden).decode()


def write_all(folder: Path) -> None:
    """Every file of a client and of the broker: two authorities, certificates in and out of time, keys, stores."""
    ca, other = certify("CN=ca", None), certify("CN=other", None)
    client = certify("O=acme,CN=kg", ca)
    pairs = {
        "client": client,
        "stranger": certify("O=acme,CN=kg", other),
        "client-expired": certify("O=acme,CN=kg", ca, since=LONG_AGO, until=LAST_YEAR),
        "client-future": certify("O=acme,CN=kg", ca, since=FAR, until=FARTHER),
        "server": certify("CN=localhost", ca),
        "expired": certify("CN=localhost", ca, since=LONG_AGO, until=LAST_YEAR),
        "future": certify("CN=localhost", ca, since=FAR, until=FARTHER),
        "elsewhere": certify("CN=broker.example", ca, host="broker.example"),
    }
    for stem, pair in pairs.items():
        (folder / f"{stem}.pem").write_text(pem_of(pair))
        (folder / f"{stem}.key").write_text(key_of(pair))
        (folder / f"{stem}.both").write_text(key_of(pair) + pem_of(pair))
    (folder / "ca.pem").write_text(pem_of(ca))
    (folder / "other.pem").write_text(pem_of(other))
    (folder / "pkcs8.key").write_text(key_of(client, PASSWORD))
    (folder / "pkcs1.key").write_text(key_of(client, PASSWORD, traditional=True))
    hidden = serialization.BestAvailableEncryption(PASSWORD.encode())
    store = pkcs12.serialize_key_and_certificates(b"kg", client.key, client.certificate, None, hidden)
    (folder / "client.p12").write_bytes(store)
    (folder / "client.jks").write_bytes(b"\xfe\xed\xfe\xed\0\0\0\2")
    (folder / "client.der").write_bytes(client.certificate.public_bytes(serialization.Encoding.DER))


@contextmanager
def lab(users: Mapping[str, str]) -> Iterator[Lab]:
    """One broker with LISTENERS: client certificates are required, but for LOGIN, where users log in by PLAIN."""
    with watched() as dog:
        folder = Path(tempfile.mkdtemp(prefix="kafka-gitops-sandbox-"))
        dog.order("remove", str(folder))
        write_all(folder)
        ports = free_ports(list(LISTENERS))
        kafka = runtime(Source(), jars=(), log=lambda _line: None)
        cluster = layout(folder, brokers=1, users=users, with_tls=False, kafka=kafka.kafka)
        usual = cluster.nodes[0].ports
        configure(
            cluster, kafka, authorizer=True, extra=_properties(folder, {**usual, **ports}, cluster.controller, users)
        )
        start(cluster, kafka, dog)
        yield Lab(folder, {key: f"{HOST}:{port}" for key, port in {**usual, **ports}.items()}, cluster.id)


def _properties(folder: Path, ports: Mapping[str, int], controller: int, users: Mapping[str, str]) -> dict[str, str]:
    at = [f"{key}://{HOST}:{port}" for key, port in ports.items()]
    protocols = {key: LISTENERS.get(key, ("", key))[1] for key in ports} | {"CONTROLLER": "PLAINTEXT"}
    odd = ODD.replace("\\", "\\\\").replace('"', '\\"').replace("\\", "\\\\")  # in JAAS, and that in .properties
    plain = " ".join(f'user_{user}="{word}"' for user, word in [*users.items(), ("odd", odd)])
    found = {
        "listeners": ",".join([*at, f"CONTROLLER://{HOST}:{controller}"]),
        "advertised.listeners": ",".join(at),
        "listener.security.protocol.map": ",".join(f"{key}:{protocol}" for key, protocol in protocols.items()),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(folder / "ca.pem"),
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(folder / "server.both"),
    }
    for key, (shown, protocol) in LISTENERS.items():
        own = f"listener.name.{key.lower()}"
        found[f"{own}.ssl.keystore.location"] = str(folder / f"{shown}.both")
        found[f"{own}.ssl.keystore.type"] = "PEM"
        found[f"{own}.ssl.enabled.protocols"] = f"TLSv1.{key[-1]}"
        found[f"{own}.ssl.client.auth"] = "required" if protocol == "SSL" else "none"
        if protocol == "SASL_SSL":
            found[f"{own}.sasl.enabled.mechanisms"] = "PLAIN"
            module = "org.apache.kafka.common.security.plain.PlainLoginModule"
            found[f"{own}.plain.sasl.jaas.config"] = f"{module} required {plain};"
    return found

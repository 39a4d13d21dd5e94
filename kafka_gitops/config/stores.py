"""Certificates and keys among the client keys: PEM text where a file is named, Java's stores, what converts them."""

from collections.abc import Mapping
from pathlib import Path

from kafka_gitops import pem, seen
from kafka_gitops.config.given import Given

PLACES = {  # Java key -> what the PEM keys are called
    "ssl.truststore.location": ("ssl.ca.location",),
    "ssl.keystore.location": ("ssl.certificate.location", "ssl.key.location"),
}
_SUFFIXES = {".pem": "PEM", ".crt": "PEM", ".key": "PEM", ".p12": "PKCS12", ".pfx": "PKCS12", ".jceks": "JCEKS"}
_MOST = 1_000_000  # bytes that are looked at; a store of a thousand certificates is smaller


def texts(given: Mapping[str, Given], client: dict[str, Given]) -> list[str]:
    """Give PEM text the line ends that it needs; a problem for each key that holds text and cannot."""
    for key, one in client.items():
        if key.endswith(".pem"):
            client[key] = one._replace(value=pem.normal(one.value))
    wrong = [key for key, one in given.items() if pem.holds_pem(one.value) and key not in pem.TEXT_KEYS]
    used = [key for key in wrong if key in client or key in pem.TAKES_TEXT]
    return [f"{given[key].origin}: {pem.misplaced(key)}" for key in used]


def read(given: Mapping[str, Given], client: dict[str, Given]) -> list[str]:
    """PEM stores become librdkafka's keys; other stores are told how to become PEM."""
    problems: list[str] = []
    for key, targets in PLACES.items():
        location = given.get(key)
        if location is None or pem.holds_pem(location.value):
            continue
        said = given.get(key.replace("location", "type"))
        kind = _kind(location.value, said.value if said else None)
        if kind == "PEM":
            client.update(dict.fromkeys(targets, location))
            continue
        lines = pem.conversion(location.value, kind, trust="trust" in key)
        what = "in DER" if kind == "DER" else f"a {kind} store"
        problems.append(
            f"{location.origin}: {key} is {what}; only PEM is read here. Convert it, then set "
            + "\n    ".join([f"{' and '.join(targets)}:", *lines])
        )
    password = given.get("ssl.keystore.password")
    if password and "ssl.key.location" in client:
        client.setdefault("ssl.key.password", password)
    return problems


def _kind(path: str, said: str | None) -> str:
    """What a store is: by its bytes, else by what `ssl.*.type` says, else by its name, else Java's old default."""
    try:
        seen.spoil()  # a store is not read to its end
        with Path(path).open("rb") as file:
            found = pem.kind(file.read(_MOST))
    except (OSError, ValueError):
        found = None
    return found or (said.strip().upper() if said else None) or _SUFFIXES.get(Path(path).suffix.lower(), "JKS")

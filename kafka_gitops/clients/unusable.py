"""Why a certificate, a key or the authorities cannot be used: one sentence, and what converts a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kafka_gitops import pem, shell
from kafka_gitops.errors import ConfigError, plainly

_PEM = "Expected PEM: -----BEGIN CERTIFICATE----- ..."


class Given(NamedTuple):
    """A certificate or a key: the key that gives it, and the file's path, or the PEM text itself."""

    what: str
    path: str | None
    value: str

    @property
    def shown(self) -> str:
        """What to call it: `ssl.key.location "client.key"`, and never what it holds."""
        return self.what if self.path is None else f'{self.what} "{self.path}"'

    def data(self) -> bytes:
        """What it holds; empty where the file cannot be read."""
        try:
            return self.value.encode() if self.path is None else Path(self.path).read_bytes()
        except OSError:
            return b""

    def text(self) -> str:
        """What it holds as text, in lines."""
        return pem.normal(self.data().decode("latin-1"))


def given(tls: Mapping[str, str], part: str) -> Given | None:
    """The `certificate` or the `key` of a client config; text wins over a file."""
    text, path = f"ssl.{part}.pem", f"ssl.{part}.location"
    if tls.get(text):
        return Given(text, None, tls[text])
    return Given(path, tls[path], "") if tls.get(path) else None


def authorities(key: str, path: str | None, failure: Exception) -> ConfigError:
    """The error for `ssl.ca.*` that cannot be used."""
    of_file = key.endswith(".location") and path is not None
    one = Given(key, path if of_file else None, "")
    kind = pem.kind(one.data()) if of_file else "PEM"
    if of_file and kind not in ("PEM", None):
        said, help = _store(one, str(kind), trust=True)
        return ConfigError(said, help=help)
    why = f": {plainly(failure)}" if isinstance(failure, OSError) and not one.data() and of_file else ""
    return ConfigError(f"{one.shown} holds no certificate that can be read{why}", help=_PEM)


def own(certificate: Given, key: Given, password: str, failure: Exception) -> ConfigError:
    """The error for a client's certificate and key that OpenSSL refused with `failure`."""
    why, help = _why(certificate, key, password, failure)
    return ConfigError(f"The client certificate cannot be used: {why}", help=help)


def _why(certificate: Given, key: Given, password: str, failure: Exception) -> tuple[str, str | None]:
    for one in (certificate, key):
        data, kind = one.data(), pem.kind(one.data())
        if not data:
            return f"{one.shown} cannot be read: {plainly(failure)}", None
        if kind not in ("PEM", None):
            return _store(one, str(kind), trust=False, key=one is key)
    for one, holds, what in ((certificate, pem.has_certificate, "certificate"), (key, pem.has_key, "private key")):
        if not holds(one.text()):
            return _lacks(one, what)
    if "MISMATCH" in str(getattr(failure, "reason", "")):
        said = f"the key in {key.shown} does not belong to the certificate in {certificate.shown}"
        return said, "Give the key that the certificate was requested with."
    if pem.is_encrypted(key.text()):
        wrong = "ssl.key.password does not open it" if password else "ssl.key.password is not set"
        plain = shell.command("openssl", "pkey", "-in", key.path or "client.key", "-out", "client-plain.key")
        help = f"Set it to the key's password. Or take the encryption off, and give that file: {plain}"
        return f"the key in {key.shown} is encrypted, and {wrong}", help
    help = f"Look at {certificate.shown} and {key.shown}: PEM, whole, and the key must belong to the certificate."
    return plainly(failure), help


def _lacks(one: Given, what: str) -> tuple[str, str]:
    if what == "private key" and one.what.startswith("ssl.certificate"):
        said = f"ssl.key.location is not set, and {one.shown} holds no private key"
        return said, "Set ssl.key.location or ssl.key.pem."
    holds = " but a private key" if what == "certificate" and pem.has_key(one.text()) else ""
    block = "CERTIFICATE" if what == "certificate" else "PRIVATE KEY"
    named = f" (a file's name goes under {one.what.replace('.pem', '.location')})" if one.path is None else ""
    return f"{one.shown} holds no {what}{holds}", f"Expected PEM: -----BEGIN {block}----- ...{named}"


def _store(one: Given, kind: str, *, trust: bool, key: bool = False) -> tuple[str, str]:
    what = "DER" if kind == "DER" else f"a {kind} store"
    lines = pem.conversion(one.path or "FILE", kind, trust=trust)
    if kind == "DER" and key:
        lines = [line.replace("openssl x509", "openssl pkey") for line in lines]
    asks = "ssl.ca.location" if trust else "ssl.certificate.location and ssl.key.location"
    help = "\n".join([f"Convert it, then set {asks}:", *(f"  {line}" for line in lines)])
    return f"{one.shown} is {what}, and only PEM is read here", help

"""The TLS context of a login: certificates from files or from PEM text, as librdkafka's `ssl.*` keys give them."""

import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kafka_gitops import pem
from kafka_gitops.clients import unusable
from kafka_gitops.clients.translate import Login
from kafka_gitops.errors import ConfigError, plainly

if TYPE_CHECKING:
    from ssl import SSLContext, SSLSocket


class Untrusted(OSError):
    """The broker's certificate does not verify: OpenSSL's code and words, and its certificates as DER where known."""

    def __init__(self, code: int, words: str, chain: tuple[bytes, ...]) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.chain = chain


class Failed(OSError):
    """A handshake that ended; `reason` is OpenSSL's, `agreed` tells whether the broker had shown its certificate."""

    def __init__(self, words: str, reason: str, *, agreed: bool) -> None:
        super().__init__(words)
        self.reason = reason
        self.agreed = agreed


def encrypt(plain: socket.socket, login: Login, host: str) -> "SSLSocket":
    """Do the handshake; raises Untrusted, Failed, or TimeoutError, and closes the socket then."""
    import ssl

    encrypted = context(login).wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
    try:
        encrypted.do_handshake()
    except ssl.SSLCertVerificationError as failure:
        chain = _chain(encrypted)
        encrypted.close()
        raise Untrusted(failure.verify_code, failure.verify_message, chain) from None
    except (ssl.SSLError, ConnectionError) as failure:
        agreed = bool(_chain(encrypted))
        encrypted.close()
        raise Failed(plainly(failure), getattr(failure, "reason", None) or "CLOSED", agreed=agreed) from None
    except BaseException:
        encrypted.close()
        raise
    return encrypted


def _chain(encrypted: "SSLSocket") -> tuple[bytes, ...]:
    """What the broker showed, from the handshake that failed: nothing more is sent. Empty where Python cannot tell."""
    shown = getattr(encrypted, "get_unverified_chain", None)  # Python 3.13
    try:
        if shown is not None:
            return tuple(shown())
        found = encrypted._sslobj.get_unverified_chain()  # type: ignore[attr-defined]
        return tuple(bytes(one.public_bytes(2)) for one in found or ())  # 2: DER
    except (AttributeError, ValueError, OSError):
        return ()


def context(login: Login) -> "SSLContext":
    """Verify against `ssl.ca.*` or the system's authorities; ConfigError says which file cannot be used and why."""
    import ssl

    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.check_hostname = login.verify and login.verify_name
    made.verify_mode = ssl.CERT_REQUIRED if login.verify else ssl.CERT_NONE
    _authorities(made, login)
    if "ssl.crl.location" in login.tls:
        try:
            made.load_verify_locations(cafile=login.tls["ssl.crl.location"])
        except OSError as failure:
            raise unusable.authorities("ssl.crl.location", login.tls["ssl.crl.location"], failure) from None
        made.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    _own_certificate(made, login)
    return made


def _authorities(made: "SSLContext", login: Login) -> None:
    text, place = login.tls.get("ssl.ca.pem"), login.tls.get("ssl.ca.location")
    try:
        if text:
            made.load_verify_locations(cadata=pem.normal(text))
        elif place and Path(place).is_dir():
            made.load_verify_locations(capath=place)
        elif place:
            made.load_verify_locations(cafile=place)
        else:
            made.load_default_certs()
    except (OSError, ValueError) as failure:  # ssl.SSLError is an OSError; text that is not ASCII a ValueError
        raise unusable.authorities("ssl.ca.pem" if text else "ssl.ca.location", place, failure) from None


def _own_certificate(made: "SSLContext", login: Login) -> None:
    """The client's certificate; Python's ssl reads it from files only, so PEM text passes through private ones."""
    certificate, key = unusable.given(login.tls, "certificate"), unusable.given(login.tls, "key")
    if certificate is None and key is None:
        return
    if certificate is None:
        raise ConfigError(
            f"{key.what if key else ''} is set, and no certificate that it belongs to",
            help="Set ssl.certificate.location or ssl.certificate.pem too.",
        )
    password = login.tls.get("ssl.key.password", "")
    with tempfile.TemporaryDirectory(prefix="kafka-gitops-") as directory:
        paths = [None if one is None else _file(Path(directory), one) for one in (certificate, key)]
        try:
            made.load_cert_chain(paths[0] or "", paths[1], password)
        except (OSError, ValueError) as failure:
            raise unusable.own(certificate, key or certificate, password, failure) from None


def _file(directory: Path, given: unusable.Given) -> str:
    if given.path is not None:
        return given.path
    path = directory / f"{given.what}.pem"
    path.touch(mode=0o600)
    path.write_text(given.text())
    return str(path)

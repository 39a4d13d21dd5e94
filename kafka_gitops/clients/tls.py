"""The TLS context of a login: certificates from files or from PEM text, as librdkafka's `ssl.*` keys give them."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kafka_gitops.clients.translate import Login
from kafka_gitops.errors import ConfigError

if TYPE_CHECKING:
    from ssl import SSLContext


def context(login: Login) -> "SSLContext":
    """Verify against `ssl.ca.*` or the system's authorities; ConfigError says which file cannot be used and why."""
    import ssl

    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.check_hostname = login.verify and login.verify_name
    made.verify_mode = ssl.CERT_REQUIRED if login.verify else ssl.CERT_NONE
    _authorities(made, login)
    if "ssl.crl.location" in login.tls:
        made.load_verify_locations(cafile=login.tls["ssl.crl.location"])
        made.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    _own_certificate(made, login)
    return made


def _authorities(made: "SSLContext", login: Login) -> None:
    text, place = login.tls.get("ssl.ca.pem"), login.tls.get("ssl.ca.location")
    try:
        if text:
            made.load_verify_locations(cadata=text)
        elif place and Path(place).is_dir():
            made.load_verify_locations(capath=place)
        elif place:
            made.load_verify_locations(cafile=place)
        else:
            made.load_default_certs()
    except OSError as failure:  # ssl.SSLError is one
        key = "ssl.ca.pem" if text else f'ssl.ca.location "{place}"'
        raise ConfigError(
            f"{key} holds no certificate that can be read: {failure.strerror or failure}",
            help="Expected PEM: -----BEGIN CERTIFICATE----- ...",
        ) from None


def _own_certificate(made: "SSLContext", login: Login) -> None:
    """The client's certificate; Python's ssl reads it from files only, so PEM text passes through private ones."""
    certificate, key = login.tls.get("ssl.certificate.pem"), login.tls.get("ssl.key.pem")
    with tempfile.TemporaryDirectory(prefix="kafka-gitops-") as directory:
        files = {}
        for name, text in (("certificate", certificate), ("key", key)):
            if text:
                path = Path(directory, f"{name}.pem")
                path.touch(mode=0o600)
                path.write_text(text)
                files[name] = str(path)
        certificate_file = files.get("certificate") or login.tls.get("ssl.certificate.location")
        if not certificate_file:
            return
        try:
            made.load_cert_chain(
                certificate_file,
                files.get("key") or login.tls.get("ssl.key.location"),
                login.tls.get("ssl.key.password", ""),
            )
        except OSError as failure:
            raise ConfigError(
                f"The client certificate cannot be used: {failure.strerror or failure}",
                help="Look at ssl.certificate.*, ssl.key.* and ssl.key.password: PEM, and the key must belong to it.",
            ) from None

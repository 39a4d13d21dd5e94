"""TLS to a REST server: the authority and the certificate that the settings name, and why a handshake failed."""

from typing import TYPE_CHECKING

from urllib3.exceptions import SSLError

from kafka_gitops import pem
from kafka_gitops.clients import unusable
from kafka_gitops.errors import ConfigError, plainly
from kafka_gitops.settings import Rest

if TYPE_CHECKING:
    from ssl import SSLContext

_PEM = "Expected the path of a file with PEM: -----BEGIN CERTIFICATE----- ..."


def context(rest: Rest) -> "SSLContext | None":
    """Whom to trust and who we are; None where the system's authorities do. Raises ConfigError with the key."""
    import ssl

    if rest.key is not None and rest.certificate is None:
        raise ConfigError(f"{rest.at}.key is set, and no certificate that it belongs to", help="Set `certificate` too.")
    if rest.ca is None and rest.certificate is None:
        return None
    try:
        made = ssl.create_default_context(cafile=rest.ca)
    except OSError as failure:
        said = f'{rest.at}.ca "{rest.ca}" holds no certificate that can be read: {plainly(failure)}'
        raise ConfigError(said, help=_PEM) from None
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if rest.certificate is not None:
        _own(made, rest, rest.certificate)
    return made


def _own(made: "SSLContext", rest: Rest, certificate: str) -> None:
    key = unusable.Given(f"{rest.at}.key" if rest.key else f"{rest.at}.certificate", rest.key or certificate, "")
    if pem.is_encrypted(key.text()):  # Python would ask for its password, at a terminal
        raise ConfigError(f"the key in {key.shown} is encrypted", help="Give a file with the key in clear.")
    try:
        made.load_cert_chain(certificate, rest.key)
    except (OSError, ValueError) as failure:
        raise unusable.own(unusable.Given(f"{rest.at}.certificate", certificate, ""), key, "", failure) from None


def reason(error: SSLError) -> str:
    """Why a handshake failed, from the words of OpenSSL."""
    import ssl

    cause = next((one for one in (*error.args, error.__cause__) if isinstance(one, OSError)), error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {cause.verify_message}"
    said = str(getattr(cause, "reason", "") or "")
    if said in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"):
        return "it does not speak TLS: is it http:// ?"
    if ("CERTIFICATE" in said and "ALERT" in said) or type(cause).__name__ == "SSLEOFError":
        return f"it ends the connection: it may want a client certificate that it trusts ({plainly(cause)})"
    return f"the TLS handshake failed: {plainly(cause)}"

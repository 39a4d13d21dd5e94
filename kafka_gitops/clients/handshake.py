"""Why a TLS handshake failed, judged by OpenSSL's reason, and what to do about the certificate that is in the way."""

import time
from datetime import datetime, timezone
from typing import NamedTuple

from kafka_gitops.clients import unusable
from kafka_gitops.clients.tls import Untrusted
from kafka_gitops.clients.translate import Login
from kafka_gitops.errors import plainly

# OpenSSL's X509_V_ERR_*
_NOT_YET, _EXPIRED, _REVOKED = 9, 10, 23
_NAMES = (62, 64)  # of a host, of an address
_UNKNOWN = (2, 18, 19, 20, 21)  # nobody vouches for it: its issuer is not among the authorities
_PLAIN = frozenset(  # what answers speaks no TLS
    [
        *("CLOSED", "UNEXPECTED_EOF_WHILE_READING", "WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST"),
        *("HTTPS_PROXY_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "BAD_RECORD_TYPE"),
    ]
)
_BROKEN_OFF = ("UNEXPECTED_MESSAGE",)  # in place of an alert: Kafka 2.7 on Java 17 that refuses a certificate (TLS 1.2)
_CERTIFICATE_ALERTS = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED")
_VERSIONS = ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION", "NO_PROTOCOLS_AVAILABLE")
_CIPHERS = ("HANDSHAKE_FAILURE", "INSUFFICIENT_SECURITY", "NO_SHARED_CIPHER", "NO_CIPHERS_AVAILABLE")


class Said(NamedTuple):
    """A sentence about a broker, and what to do."""

    text: str
    help: str


def failed(failure: Exception, login: Login, host: str) -> Said:
    """Explain what ended a handshake."""
    if isinstance(failure, Untrusted):
        return _untrusted(failure, login, host)
    reason = str(getattr(failure, "reason", None) or "")
    if "UNRECOGNIZED_NAME" in reason:
        return Said(f'it has no certificate for the name "{host}"', "Connect by a name that it advertises.")
    if is_alert(failure):
        return refused(failure, login)
    if any(word in reason for word in _VERSIONS):
        return _version()
    if reason in (*_PLAIN, *_BROKEN_OFF) and getattr(failure, "agreed", False):
        return hung_up(login)  # it speaks TLS, for it has shown its certificate
    if reason in _PLAIN:
        plain = "SASL_PLAINTEXT" if login.uses_sasl else "PLAINTEXT"
        return Said(
            f"the TLS handshake failed: it looks like a {plain} port, and security.protocol is {login.protocol}",
            f"Use the port of the TLS listener, or set security.protocol to {plain}.",
        )
    return Said(f"the TLS handshake failed: {plainly(failure)}", "Do its TLS settings and ours (`ssl.*`) agree?")


def is_alert(failure: Exception) -> bool:
    """Whether the broker itself ended the handshake, and says why."""
    return "_ALERT_" in str(getattr(failure, "reason", None) or "")


def is_end(failure: Exception) -> bool:
    """Whether an encrypted connection ended without a word."""
    return type(failure).__name__ in ("SSLEOFError", "SSLZeroReturnError")


def refused(failure: Exception, login: Login) -> Said:
    """Explain an alert of the broker: within the handshake with TLS 1.2, after it with TLS 1.3."""
    reason = str(getattr(failure, "reason", None) or "")
    if any(word in reason for word in _VERSIONS):
        return _version()
    alert = plainly(failure).rpartition("alert ")[2]
    of_ciphers = any(word in reason for word in _CIPHERS)
    agreed = getattr(failure, "agreed", False)  # on a cipher, so it is not that
    if any(word in reason for word in _CERTIFICATE_ALERTS) or (of_ciphers and agreed):
        return own_refused(login, alert)
    return Said(f"it refused the TLS handshake: {'no cipher is known to both sides' if of_ciphers else alert}", _AGREE)


_AGREE = "Look at ssl.cipher.suites and ssl.enabled.protocols of the broker; its log says more."
_WANTS = "Give ssl.certificate.location and ssl.key.location of a certificate that the broker trusts."


def _version() -> Said:
    said = "it speaks neither TLS 1.2 nor TLS 1.3"
    return Said(said, "Older versions are not safe. The broker allows newer ones with ssl.enabled.protocols.")


def own_refused(login: Login, alert: str) -> Said:
    """An alert about certificates: there is none of ours, or the broker does not like the one that there is."""
    own = _own(login)
    if own is None:
        return Said("it wants a client certificate, and none is set", _WANTS)
    facts = own.facts if own.dated else ", ".join(filter(None, (own.facts, alert)))
    return Said(f"it refused {own.name} ({facts})", own.help)


def hung_up(login: Login) -> Said:
    """A connection that is closed right after the handshake: with TLS 1.3 the alert may have been lost with it."""
    own = _own(login)
    if own is None:
        said = "it may want a client certificate, and none is set"
        return Said(f"it closes the connection after it has shown its certificate: {said}", _WANTS)
    said = f"it may refuse {own.name}{f' ({own.facts})' if own.facts else ''}"
    return Said(f"it closes the connection after it has shown its certificate: {said}", own.help)


class _Own(NamedTuple):
    """Our certificate as a message names it; `dated` when it is not valid today."""

    name: str
    facts: str
    help: str
    dated: bool = False


def _own(login: Login) -> _Own | None:
    given = unusable.given(login.tls, "certificate")
    if given is None:
        return None
    from kafka_gitops.clients import certificates

    found = certificates.of_pem(given.text())
    name = given.path or given.what
    if not found:
        return _Own(name, "", "Does the broker trust its issuer? The broker's log says more.")
    leaf, now = found[0], datetime.now(timezone.utc)
    if leaf.until < now:
        return _Own(name, f"{leaf.subject}, expired on {leaf.ends}", "Get a new certificate from its authority.", True)
    if leaf.since > now:
        help = f"It is {_clock()} by this machine's clock: is that right?"
        return _Own(name, f"{leaf.subject}, valid from {leaf.starts} on", help, True)
    return _Own(name, leaf.subject, f"Does the broker trust its issuer, {leaf.issuer}? The broker's log says more.")


def _untrusted(failure: Untrusted, login: Login, host: str) -> Said:
    if failure.code in _NAMES:
        return Said(
            f'its certificate is not for the name "{host}"',
            "Connect by a name that the certificate holds, or set ssl.endpoint.identification.algorithm=none.",
        )
    if failure.code in (_EXPIRED, _NOT_YET):
        return _time(failure, login)
    if failure.code in _UNKNOWN:
        return Said(
            f"its certificate is not trusted: {failure.words}",
            "Give the certificate of the authority that signed it: ssl.ca.location=FILE.pem",
        )
    help = "The authority has taken it back: the broker needs a new one." if failure.code == _REVOKED else ""
    return Said(
        f"its certificate is not trusted: {failure.words}",
        help or "Look at the broker's certificate, at ssl.ca.location and at ssl.crl.location.",
    )


def _time(failure: Untrusted, login: Login) -> Said:
    """A certificate that is not valid today: the broker's own, or one of its authorities'."""
    from kafka_gitops.clients import certificates

    now = datetime.now(timezone.utc)
    chain = certificates.of_der(failure.chain)
    if failure.code == _NOT_YET:
        later = next((one for one in chain if one.since > now), None)
        said = f"its certificate is not valid yet{f', but from {later.starts} on' if later else ''}"
        return Said(said, f"It is {_clock()} by this machine's clock: is that right?")
    past = next((one for one in chain if one.until < now), None)
    if past is None and chain:
        place = login.tls.get("ssl.ca.location") or "ssl.ca.*"
        return Said(
            "the certificate of its authority has expired",
            f"Give the authority's new certificate: it is the one in {place} that is too old.",
        )
    if past is None:
        return Said("its certificate has expired", _RENEW)
    whose = "its certificate" if past is chain[0] else f"a certificate that it shows ({past.subject})"
    return Said(f"{whose} expired on {past.ends}", _RENEW)


_RENEW = "The broker needs a new one; there is nothing to set here."


def _clock() -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())

"""What a certificate says of itself: subject, names, dates; loaded only where somebody asks."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, Name

_KEYWORDS = {  # sun.security.x509.AVAKeyword, those of RFC 2253; an attribute without one is an OID with its DER
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
}
_ESCAPED = ',=+<>#;"\\'


class Facts(NamedTuple):
    """Subject and issuer as Kafka writes a principal, the days of validity."""

    subject: str
    issuer: str
    since: datetime
    until: datetime

    @property
    def starts(self) -> str:
        """The day from which it is valid."""
        return f"{self.since:%Y-%m-%d}"

    @property
    def ends(self) -> str:
        """The day on which it ends."""
        return f"{self.until:%Y-%m-%d}"


def of_pem(text: str) -> list[Facts]:
    """The certificates in a PEM text, in order; none where they cannot be read."""
    try:
        from cryptography import x509

        return [_facts(one) for one in x509.load_pem_x509_certificates(text.encode("latin-1", "replace"))]
    except (ImportError, ValueError):  # an installation without the extra, a text that is none
        return []


def of_der(chain: Iterable[bytes]) -> list[Facts]:
    """The certificates that a server shows; none where they cannot be read."""
    try:
        from cryptography import x509

        return [_facts(x509.load_der_x509_certificate(one)) for one in chain]
    except (ImportError, ValueError):
        return []


def _facts(one: "Certificate") -> Facts:
    return Facts(rfc2253(one.subject), rfc2253(one.issuer), one.not_valid_before_utc, one.not_valid_after_utc)


def rfc2253(name: "Name") -> str:
    """A name as Java's `X500Principal.getName()` writes it, which Kafka's default rule takes as it is.

    Source: sun.security.x509.AVA.toRFC2253String; the last part first, `+` within a part, no blanks.
    """
    return ",".join("+".join(_attribute(one) for one in part) for part in reversed(name.rdns))


def _attribute(one: object) -> str:
    from cryptography.x509 import NameAttribute

    assert isinstance(one, NameAttribute)
    keyword = _KEYWORDS.get(one.oid.dotted_string)
    if keyword is None or not isinstance(one.value, str):
        return f"{one.oid.dotted_string}=#{_der(one).hex()}"
    text = "".join(f"\\{char}" if char in _ESCAPED else "\\00" if char == "\0" else char for char in one.value)
    inner = text.strip(" ")
    before = len(text) - len(text.lstrip(" "))
    after = len(text) - before - len(inner)
    return f"{keyword}=" + "\\ " * before + inner + "\\ " * after


def _der(one: object) -> bytes:
    """The DER of a value: that of the name's attribute behind its OID."""
    from cryptography.x509 import Name, NameAttribute, RelativeDistinguishedName

    assert isinstance(one, NameAttribute)
    whole = Name([RelativeDistinguishedName([one])]).public_bytes()
    oid = whole.index(b"\x06")
    return whole[oid + 2 + whole[oid + 1] :]

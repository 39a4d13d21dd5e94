"""Certificates and keys as text and as files: what they hold, what converts a store to PEM, what is never printed."""

import re

from kafka_gitops import shell
from kafka_gitops.redact import keep_secret

TAKES_TEXT = {  # keys that name a file -> what takes the text itself, in the same spelling
    "ssl.ca.location": "ssl.ca.pem",
    "ssl.certificate.location": "ssl.certificate.pem",
    "ssl.crl.location": None,
    "ssl.key.location": "ssl.key.pem",
    "ssl.keystore.location": "ssl.keystore.certificate.chain and ssl.keystore.key",
    "ssl.truststore.location": "ssl.truststore.certificates",
}
TEXT_KEYS = (
    *("ssl.ca.pem", "ssl.certificate.pem", "ssl.key.pem"),
    *("ssl.keystore.certificate.chain", "ssl.keystore.key", "ssl.truststore.certificates"),
)
_STARTS = {b"\xfe\xed\xfe\xed": "JKS", b"\xce\xce\xce\xce": "JCEKS"}  # sun.security.provider.JavaKeyStore
_PFX = b"\x02\x01\x03\x30"  # the version, which begins every PKCS12 store (RFC 7292, section 4)
_BLOCK = re.compile(r"(-----BEGIN [A-Z0-9 ]+-----)(.*?)(-----END [A-Z0-9 ]+-----)", re.DOTALL)
_CERTIFICATE = re.compile(r"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----")
_KEY = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")
_ENCRYPTED = re.compile(r"-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: *4, *ENCRYPTED", re.MULTILINE)


def holds_pem(text: str) -> bool:
    """Whether a value is, or has in it, the text of a certificate or a key."""
    return "-----BEGIN" in text


def keep(text: str) -> None:
    """Keep a PEM text from every output: as a whole, however its lines end, and each line of what it encodes."""
    if holds_pem(text):
        keep_secret(text)
        keep_secret(normal(text))
        for line in body_lines(text):
            keep_secret(line)


def body_lines(text: str) -> list[str]:
    """The lines of Base64 in a text that holds PEM; of a text whose end is missing, too."""
    inside = re.split(r"-----BEGIN [A-Z0-9 ]+-----", normal(text))[1:]
    words = [word for part in inside for word in part.partition("-----")[0].split()]
    return [word for word in words if len(word) >= 16 and re.fullmatch(r"[A-Za-z0-9+/=]+", word)]


def normal(text: str) -> str:
    r"""PEM as OpenSSL reads it: what a variable makes of line ends (`\n` in two characters, blanks) are lines again."""
    if not holds_pem(text):
        return text
    lines = text.replace("\\r", "").replace("\\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[ \t]+(?=-----BEGIN )", "\n", _BLOCK.sub(_lines, lines))


def _lines(block: re.Match[str]) -> str:
    head, body, tail = block.groups()
    if "\n" in body:
        return "\n".join([head, *(line.strip() for line in body.strip().split("\n")), tail])
    if ":" in body:  # headers (RFC 1421), and nothing tells any more where they stop
        return block[0]
    words = "".join(body.split())
    return "\n".join([head, *(words[at : at + 64] for at in range(0, len(words), 64)), tail])


def misplaced(key: str) -> str:
    """What to say of a key that cannot hold PEM text and does; the text is not in it."""
    takes = TAKES_TEXT.get(key)
    if key in TAKES_TEXT:
        instead = f"put it under {takes}, or give" if takes else "give"
        return f"{key} holds the PEM text itself: {instead} a file's name"
    return f"{key} holds PEM text, which it cannot use; the keys that take it are {', '.join(TEXT_KEYS[:3])}"


def kind(data: bytes) -> str | None:
    """What a file holds, by its bytes: PEM, JKS, JCEKS, PKCS12, DER, or None where it is none of them."""
    if data[:4] in _STARTS:
        return _STARTS[data[:4]]
    if data[:1] == b"\x30" and data[1:2] >= b"\x80":
        return "PKCS12" if _PFX in data[:12] else "DER"
    return "PEM" if b"-----BEGIN " in data else None


def has_certificate(text: str) -> bool:
    """Whether a PEM text has a certificate."""
    return bool(_CERTIFICATE.search(text))


def has_key(text: str) -> bool:
    """Whether a PEM text has a private key."""
    return bool(_KEY.search(text))


def is_encrypted(text: str) -> bool:
    """Whether the private key in a PEM text needs a password (PKCS8, or the traditional form)."""
    return bool(_ENCRYPTED.search(text))


def conversion(path: str, kind: str, *, trust: bool) -> list[str]:
    """The commands that turn a store, or DER, into PEM files beside it; none of them writes over the file."""
    stem = path.rpartition(".")[0] or path
    if kind == "DER":
        return [shell.command("openssl", "x509", "-inform", "DER", "-in", path, "-out", _beside(stem, ".pem", path))]
    if trust:
        words = ("keytool", "-list", "-rfc", "-keystore", path, "-storetype", kind)
        return [f"{shell.command(*words)} > {shell.command(_beside(stem, '.pem', path))}"]
    lines = []
    if kind != "PKCS12":
        store = _beside(stem, ".p12", path)
        into = ("-destkeystore", store, "-deststoretype", "PKCS12")
        lines.append(shell.command("keytool", "-importkeystore", "-srckeystore", path, "-srcstoretype", kind, *into))
        path = store
    lines.append(shell.command("openssl", "pkcs12", "-in", path, "-nokeys", "-out", f"{stem}.crt.pem"))
    lines.append(shell.command("openssl", "pkcs12", "-in", path, "-nocerts", "-out", f"{stem}.key.pem"))
    return lines


def _beside(stem: str, suffix: str, path: str) -> str:
    return f"{stem}{suffix}" if f"{stem}{suffix}" != path else f"{stem}-converted{suffix}"

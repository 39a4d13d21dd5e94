"""Keeps secrets out of everything that is printed or written."""

import re

_KNOWN: set[str] = set()
_MASK = "[redacted]"
_SECRET_KEYS = re.compile(
    r"password|secret|token|jaas|credential|(^|[._-])key($|[._-]pem)|passphrase|api[._-]?key", re.IGNORECASE
)


def keep_secret(text: str) -> None:
    """Never print this text; ignored under six characters, which would blank ordinary words."""
    if len(text) >= 6:
        _KNOWN.add(text)


def is_secret_key(key: str) -> bool:
    """Whether a config key looks like it holds a secret: `sasl.password`, `ssl.key.pem`, `basic.auth.user.info`."""
    return (bool(_SECRET_KEYS.search(key)) and not key.endswith("endpoint.url")) or key.endswith("user.info")


def redact(text: str) -> str:
    """The text without any known secret."""
    for secret in sorted(_KNOWN, key=len, reverse=True):
        if secret in text:
            text = text.replace(secret, _MASK)
    return text


def forget() -> None:
    """Drop all known secrets (between tests)."""
    _KNOWN.clear()

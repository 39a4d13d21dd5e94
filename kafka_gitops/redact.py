"""Keeps secrets out of everything that is printed or written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

_NOTED: list[list[str]] = []
_KNOWN: dict[str, tuple[str, re.Pattern[str]]] = {}
_HIDDEN: set[bool] = set()  # not empty when anything was taken out
_MASK = "[redacted]"
_GAP = r"(?:\u200b|\\u200b)?"  # what keeps a mention or an address from being one
_PEM = re.compile(  # the last net below keep_secret: nobody has to know of a text for it to stay out
    r"-----BEGIN [A-Z0-9 ]+-----"
    r"(?:(?:(?!-----BEGIN ).)*?-----END [A-Z0-9 ]+-----|(?:(?:\s|\\+[nr])*[A-Za-z0-9+/=]{16,})+)",
    re.DOTALL,
)
_SECRET_KEYS = re.compile(
    r"password|secret|token|jaas|credential|(^|[._-])key($|[._-]pem)|passphrase|api[._-]?key", re.IGNORECASE
)


def keep_secret(text: str) -> None:
    """Never print this text; ignored under six characters, which would blank ordinary words."""
    for texts in _NOTED:
        texts.append(text)
    if len(text) >= 6 and text not in _KNOWN:
        _KNOWN[text] = (max(re.split(r"[^A-Za-z0-9]", text), key=len), _written(text))


@contextmanager
def noted() -> Iterator[list[str]]:
    """The texts that are kept secret meanwhile, for who has to keep them elsewhere too."""
    texts: list[str] = []
    _NOTED.append(texts)
    try:
        yield texts
    finally:
        _NOTED.pop()


def is_secret_key(key: str) -> bool:
    """Whether a config key looks like it holds a secret: `sasl.password`, `ssl.key.pem`, `basic.auth.user.info`."""
    return (bool(_SECRET_KEYS.search(key)) and not key.endswith("endpoint.url")) or key.endswith("user.info")


def redact(text: str) -> str:
    """The text without any known secret, however JSON, XML, Markdown or a workflow command writes it; no PEM."""
    left = text
    for secret in sorted(_KNOWN, key=len, reverse=True):
        part, written = _KNOWN[secret]
        if part in left:
            left = written.sub(_MASK, left)
    left = _PEM.sub(_MASK, left) if "-----BEGIN " in left else left
    if left != text:
        _HIDDEN.add(True)
    return left


def hidden() -> bool:
    """Whether anything was taken out of a text of this run."""
    return bool(_HIDDEN)


def forget() -> None:
    """Drop all known secrets (between tests)."""
    _KNOWN.clear()
    _HIDDEN.clear()


def _written(secret: str) -> re.Pattern[str]:
    """What finds a secret in any format of a report: escaped, as an entity, with a mark that takes a link's meaning."""
    return re.compile("".join(char if char.isascii() and char.isalnum() else _forms(char) for char in secret))


def _forms(char: str) -> str:
    import html  # a hook with nothing to do reads this file, too
    import json
    from urllib.parse import quote

    if char.isspace():
        return r"(?:\s|\\[nrt]|%0[9AD]|%20|&#\d+;)+"
    forms = {char, html.escape(char), f"&#{ord(char)};", json.dumps(char)[1:-1], quote(char, safe="", errors="replace")}
    forms |= {form.lower() for form in forms if form.startswith("%")}
    return rf"{_GAP}\\*(?:{'|'.join(map(re.escape, sorted(forms, key=len, reverse=True)))}){_GAP}"

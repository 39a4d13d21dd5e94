"""Java .properties files to keys and values with their lines."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kafka_gitops.errors import ConfigError
from kafka_gitops.text import characters

_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_BLANK = " \t\f"


class Property(NamedTuple):
    """The value of one key, and the line (1-based) where it begins."""

    value: str
    line: int


def parse(path: str, text: str) -> dict[str, Property]:
    """The keys of a properties file in order; a later line wins over an earlier one with the same key.

    Source: java.util.Properties.load. Raises ConfigError for a `\\u` escape without four hexadecimal digits, and for
    characters that make people see another text.
    """
    for index, said, help in characters.hiding(text):
        raise ConfigError(f"{path}:{text.count(chr(10), 0, index) + 1}: {said}", help=help[0].upper() + help[1:] + ".")
    found: dict[str, Property] = {}
    for number, line in _logical(text):
        key, value = _split(line)
        name = _unescape(key, path, number)
        found.pop(name, None)
        found[name] = Property(_unescape(value, path, number), number)
    return found


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Lines without comments, continued ones joined: an odd number of backslashes at the end goes on."""
    whole, begun = "", 0
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        line = raw.lstrip(_BLANK)
        if not begun and (not line or line[0] in "#!"):
            continue
        begun = begun or number
        if (len(line) - len(line.rstrip("\\"))) % 2:
            whole += line[:-1]
            continue
        yield begun, whole + line
        whole, begun = "", 0
    if begun and whole:
        yield begun, whole


_KEY_END = re.compile(r"(?:[^\\=: \t\f]|\\.)*", re.DOTALL)
_SEPARATOR = re.compile(r"[ \t\f]*[=:]?[ \t\f]*")


def _split(line: str) -> tuple[str, str]:
    key = _KEY_END.match(line)
    assert key is not None  # it matches the empty text too
    separator = _SEPARATOR.match(line, key.end())
    assert separator is not None
    return key.group(), line[separator.end() :]


def _unescape(text: str, path: str, line: int) -> str:
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        if match[1] is not None:
            return chr(int(match[1], 16))
        if match[2] == "u":
            raise ConfigError(
                f"{path}:{line}: \\u needs four hexadecimal digits",  # what is found may be a part of a password
                help="Write a backslash as \\\\ in a .properties file.",
            )
        return _ESCAPES.get(match[2], match[2])

    joined = re.sub(r"\\(?:u([0-9a-fA-F]{4})|(.)|$)", lambda m: one(m) if m[0] != "\\" else "", text, flags=re.DOTALL)
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

"""The user and password in a Java `sasl.jaas.config` line."""

import re
from typing import NamedTuple


class Login(NamedTuple):
    """Who logs in; never printed."""

    username: str
    password: str


_TOKEN = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|((?:\$\{[^}]*\}|[\w.$-])+)|([=;]))""", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-3]?[0-7]{1,2}|.)", re.DOTALL)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
MODULES = ("PlainLoginModule", "ScramLoginModule")


def parse(line: str, *, quote: str = r"\"") -> Login:
    """The login of one entry: `MODULE required username="..." password="...";`. Variables stay as they are written.

    `quote` is how a double quote is written inside a value in the file that the line is from.

    Source: org.apache.kafka.common.security.JaasConfig over java.io.StreamTokenizer (quotes, escapes).
    Raises ValueError with a sentence that holds no secret.
    """
    tokens = _tokens(line, quote)
    if len(tokens) < 2:
        raise ValueError("found no login module and control flag; expected MODULE required username=... password=...;")
    module = tokens[0].rpartition(".")[2]
    if module not in MODULES:
        said = f"{module} is not supported yet" if module.endswith("LoginModule") else "it begins with no login module"
        raise ValueError(f"{said}; supported: {', '.join(MODULES)}")
    if tokens[-1] != ";":
        raise ValueError("it does not end in a semicolon")
    options = _options(tokens[2:-1])
    missing = [name for name in ("username", "password") if name not in options]
    if missing:
        raise ValueError(f"it has no {' and no '.join(missing)}")
    return Login(options["username"], options["password"])


def _tokens(line: str, quote: str) -> list[str]:
    tokens: list[str] = []
    at, line = 0, line.rstrip()
    while at < len(line):
        match = _TOKEN.match(line, at)
        if match is None or (at and line[at - 1] in "\"'" and match[3] and not match[0][0].isspace()):
            raise ValueError(
                f"cannot be read from character {at + 1} on; put values in double quotes, and write a double quote "
                f"inside of one as {quote}"
            )
        quoted = match[1] if match[1] is not None else match[2]
        tokens.append(match[0].strip() if quoted is None else _unescape(quoted))
        at = match.end()
    return tokens


def _unescape(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        letter = match[1]
        return chr(int(letter, 8)) if letter[0] in "01234567" else _LETTERS.get(letter, letter)

    return _ESCAPE.sub(one, text)


def _options(tokens: list[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for at in range(0, len(tokens), 3):
        if tokens[at + 1 : at + 2] != ["="] or at + 2 >= len(tokens):
            raise ValueError("expected name=value pairs after the control flag, and one semicolon at the end")
        options[tokens[at]] = tokens[at + 2]
    return options

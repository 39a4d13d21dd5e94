"""A JulieOps `.conf` file of plain `key = value` lines; what is more of HOCON is refused by its name and place."""

import json
import re
from collections.abc import Iterator

from kafka_gitops.config.properties import Property
from kafka_gitops.errors import ConfigError
from kafka_gitops.text import characters

_LINE = re.compile(r"([A-Za-z_][\w.-]*)[ \t]*([=:])[ \t]*(.*)")
_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*")[ \t]*,?[ \t]*(?:(?:#|//).*)?')
_WHOLE = (  # what a line begins with -> what it is in HOCON
    ("{", "an object in braces"),
    ("}", "an object in braces"),
    ("]", "a list over several lines"),
    ('"', "a key in quotes"),
    ("include", "an include"),
)
_VALUES = (  # what a value is -> what it is in HOCON, and what to write
    (re.compile(r'""".*', re.DOTALL), "a text in three quotes", "write it in one line, in double quotes"),
    (re.compile(r"\{.*"), "an object in braces", "write each key whole: a.b.c = value"),
    (re.compile(r"\[.*"), "a list", "write an element a line: key.0 = value, key.1 = value"),
    (re.compile(r".*\$\{\?.*"), "an optional variable, ${?NAME}", "write ${NAME}, or ${NAME:-text} with a default"),
    (re.compile(r".*(?:^|\s)(?:#|//).*"), "a comment behind a value without quotes", "give it a line of its own"),
    (re.compile(r'.*".*'), "quotes in the middle of a value", 'quote the whole value, and write a quote inside as \\"'),
    (re.compile(r".*\\.*"), "a backslash in a value without quotes", "quote the value, and write it as \\\\"),
    (re.compile(r".*,"), "a comma behind a value without quotes", "take it away"),
)
_HELP = "Only lines of the form key = value are read here; such a file may as well be a .properties file."


def parse(path: str, text: str) -> dict[str, Property]:
    """The keys of a plain file in order, as Typesafe config reads it; a later line wins over an earlier one.

    A value may be in double quotes with JSON's escapes; without them it is the rest of the line, in which more signs
    are allowed than in HOCON, but none that mean something else there. `${NAME}` stays as it is, in quotes too, where
    HOCON has no variables: a client file is read for them later. Raises ConfigError for what is more than that.
    """
    for index, said, help in characters.hiding(text):
        raise ConfigError(f"{path}:{text.count(chr(10), 0, index) + 1}: {said}", help=help[0].upper() + help[1:] + ".")
    found: dict[str, Property] = {}
    for number, line in _lines(text):
        match = _LINE.fullmatch(line)
        if match is None:
            what = next((said for sign, said in _WHOLE if line.startswith(sign)), None)
            if what is None and re.match(r"[\w.-]+[ \t]*(?:\{|\+=)", line):
                what = "an object in braces" if "{" in line.partition("=")[0] else "an addition to a list, +="
            raise _refused(path, number, what or "a line without = or : behind a key")
        found.pop(match[1], None)
        found[match[1]] = Property(_value(path, number, match[3]), number)
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        line = raw.strip()
        if line and not line.startswith(("#", "//")):
            yield number, line


def _value(path: str, number: int, written: str) -> str:
    quoted = _QUOTED.fullmatch(written)
    if quoted is not None:
        try:
            text = json.loads(quoted[1])
        except ValueError:
            raise _refused(path, number, "an escape that JSON does not have", "write a backslash as \\\\") from None
        assert isinstance(text, str)
        return text
    for pattern, what, instead in _VALUES:
        if pattern.fullmatch(written):
            raise _refused(path, number, what, instead)
    return written


def _refused(path: str, number: int, what: str, instead: str | None = None) -> ConfigError:
    help = f"{instead[0].upper()}{instead[1:]}. {_HELP}" if instead else _HELP
    return ConfigError(f"{path}:{number}: {what}: this form of HOCON is not read here", help=help)

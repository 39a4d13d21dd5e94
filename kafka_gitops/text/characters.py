"""Characters that hide something: those that end a line for YAML alone, turn text around, or cannot be seen."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Unicode calls them letters or symbols, and they are blank: Hangul fillers, the empty Braille cell, a null note
FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159")
_BREAKS = {"\x85": "next line", "\u2028": "line separator", "\u2029": "paragraph separator"}
_BREAK = re.compile("[\x85\u2028\u2029]")
_TURN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # Bidi_Control of Unicode
_LONE = re.compile("\r(?!\n)")
_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def lines(text: str) -> list[str]:
    """The lines of a text as git and editors count them; a file without any LF may end its lines with CR."""
    return re.split("\r\n|\n" if "\n" in text else "\r", text)


def hiding(text: str) -> Iterator[tuple[int, str, str]]:
    """What in a file makes people see something else than YAML reads: index, what it does, what to do; one per kind.

    Line ends of YAML 1.1 (b-next-line, b-line-separator, ...) that git and editors do not know, and the directional
    controls of Unicode (CVE-2021-42574); in comments too.
    """
    if "\r" in text and "\n" in text:
        yield from _first(_LONE, text, "ends a line for YAML, but not for git", "end every line with LF or CR LF")
    if text.isascii():
        return
    said = "ends a line for YAML, but not for git and editors: what follows it can look like a comment"
    yield from _first(_BREAK, text, said, "delete it, and end the line with LF")
    said = "changes the order in which text is shown: what people see is not what is read"
    yield from _first(_TURN, text, said, "delete it")


def _first(pattern: re.Pattern[str], text: str, said: str, help: str) -> Iterator[tuple[int, str, str]]:
    found = [one.start() for one in pattern.finditer(text)]
    if found:
        more = f"; {len(found) - 1:,} more in this file" if len(found) > 1 else ""
        yield found[0], f"{named(text[found[0]])} {said}{more}", help


def named(char: str) -> str:
    """`U+202E (right-to-left override)`."""
    if char == "\r":
        return "a carriage return without a line feed"
    name = _BREAKS.get(char) or unicodedata.name(char, "").lower() or _CATEGORIES.get(unicodedata.category(char), "")
    return f"U+{ord(char):04X}{f' ({name})' if name else ''}"


_CATEGORIES = {"Cc": "a control character", "Co": "a private character", "Cn": "not assigned", "Cs": "half of a pair"}


def is_hidden(char: str) -> bool:
    """Whether a character cannot be seen, or changes the one before it: controls, format, blanks but " ", marks."""
    if char.isascii():
        return not char.isprintable()
    return not char.isprintable() or char in FILLERS or unicodedata.category(char)[0] == "M"


@lru_cache(maxsize=10_000)
def hidden(text: str) -> str | None:
    """The first such character of a text; None where all can be seen."""
    if text.isascii() and text.isprintable():
        return None
    return next((char for char in text if is_hidden(char)), None)


def escaped(text: str) -> str:
    """The text with each such character as an escape: it can neither steer a terminal, nor begin a line, nor hide."""
    return text if hidden(text) is None else "".join(escape(char) if is_hidden(char) else char for char in text)


def escape(char: str) -> str:
    """`\\n`, `\\x1b`, `\\u202e`, `\\U000e0041`."""
    code = ord(char)
    return _NAMED.get(char) or (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )


def no_command(line: str) -> str:
    """A line that no CI takes for a command in a log: those begin with `::`, blanks before it do not count."""
    return f"\u200b{line}" if line.lstrip().startswith("::") else line


def json_escaped(text: str) -> str:
    """JSON text with each such character as an escape of JSON: the same values, and nothing that hides when shown."""
    return _ODD.sub(lambda found: _units(found.group()) if is_hidden(found.group()) else found.group(), text)


def _units(char: str) -> str:
    """`\\u202e`, `\\udb40\\udc41`: JSON counts in UTF-16."""
    code = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{code[at : at + 4]}" for at in range(0, len(code), 4))


_ODD = re.compile("[^\n -~]")  # the rest is plain, and nearly all

"""YAML texts as people write them, and as slips of the hand leave them: for two readers that must agree."""

import random

_NAMES = ("name", "topics", "config", "retention.ms", "yes", "01", "no", "a", "x-y_z", "ключ", "null", "1.0", "$x")
_PLAIN = (
    "delete",
    "86400000",
    "-1",
    "yes",
    "null",
    "0x1F",
    "a b",
    "User:alice",
    ".x",
    "1.50",
    "é",
    "a#b",
    "http://x:1/y",
)
_ODD = (
    "*", "*a", "&a b", "!!str 1", "! 1", "|", ">-", "a: b", "a:", "-", "- a", "?", "? a", "{a: b}", "{{ x }}", "[", "[a", "'it''s'",
    '"a\\n"', '"', "'", "#", "# c", "%a", "@a", "`a`", "<<", "---", "...", "a\tb", "\t", "a ", " a", "a  b", "a #c", "a#c",
    "[a, b]", "[ a,b ]", "[]", "[a, ]", "[,]", "[a b]", "['a', \"b\"]", "[a:b]", "[a: b]", "[[a]]", "[-1]", "[a]b", "[a] #c",
    ": a", ":a", "-a", "--a", "-", "- ", "?a", ",a", "a,b", "]", "}", "=", "<", "a\\b", "\\", '"\\"',
    '"\\\\ \\""', "'''", "''''", "'a'' b'", "~", "", "x" * 1100, "\xa0", "\ufeff",
    "''", '""', "'a' b", "'a': b", "'a'#b", "'a' #b", '"a"b', "a'b", 'a"b', "a: 'b", "\U0001f600", "a:#b", "a #", "a : b",
)  # fmt: skip
_LETTERS = " \n\t\r:-#'\"[]{},&*!|>%@`?<=~.\\ab01é\xa0\x85\u2028\ufeff\u200b"


def topology(draw: random.Random) -> str:
    """A block mapping of maps, lists and scalars, mostly in the usual style."""
    lines: list[str] = []
    _map(draw, lines, " " * draw.choice((0, 0, 0, 0, 2)), 0)
    if not draw.randrange(4):
        lines.insert(0, draw.choice(("---", "# a comment", "", "%YAML 1.1\n---", "\ufeff# x", "...")))
    return "\n".join(lines) + draw.choice(("\n", "\n", "\n", "", "\n\n", "\n  ", "\n# end", "\n...\n", "\n---\n"))


def _map(draw: random.Random, lines: list[str], indent: str, depth: int, first: str | None = None) -> None:
    """The entries of a map; the first one may stand behind a dash."""
    names = draw.sample(_NAMES, draw.randint(1, 3))
    for number, name in enumerate(names):
        start = first if first is not None and number == 0 else indent
        kind = draw.randrange(10) if depth < 4 else 9
        if kind == 4 and not draw.randrange(4):
            lines.append(f"{start}{name}:{_tail(draw)}")
        elif kind > 3:
            lines.append(f"{start}{name}:{' ' * draw.choice((1, 1, 1, 1, 3))}{_scalar(draw)}{_tail(draw)}")
        else:
            lines.append(f"{start}{name}:{_tail(draw)}")
            _below(draw, lines, indent, depth, listed=kind < 2)
        if not draw.randrange(12):
            lines.append(draw.choice(("", "  ", f"{indent}# about it", "# about it", "      # far")))


def _below(draw: random.Random, lines: list[str], indent: str, depth: int, *, listed: bool) -> None:
    if not listed:
        _map(draw, lines, indent + " " * draw.choice((2, 2, 2, 1, 4)), depth + 1)
        return
    indent += " " * draw.choice((0, 0, 2, 4))
    for _ in range(draw.randint(1, 3)):
        dash = f"{indent}-{' ' * draw.choice((1, 1, 1, 3))}"
        while not draw.randrange(8):
            dash += "- "
        if draw.randrange(2):
            _map(draw, lines, " " * len(dash), depth + 1, dash)
        else:
            lines.append(f"{dash}{_scalar(draw)}{_tail(draw)}")


def _scalar(draw: random.Random) -> str:
    kind = draw.randrange(40)
    if kind == 0:
        return draw.choice(_ODD)
    plain = draw.choice(_PLAIN)
    if kind > 36:
        return _flow(draw, 0)
    return plain if kind < 20 else f'"{plain}"' if kind < 33 else f"'{plain}'"


def _flow(draw: random.Random, depth: int) -> str:
    """A list or a map in brackets, mostly of usual scalars."""
    inner = []
    opening, closing = draw.choice(("[]", "{}"))
    for name in draw.sample(_NAMES, draw.randrange(4)):
        kind = draw.randrange(30)
        one = (
            draw.choice(_ODD)
            if kind == 0
            else _flow(draw, depth + 1)
            if kind < 5 and depth < 3
            else draw.choice(_PLAIN)
        )
        one = f"'{one}'" if kind == 29 else f'"{one}"' if kind > 25 else one
        inner.append(
            one
            if opening == "["
            else f"{draw.choice((name, name, name, repr(name)))}:{draw.choice((' ', ' ', ' ', '  ', ''))}{one}"
        )
    return f"{opening}{draw.choice((', ', ', ', ',', ' , ')).join(inner)}{draw.choice(('', '', '', ' ', ','))}{closing}"


def _tail(draw: random.Random) -> str:
    return draw.choice((" # said", "  ", " #", "#")) if not draw.randrange(15) else ""


def damaged(text: str, draw: random.Random) -> str:
    """The text with a slip or two: of a character, a line, an indentation, a value."""
    for _ in range(draw.randint(1, 2)):
        text = draw.choice(_SLIPS)(text, draw)
    return text


def _letter(text: str, draw: random.Random) -> str:
    at = draw.randint(0, len(text))
    return text[:at] + draw.choice(("", draw.choice(_LETTERS))) + text[at + draw.randrange(2) :]


def _twice(text: str, draw: random.Random) -> str:
    at = draw.randint(0, len(text))
    return text[: at + draw.randrange(30)] + text[at:]


def _line(text: str, draw: random.Random) -> str:
    lines = text.split("\n")
    at, to = draw.randrange(len(lines)), draw.randrange(len(lines))
    one = lines[at] if draw.randrange(2) else lines.pop(at)
    lines.insert(to, one)
    return "\n".join(lines)


def _indent(text: str, draw: random.Random) -> str:
    lines = text.split("\n")
    at = draw.randrange(len(lines))
    for number in range(at, min(len(lines), at + draw.choice((1, 1, 2, 5)))):
        line = lines[number]
        lines[number] = f" {line}" if draw.randrange(2) else line.removeprefix(" ")
    return "\n".join(lines)


def _value(text: str, draw: random.Random) -> str:
    lines = text.split("\n")
    at = draw.randrange(len(lines))
    start, mark, _ = lines[at].partition(draw.choice((": ", "- ")))
    lines[at] = start + mark + draw.choice(_ODD)
    return "\n".join(lines)


def _breaks(text: str, draw: random.Random) -> str:
    return text.replace("\n", draw.choice(("\r\n", "\r", "\n\n", "\n \n")), draw.choice((1, -1)))


_SLIPS = (_letter, _letter, _twice, _line, _indent, _indent, _value, _value, _breaks)

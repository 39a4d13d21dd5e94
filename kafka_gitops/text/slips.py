"""The commonest slips in YAML: what the parser stumbled over, in words that say what to write."""

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import yaml

_CLOSES = {"[": "]", "{": "}"}
_KEY = re.compile(r"\s*(?:- +)*(?P<key>[^\s:'\"{}\[\],#][^:'\"{}\[\],#]*):(?P<gap> *)(?P<value>.*)")
_ODD = re.compile("(mapping keys|sequence entries) are not allowed|scanning a block scalar")
_DASH = re.compile(r"\s*(?P<dash>-)(?P<rest>[A-Za-z][\w.]*:( .*|$))")
_CONFLICT = re.compile(r"^<{7} ", re.MULTILINE)
_VALUE = re.compile(r"[^\s,:\[\]{}]*\$(\{)[^\s,\[\]{}]*\}[^\s,\[\]{}]*")  # `${values.x}` with what is around it
_LONGEST = 200  # characters of such a text before its brace
_NAMES = {"[": "bracket", "{": "brace"}


class Slip(NamedTuple):
    """Where it is (line and column from 0), what was found and what to write."""

    line: int
    column: int
    said: str
    help: str


def slip(text: str, failure: "yaml.MarkedYAMLError") -> Slip | None:
    """What somebody most likely did; None where that cannot be told."""
    mark, began = failure.problem_mark or failure.context_mark, failure.context_mark
    lines = text.split("\n")
    if (conflict := _CONFLICT.search(text)) is not None:
        at = text.count("\n", 0, conflict.start())
        help = "choose what is to stay, and delete the lines with <<<<<<<, ======= and >>>>>>>"
        return Slip(at, 0, "git's marks of a merge conflict are still in this file", help)
    said, context = failure.problem or "", failure.context or ""
    if mark is None or mark.line >= len(lines):
        mark = began
    if mark is None or mark.line >= len(lines) or "nesting depth" in said:  # whose brackets may all be closed
        return None
    line = lines[mark.line]
    if "alias" in context or "anchor" in context:
        return _star(lines, began or mark)
    tab = line.find("\t")
    if tab >= 0 and not line[:tab].strip() and ("tab" in said or "cannot start any token" in said):
        return Slip(mark.line, tab, "a tab character where YAML allows only blanks", "indent with spaces")
    if "cannot start any token" in said and line[mark.column : mark.column + 1] in "@`%":
        what = _rest(line[mark.column :])
        said = f'no plain text begins with "{line[mark.column]}"'
        return Slip(mark.line, mark.column, said, f"write it in quotes: {_quoted(what)}")
    found = _quotes(text, mark)
    if found is not None:
        return found
    if "mapping values are not allowed" in said:
        return _colon(lines, mark)
    if began is not None and "flow" in context:
        return _open(lines, began, mark)
    if _ODD.search(f"{said} {context}"):
        column = mark.column - ("block scalar" in context)
        what = _rest(line[column:])
        return Slip(
            mark.line, column, f'no plain text begins with "{what[:1]}"', f"write it in quotes: {_quoted(what)}"
        )
    if began is not None and ("expected key" in said or "'-' indicator" in said or "<block end>" in said):
        return _indent(lines, began, mark)
    return None


def without_blank(text: str) -> str | None:
    """`key: value` for a plain text such as `key:value`; None for any other, such as a principal or an address."""
    found = re.fullmatch(r"([a-z][A-Za-z0-9._-]*):([^\s:/].*)", text)
    return f"{found[1]}: {found[2]}" if found else None


def _star(lines: list[str], mark: Any) -> Slip:
    rest = lines[mark.line][mark.column :]
    found = re.match(r"[*&][^\s,\]}]*", rest)
    token = found[0] if found else rest[:1]
    what = "an alias" if token.startswith("*") else "an anchor"
    said = f"{token} without quotes is read as the name of {what}"
    return Slip(mark.line, mark.column, said, f"write {_quoted(token)} in quotes")


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text or "\\" in text else f'"{text}"'


def _rest(text: str) -> str:
    return re.split(r" #|[,\]}]", text, maxsplit=1)[0].strip()


def _quotes(text: str, mark: Any) -> Slip | None:
    """A text in quotes right before the place: its end is probably the beginning of another, or stands within."""
    import yaml

    last = None
    try:
        for token in yaml.scan(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if token.start_mark.index >= mark.index:
                break
            if type(token) is yaml.ScalarToken and not token.plain:
                last = token
    except yaml.YAMLError:
        pass
    if last is None or last.end_mark.line != mark.line or last.end_mark.column > mark.column:
        return None
    start, end = last.start_mark, last.end_mark
    lines = text.split("\n")
    if start.line < end.line:
        said = (
            f"the text in quotes that begins in line {start.line + 1} ends in line {end.line + 1}: is a quote missing?"
        )
        return Slip(start.line, start.column, said, f"close it in line {start.line + 1}")
    between = lines[mark.line][end.column : mark.column]
    if between.strip():
        return None
    quote = lines[start.line][start.column]
    said = "there is more text behind the closing quote"
    help = "write '' for a quote within, or put the text in \"...\"" if quote == "'" else "put all of it in quotes"
    return Slip(end.line, end.column, said, help)


def _colon(lines: list[str], mark: Any) -> Slip | None:
    line = lines[mark.line]
    above = next((number for number in range(mark.line - 1, -1, -1) if lines[number].strip()), None)
    here = _KEY.match(line)
    if here and here["gap"] and mark.column > here.end("key"):
        value = here["value"].split(" #", maxsplit=1)[0].strip() if here["value"][:1] not in "\"'" else ""
        if value:
            return Slip(mark.line, mark.column, 'a second ":" in this line', f"write {here['key']}: {_quoted(value)}")
    if above is None:
        return None
    if entry := _DASH.match(lines[above]):
        help = f"write - {_rest(entry['rest'])}"
        return Slip(above, entry.start("dash"), 'there is no blank behind this "-"', help)
    before = _KEY.match(lines[above])
    if before and not before["gap"] and (right := without_blank(lines[above].strip().removeprefix("- "))):
        column = before.end("key")
        return Slip(above, column, 'there is no blank behind this ":"', f"write {right}")
    indent, upper = _indent_of(line), before.start("key") if before else 0
    if before and before["value"] and indent > upper:
        said = f"this line begins in column {indent + 1}, behind the one above, and that has a value already"
        return Slip(mark.line, indent, said, f"begin it in column {upper + 1}")
    return None


def _open(lines: list[str], began: Any, mark: Any) -> Slip | None:
    opened = lines[began.line][began.column : began.column + 1]
    if opened not in _CLOSES:
        return None
    if (value := _VALUE.search(lines[mark.line], max(0, mark.column - _LONGEST))) and value.start(1) == mark.column:
        help = f"write it in quotes: {_quoted(value[0])}"
        return Slip(mark.line, value.start(), 'a text within brackets may have a "{" only in quotes', help)
    where = f"line {mark.line + 1}, column {mark.column + 1}"
    said = f"this {_NAMES[opened]} is not closed: {where} goes on"
    return Slip(began.line, began.column, said, f'write "{_CLOSES[opened]}" where it ends, or "," between entries')


def _indent(lines: list[str], began: Any, mark: Any) -> Slip:
    """A line of a mapping or a list that begins in another column than the first one."""
    what = "list" if lines[began.line][began.column : began.column + 2] in ("- ", "-") else "mapping"
    here, there = mark.column + 1, began.column + 1
    if here == there:
        said = f"this does not belong to the {what} that begins in line {began.line + 1}"
        entry = lines[mark.line][mark.column : mark.column + 2] == "- "
        help = "a key stands here, not an entry" if entry else 'each entry begins with "- "'
        return Slip(mark.line, mark.column, said, f"{help}: check the indentation")
    said = f"this line begins in column {here}, the {what} that it belongs to in column {there} (line {began.line + 1})"
    return Slip(mark.line, mark.column, said, "check the indentation of this line and the ones above")


def _indent_of(line: str) -> int:
    return len(line) - len(line.lstrip())

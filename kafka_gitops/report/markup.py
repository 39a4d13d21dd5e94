"""Text that strangers chose, put into Markdown and XML so that it stays text."""

import re
from collections.abc import Callable
from urllib.parse import quote

from kafka_gitops.changes import Origin
from kafka_gitops.report.findings import clipped, inert, one_line
from kafka_gitops.settings import plain_path

Link = Callable[[str, int], str | None]  # from the path and the line of a file to an address that shows it
_LINKS = (("@", "@\u200b"), ("://", ":\u200b//"), ("www.", "www\u200b."), ("&", "&amp;"))
_MARKER = re.compile(r"(<!|kafka-gitops)(--|:(?=\S))")  # how a comment of ours says whose it is: ci.sticky
_NO_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # the rest of XML 1.0's Char
_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def code(raw: str) -> str:
    """Text as inline code of Markdown that nothing in it can end or turn into markup."""
    raw = _MARKER.sub(r"\1 \2", _line(raw)) or " "
    fence = "`" * (max(map(len, re.findall("`+", raw)), default=0) + 1)
    pad = " " if raw.startswith("`") or raw.endswith("`") else ""
    return f"{fence}{pad}{raw}{pad}{fence}"


def cell(raw: str) -> str:
    """Inline code for a table cell, where a bar would end it and a backslash would free the bar again."""
    if "\\" not in raw:
        return code(raw).replace("|", "\\|")
    return html_code(raw)


def html_code(raw: str) -> str:
    """Text as inline code of HTML, for where Markdown is not read."""
    kept = "".join(char if char.isalnum() or char in " /." else f"&#{ord(char)};" for char in _line(raw))
    return f"<code>{kept}</code>"


def text(raw: str) -> str:
    """Text without any markup: Markdown, HTML, mentions, links."""
    escaped = "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+-!|~" else char for char in _line(raw))
    for found, instead in _LINKS:
        escaped = escaped.replace(found, instead)
    return escaped


def place(origin: Origin | None, link: Link | None) -> str:
    """`path:line` for a table cell, a link where there is an address; nothing without an origin."""
    if origin is None:
        return ""
    shown = cell(clipped(f"{plain_path(origin.path)}:{origin.line}", 200))
    address = link(origin.path, origin.line) if link is not None else None
    return f"[{shown}]({address})" if address else shown


def lines_at(pattern: str) -> Link:
    """The addresses of a host of repositories: `https://host/a/b/blob/COMMIT/{path}#L{line}`."""

    def link(path: str, line: int) -> str | None:
        inside = 0 < len(path) <= 300 and not path.startswith(("/", "<")) and ".." not in path.split("/")
        known = quote(plain_path(path).removeprefix("./"), errors="replace")
        return pattern.replace("{line}", str(line)).replace("{path}", known) if inside and path != "-" else None

    return link


def xml(raw: str) -> str:
    """Text for an XML 1.0 attribute or element: control characters as escapes, no character that XML forbids."""
    kept = re.sub(_NO_XML, "", inert(raw))
    return "".join(_XML.get(char, char) for char in kept)


def _line(raw: str) -> str:
    return inert(one_line(raw))

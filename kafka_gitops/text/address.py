"""Where a place of a file stands in what the file says: `/projects/pay/topics/orders/config/retention.ms`.

A line number changes with every edit above it; this changes only when the entry itself is renamed or moved.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping

from kafka_gitops.diagnostics import Span
from kafka_gitops.text.source import Node, Source

# The keys that name an entry of a list, the first ones found; a quota is of a user and a client id together
IDENTITY = (
    ("name",), ("principal",), ("topic",), ("subject",), ("quota",), ("schema",), ("connector",),
    ("user", "client_id", "ip"),
)  # fmt: skip
_NAMING = {key for keys in IDENTITY for key in keys}
_LONGEST = 100  # characters of a step: a name has at most 249, a scalar in a list may be anything

Places = tuple[list[tuple[int, int]], list[str]]


def finder(sources: Mapping[str, Source]) -> Callable[[Span], str]:
    """A function from a place to its address; `/` where nothing of the file could be read.

    An entry of a list goes by what names it (`IDENTITY`), a text in a list by itself, any other by its number. `~` and
    `/` within a name are written `~0` and `~1` as in a JSON pointer (RFC 6901). A file is indexed when first asked for.
    """
    known: dict[str, Places] = {}

    def find(span: Span) -> str:
        if span.path not in known:
            source = sources.get(span.path)
            known[span.path] = _index(source.written if source is not None else None)
        starts, addresses = known[span.path]
        before = bisect_right(starts, (span.line, span.column)) - 1
        return addresses[before] if before >= 0 else "/"

    return find


def _index(root: Node | None) -> Places:
    """Where each key and value of a tree begins, sorted, and the address of each."""
    # of two that begin at one place (a map and its first key) the later, inner one counts
    places = dict(_walk(root)) if root is not None else {}
    starts = sorted(places)
    return starts, [places[start] for start in starts]


def _walk(root: Node) -> Iterator[tuple[tuple[int, int], str]]:
    """The places of every key and value, outer ones first; what an alias or a merge repeats is not walked again."""
    seen: set[int] = set()
    waiting = [(root, "", False)]
    while waiting:
        node, address, keyed = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if keyed:
            yield node.key_start, address or "/"
            if node.start < node.key_start:  # the value of an alias stands where its anchor is
                continue
        yield node.start, address or "/"
        if node.children is None:
            continue
        named = _identity(node)
        inner = [(child, address if child in named else f"{address}/{_step(key)}") for key, child in node.map.items()]
        inner += [(item, f"{address}/{_entry(item, number)}") for number, item in enumerate(node.items)]
        waiting.extend((child, below, node.is_map) for child, below in reversed(inner))


def _identity(node: Node) -> list[Node]:
    """The children that name a map, where they are texts."""
    for keys in () if _NAMING.isdisjoint(node.map) else IDENTITY:
        found = [node.map[key] for key in keys if key in node.map]
        if found:
            return [one for one in found if one.raw]
    return []


def _entry(item: Node, number: int) -> str:
    named = [item] if item.raw else _identity(item)
    return _step(" ".join(one.raw for one in named if one.raw)) if named else str(number)


def _step(name: str) -> str:
    return name[:_LONGEST].replace("~", "~0").replace("/", "~1")

"""What is wrong with a node, in our own words, and what was probably meant."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import islice

from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.text.source import Node

_MOST_KNOWN = 200  # names that one is compared with


def near(name: str, known: Collection[str], alike: float = 0.75) -> str | None:
    """The known name that was probably meant, if one is close (case does not count); of very many some are asked."""
    return _near(name, tuple(islice(known, _MOST_KNOWN)), alike)


@lru_cache(maxsize=1_000)
def _near(name: str, known: tuple[str, ...], alike: float) -> str | None:
    from difflib import get_close_matches  # most files have no slip

    folded = {word.lower(): word for word in known}
    match = get_close_matches(name.lower(), folded, 1, alike)
    return folded[match[0]] if match else None


def few(names: Collection[str]) -> str:
    """The names, sorted, or how many there are."""
    return ", ".join(sorted(names)) or "(none)" if len(names) <= 50 else f"{len(names):,} names"


def unknown(node: Node, name: str, known: Collection[str], *, of: str, hint: str | None = None) -> Diagnostic:
    """The `unknown-key` for the node that stands under `name` in `of` ("a topic")."""
    meant = near(name, known)
    parts = [hint] if hint else [f'did you mean "{meant}"?'] if meant else []
    parts.append(f"known keys: {', '.join(sorted(known))}")
    return Diagnostic(node.key_span, "unknown-key", Severity.error, f'{of} has no key "{name}"', "; ".join(parts))


def shown(raw: str) -> str:
    """A value in a message: of a certificate or a key not even the beginning."""
    return "PEM text" if "-----BEGIN" in raw else raw


def wrong(node: Node, expected: str, help: str | None = None) -> Diagnostic:
    """The `wrong-type` for a node: what was found, what was expected."""
    found = node.what
    if node.raw and found != "nothing":
        text = shown(node.raw)
        found = f'{found}, "{text if len(text) < 40 else text[:37] + "..."}"'
    return Diagnostic(node.head, "wrong-type", Severity.error, f"found {found}, expected {expected}", help)


def missing(node: Node, name: str, *, of: str, help: str | None = None) -> Diagnostic:
    """The `missing-key` for a mapping without a key it needs."""
    return Diagnostic(node.head, "missing-key", Severity.error, f'{of} needs the key "{name}"', help)


class Found(list[Diagnostic]):
    """What was found, each once: what an alias stands for is looked at wherever it stands, and found where it is."""

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        super().__init__()
        self._once: set[Diagnostic] = set()
        self._looked: set[tuple[int, int]] = set()
        self.extend(found)

    def append(self, one: Diagnostic) -> None:
        """Add a finding that is not there yet."""
        if one not in self._once:
            self._once.add(one)
            super().append(one)

    def extend(self, more: Iterable[Diagnostic]) -> None:
        """Add those that are not there yet."""
        for one in more:
            self.append(one)

    def next_file(self) -> None:
        """Forget what was looked at: another file's node may get the same id."""
        self._looked.clear()

    def again(self, node: Node, shape: object) -> bool:
        """Whether what an anchor names was looked at with this shape before."""
        key = id(node.children), id(shape)
        was_there = key in self._looked
        self._looked.add(key)
        return was_there

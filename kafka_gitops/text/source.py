"""A file's text to a Source: what cannot be YAML is told, the rest becomes a tree of nodes with places."""

import re
from collections import deque
from collections.abc import Iterable, Mapping

from kafka_gitops.diagnostics import Diagnostic, Span
from kafka_gitops.settings import Value
from kafka_gitops.text import characters, quick
from kafka_gitops.text.node import Node
from kafka_gitops.text.syntax import error
from kafka_gitops.text.values import MARK, Used, fill

__all__ = ["Node", "Source", "parse", "span_at"]

MAX_TAGS = 100
MOST_TREES = 100  # that are kept of files that are parsed when somebody asks


class Source:
    """One file: its text, the root node (None where nothing could be read) and what is wrong with it.

    It is parsed when somebody asks. Only the trees of the files that were asked last are kept, so that there may be
    many files; nodes that somebody holds stay as they are.
    """

    __slots__ = ("_problems", "_readable", "_root", "_used", "_waits", "path", "text", "values")

    def __init__(self, path: str, text: str, root: Node | None, problems: Iterable[Diagnostic]) -> None:
        self.path = path
        self.text = text
        self._root = root
        self._waits = False  # whether the tree is not made (again) yet
        self._readable: bool | None = root is not None  # None as long as nobody knows
        self._problems: tuple[Diagnostic, ...] | None = tuple(problems)  # the same
        self.values: Mapping[str, Value] | None = None  # that are replaced in its tree; None: nobody looks for any
        self._used: Used = {}

    @classmethod
    def unread(cls, path: str, text: str, *, readable: bool | None = None) -> "Source":
        """A file that is parsed when somebody asks; `readable` is what somebody knows who has parsed the same text."""
        source = cls(path, text, None, ())
        source._waits, source._readable, source._problems = readable is not False, readable, None
        return source

    @property
    def root(self) -> Node | None:
        """The root node, parsed now where it was not or is no more there."""
        if self._waits:
            self._parse()
        return self._root

    @property
    def written(self) -> Node | None:
        """The root node as the file is written, without values: the same for every environment."""
        return self.root if self.values is None else parse(self.path, self.text).root

    def parse(self) -> None:
        """Parse it now, where it was not."""
        if self._readable is None:
            self._parse()

    def filled(self, values: Mapping[str, Value]) -> "Source":
        """The same file with these values in place of `${values.NAME}`; itself where that makes no difference."""
        if MARK not in self.text or self.values == values:
            return self
        source = Source.unread(self.path, self.text, readable=self._readable)
        source.values = values
        return source

    @property
    def used(self) -> Used:
        """Which values are in which scalars."""
        return self._used if self.root is not None else {}

    @property
    def readable(self) -> bool:
        """Whether there is a root."""
        if self._readable is None:
            self._parse()
        return bool(self._readable)

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """What is wrong with it as a text."""
        if self._problems is None:
            self._parse()
        return self._problems or ()

    def known(self, *, readable: bool) -> None:
        """Take from somebody who has parsed the same text whether there is a root; until somebody asks it is let go."""
        self._waits, self._readable, self._root, self._problems = readable, readable, None, None

    def let_go(self) -> None:
        """Forget the tree."""
        self._waits, self._root = self._waits or self._root is not None, None

    def called(self, path: str) -> "Source":
        """The same file as somebody else names it; the places in its tree stay."""
        copy = Source(path, self.text, self._root, ())
        copy._waits, copy._readable, copy._problems = self._waits, self._readable, self._problems
        copy.values, copy._used = self.values, self._used
        return copy

    def _parse(self) -> None:
        found = parse(self.path, self.text)
        self._root, self._problems, self._waits, self._readable = found._root, found._problems, False, found._readable
        if self.values is not None and self._root is not None:
            self._used, problems = fill(self._root, self.text, self.values)
            self._problems = (*found.problems, *problems)
        _TREES.append(self)
        if len(_TREES) > MOST_TREES:
            _TREES.popleft().let_go()


_TREES: deque[Source] = deque()  # those that were parsed when somebody asked, the last ones


def parse(path: str, text: str, *, pure: bool = False) -> Source:
    """Read YAML (or JSON, which is YAML) text into a Source; never raises for bad input.

    `pure` forces the parser written in Python, which is also used where libyaml is not built in.
    """
    is_json = path.endswith(".json") or text[:100].lstrip()[:1] in ("{", "[")
    if not pure and not is_json and (root := quick.read(path, text)) is not None:
        return Source(path, text, root, ())
    problems: list[Diagnostic] = []
    bad = _UNPRINTABLE.search(text)
    if bad:
        said = f"the control character U+{ord(bad.group()):04X} is not allowed in YAML"
        problems.append(
            error(span_at(path, text, bad.start()), "yaml-syntax", said, "delete it, or write it as an escape")
        )
        return Source(path, text, None, tuple(problems))
    for index, said, help in characters.hiding(text):
        problems.append(error(span_at(path, text, index), "hidden-text", said, help))
    if text.count("%TAG") > MAX_TAGS:  # libyaml compares each with all before it
        said = f"more than {MAX_TAGS} %TAG, which mean nothing here"
        problems.append(error(span_at(path, text, text.index("%TAG")), "yaml-syntax", said, "delete them"))
    if problems:  # what follows is not where it seems to be: nothing is read
        return Source(path, text, None, tuple(problems))
    if is_json:
        text = _json_as_yaml(text)
    from kafka_gitops.text import events  # PyYAML, which most runs do without

    pure = pure or not events.WITH_LIBYAML
    if pure and (lone := _LONE.search(text)):  # libyaml refuses them itself
        said = f"{lone.group()} is not a character: half of a pair, or beyond Unicode"
        problems.append(error(span_at(path, text, lone.start()), "yaml-syntax", said, "write the character itself"))
        return Source(path, text, None, tuple(problems))
    root = events.build(path, text, problems, pure=pure)
    return Source(path, text, root, tuple(problems))


def span_at(path: str, text: str, index: int, length: int = 1) -> Span:
    """The place of `length` characters at an index of a text."""
    line = text.count("\n", 0, index) + 1
    column = index - (text.rfind("\n", 0, index) + 1) + 1
    return Span(path, line, column, line, column + length)


def _json_as_yaml(text: str) -> str:
    """JSON that every YAML 1.1 parser reads: no tabs between tokens, no surrogate pairs in escapes."""
    text = text.replace("\t", " ")
    return _SURROGATES.sub(
        lambda pair: chr(0x10000 + ((int(pair[1], 16) & 0x3FF) << 10) + (int(pair[2], 16) & 0x3FF)), text
    )


_SURROGATES = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_LONE = re.compile(r"\\(?:u[dD][89a-fA-F]|U0000[dD][89a-fA-F]|U(?!000|0010))[0-9a-fA-F]*")
# all but what YAML 1.1 calls printable; a class of what is allowed takes 4 ms to compile
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

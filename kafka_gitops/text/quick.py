"""The usual lines of block YAML to the tree that the parser's events make of them, several times as fast.

At anything unusual it gives up, and the events are the truth: what is wrong with a file is never said here. A test
holds both equal over thousands of texts.
"""

from kafka_gitops.text.line import NOTHING, Brackets, Line, More, line
from kafka_gitops.text.node import Children, Node, Place

_DEEPEST = 50  # open maps and lists: the events read, and bound, twice as many


def read(path: str, text: str) -> Node | None:
    """The root of the tree of a text without problems; None where the events have to say what it is."""
    if "%TAG" in text:  # of which a text may have only some
        return None
    lines = text.split("\r\n" if "\r\n" in text else "\n")  # where both are there, or a lone "\r", no line is usual
    first = next((at for at, one in enumerate(lines) if line(one) is not NOTHING), 0)
    if lines[first] == "---":
        lines[first] = ""
    return _Reader(path).read(lines)


class _Reader:
    """What is open while the lines of a file are read: maps and lists, and what has no value yet."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Node | None = None
        # the open maps and lists, each with its depth: twice its column, and 1 more for a list, which may stand below
        # its key
        self.stack: list[tuple[int, Children, Node]] = []
        self.map: dict[str, Node] = {}  # the map of the last key
        # the line, the name and the place of a key without a value yet; an entry of a list has no name and no place
        self.waits: tuple[int, str, Place | None] | None = None

    def read(self, lines: list[str]) -> Node | None:
        """The root. Most of the time goes to scalars of the innermost map, so these make no call but that of Node."""
        path, into, column = self.path, self.map, -1  # the innermost map, and where a further key of it begins
        if not lines[-1]:
            lines.pop()
        elif line(lines[-1]) is NOTHING:  # libyaml ends what is deeper than its last character there
            return None
        for number, said in enumerate(map(line, lines), 1):
            if said is None:
                return None
            own, name, key, place, raw, plain, more = said
            if own != column:
                if more is None:
                    continue
                if not self._turn(number, said, more):
                    return None
                into, column = self.map, (own or more.column) if name else -1
                if not name:
                    continue
            if name in into:
                return None
            if raw is not None:
                into[name] = Node(path, number, place, raw, plain, None, key)
            elif more is not None and more.brackets is not None:
                into[name] = self._inner(number, more.brackets, place, key)
            else:
                self.waits, column = (number, name, key), -1
        self._close(0, len(lines) + 1, 1)
        return self.root

    def _turn(self, number: int, said: Line, more: More) -> bool:
        """Leave and open maps and lists for a line that is not just one more key; False where its column fits none."""
        own, name, _, place, raw, plain, _ = said
        dashes, column, brackets = more
        first = dashes[0] if dashes else own
        self._close(2 * first + bool(dashes), number, first)
        for dash in dashes:
            if not self._open(number, dash, []):
                return False
            self.waits = number, "", None
        if name:
            return self._open(number, own or column, {})
        if brackets is None:
            self._put("", Node(self.path, number, place, raw, plain, None))
        else:
            self._put("", self._inner(number, brackets, place))
        self.waits = None
        return True

    def _close(self, depth: int, number: int, column: int) -> None:
        """End what is deeper, at a place."""
        stack = self.stack
        if stack and stack[-1][0] > depth:
            self._end_key()
        while stack and stack[-1][0] > depth:
            _, _, node = stack.pop()
            line, begin, _, _ = node._place
            node._place = line, begin, number - node._line, column

    def _end_key(self) -> None:
        """A key that still waits has nothing as its value, right behind its colon."""
        if self.waits is not None:
            line, name, key = self.waits
            behind = key[3] + 1 if key is not None else 0
            self._put(name, Node(self.path, line, (0, behind, 0, behind), "", True, None, key))
            self.waits = None

    def _open(self, number: int, column: int, children: Children) -> bool:
        """Begin a map or a list as what waits for its value, or go on with the one that is open at this column."""
        stack, waits = self.stack, self.waits
        depth = 2 * column + (type(children) is list)
        if stack and stack[-1][0] == depth:
            self._end_key()
            children = stack[-1][1]
        elif (waits is None and self.root is not None) or len(stack) > _DEEPEST:
            return False
        else:
            line, name, key = waits or (number, "", None)
            node = Node(self.path, line, (number - line, column, 0, 0), None, False, children, key)
            self._put(name, node)
            self.waits = None
            stack.append((depth, children, node))
        if type(children) is dict:
            self.map = children
        return True

    def _put(self, name: str, node: Node) -> None:
        """Give what waits its value."""
        into = self.stack[-1][1] if self.stack else None
        if type(into) is dict:
            into[name] = node
        elif type(into) is list:
            into.append(node)
        else:
            self.root = node

    def _inner(self, number: int, brackets: Brackets, place: Place, key: Place | None = None) -> Node:
        """The list or map that is in brackets on a line."""
        path, listed, entries = self.path, brackets.listed, brackets.entries
        nodes = [
            Node(path, number, at, raw, plain, None, named) if below is None else self._inner(number, below, at, named)
            for _, named, at, raw, plain, below in entries
        ]
        children: Children = nodes if listed else dict(zip((entry[0] for entry in entries), nodes, strict=True))
        return Node(path, number, place, None, False, children, key)

"""How much a few lines may stand for: what is multiplied is counted before it is made."""

MOST_OF_ONE, MOST = 10_000, 100_000  # bindings of one item of acls; of all items and entries that are multiplied
FREE = 8  # bindings that an entry may have without being one that is multiplied: its role's own
MOST_TEMPLATES = 1_000  # different templates of a roles file
MOST_PLANNED = 1_000_000  # configs that plans give to topics
MOST_SUGGESTED = 1_000  # findings up to which it is asked what an unknown name may be
MOST_SEGMENTS = 50  # top-level keys that make names
MOST_NAME = 500  # characters of a topic's name before it is made; Kafka takes 249


class Bindings:
    """The bindings that are multiplied so far, and the entries met: an alias brings one a second time."""

    def __init__(self, multiplied: int = 0, most: int = 0, *, full: bool = False) -> None:
        self.multiplied = multiplied
        self.most = most  # the highest number that was compared with MOST
        self.full = full  # whether an entry of a role was left out: so are those after it
        self._met: set[int] = set()

    def fits(self, count: int, node: object) -> bool:
        """Whether an entry of a role may have `count` bindings. What is written once and is no product always may."""
        if self.full:
            return False
        first = id(node) not in self._met
        self._met.add(id(node))
        if first and count <= FREE:
            return True
        self.full = not self.takes(count)
        return not self.full

    def takes(self, count: int) -> bool:
        """Whether there is room for `count` more, which are then counted."""
        number = self.multiplied + count
        self.most = max(self.most, number)
        if number <= MOST:
            self.multiplied = number
        return number <= MOST

    def next_file(self) -> None:
        """Forget the entries met: an alias is of its file, and another file's entry may get the same id."""
        self._met.clear()

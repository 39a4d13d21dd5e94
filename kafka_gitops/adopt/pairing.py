"""Which names of several environments are one: those that differ in the same part, which is the environment's own."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Literal, NamedTuple, TypeAlias

Form: TypeAlias = Literal["part", "prefix", "suffix", "whole"]
Names: TypeAlias = Sequence[frozenset[str]]  # of each environment
_HOLE = "\ue000"  # a private character: no name has it
_WORD, _SEGMENT = re.compile(r"[A-Za-z0-9]+"), re.compile(r"[^./]+")
_FIRST, _LAST = re.compile(r"[A-Za-z0-9]+[._-](?=.)"), re.compile(r"(?<=.)[._-][A-Za-z0-9]+$")
_MOST_PARTS = 20
_MOST_TEMPLATES = 64  # of one name, which may have the part at several places
_TYPE = "User:"


class Part(NamedTuple):
    """What is in names instead of each other, by environment: a word, a beginning or an end, or a whole name."""

    form: Form
    texts: tuple[str, ...]


class Pairs(NamedTuple):
    """The parts, and the names that are one: by their template what they are called in each environment."""

    parts: tuple[Part, ...]
    names: dict[str, tuple[str, ...]]

    def template(self, at: int) -> dict[str, str]:
        """The template of each name of an environment that has one."""
        return {names[at]: template for template, names in self.names.items()}


def mark(part: int) -> str:
    """What stands in a template for a part."""
    return chr(ord(_HOLE) + 1 + part)


def marks(template: str) -> Iterator[int]:
    """The parts in a template."""
    return (ord(char) - ord(_HOLE) - 1 for char in template if _HOLE < char <= mark(_MOST_PARTS * 50))


def paired(names: Names, environments: Sequence[str]) -> Pairs:
    """The names that are one, by the words that differ between environments in many names alike."""
    parts: list[Part] = []
    found = _match(names, parts)
    while len(parts) < _MOST_PARTS:
        left = _rest(names, found)
        best = _best(left, environments, parts)
        if best is None:
            break
        parts.append(best)
        found = _match(names, parts)
    for texts in (tuple(environments), tuple(one.upper() for one in environments)):  # within words, and in few names
        more = [*parts, Part("part", texts)]
        if more[-1] not in parts and len(wider := _match(names, more)) > len(found):
            parts, found = more, wider
    return Pairs(tuple(parts), found)


def also(pairs: Pairs, names: Names, parts: Iterable[Part]) -> Pairs:
    """The same with more parts."""
    every = [*pairs.parts, *parts]
    return Pairs(tuple(every), _match(names, every))


def rest(names: Names, pairs: Pairs) -> list[set[str]]:
    """The names of each environment that are those of no other."""
    return _rest(names, pairs.names)


def _rest(names: Names, found: dict[str, tuple[str, ...]]) -> list[set[str]]:
    return [set(one) - {each[at] for each in found.values()} for at, one in enumerate(names)]


def _best(left: Sequence[set[str]], environments: Sequence[str], known: Sequence[Part]) -> Part | None:
    """The part that makes most of the names one; a few names alone only where it looks like the environments."""
    votes = _votes(left)
    few = min(map(len, left))

    def rank(part: Part) -> tuple[int, bool, bool, Part]:
        return votes[part], _alike(part, environments), all(part.texts), part

    for part in sorted(votes, key=rank, reverse=True):
        many = votes[part] > 2 and 2 * votes[part] >= few
        if part not in known and (many or 1 < votes[part] == few or _alike(part, environments)):
            return part
    return None


def _alike(part: Part, environments: Sequence[str]) -> bool:
    """Whether the texts look like the names of the environments: `prod` or `p` for production, or nothing for one."""
    words = [text.strip("._-").lower() for text in part.texts]
    if words.count("") > 1:
        return False
    pairs = zip(words, (one.lower() for one in environments), strict=True)
    return all(name.startswith(word) or name in word for word, name in pairs)


def _votes(left: Sequence[set[str]]) -> Counter[Part]:
    """How many names each part would make one: those with something else at one place, and all else the same."""
    seen: list[dict[tuple[Form, str], set[str]]] = []
    for names in left:
        own: dict[tuple[Form, str], set[str]] = {}
        for name in names:
            for form, pattern, text in _holes(name):
                own.setdefault((form, pattern), set()).add(text)
        seen.append(own)
    votes: Counter[Part] = Counter()
    for key in seen[0] if seen else ():
        found = [own.get(key, set()) for own in seen]
        if all(len(one) == 1 for one in found):
            texts = tuple(next(iter(one)) for one in found)
            if len(set(texts)) > 1 and (key[0] == "part" or "" in texts):
                votes[Part(key[0], texts)] += 1
    return votes


def _holes(name: str) -> Iterator[tuple[Form, str, str]]:
    """A name with a hole for each of its words and segments, and for nothing at its beginning and end."""
    head = _TYPE if name.startswith(_TYPE) else ""
    body = name[len(head) :]
    for form in (_WORD, _SEGMENT):
        for one in form.finditer(body):
            pattern = f"{body[: one.start()]}{_HOLE}{body[one.end() :]}"
            if _WORD.search(pattern):
                yield "part", head + pattern, one[0]
    for word, times in Counter(_WORD.findall(body)).items():
        if times > 1 and _WORD.search(pattern := re.sub(rf"(?<![A-Za-z0-9]){word}(?![A-Za-z0-9])", _HOLE, body)):
            yield "part", head + pattern, word
    yield "prefix", f"{head}{_HOLE}{body}", ""
    yield "suffix", f"{head}{body}{_HOLE}", ""
    if (first := _FIRST.match(body)) is not None:
        yield "prefix", f"{head}{_HOLE}{body[first.end() :]}", first[0]
    if (last := _LAST.search(body)) is not None:
        yield "suffix", f"{head}{body[: last.start()]}{_HOLE}", last[0]


def _match(names: Names, parts: Sequence[Part]) -> dict[str, tuple[str, ...]]:
    """The names that are one: the same in all environments, else by the parts."""
    found = {name: (name,) * len(names) for name in frozenset.intersection(*names)} if names else {}
    used = [set(found) for _ in names]
    for name in sorted(names[0] - used[0]) if names else ():
        for template in templates(name, 0, parts):
            real = tuple(realized(template, at, parts) for at in range(len(names)))
            if all(one in names[at] and one not in used[at] for at, one in enumerate(real)):
                found[template] = real
                for at, one in enumerate(real):
                    used[at].add(one)
                break
    return found


def realized(template: str, at: int, parts: Sequence[Part]) -> str:
    """What a template is called in an environment."""
    for number in set(marks(template)):
        template = template.replace(mark(number), parts[number].texts[at])
    return template


def templates(name: str, at: int, parts: Sequence[Part]) -> list[str]:
    """What a name of an environment may be: with some of the parts at some of the places where they stand."""
    found = {name: None}
    for loose in (False, True):  # words first, then what only is in a word
        for number, part in enumerate(parts):
            for known in list(found):
                for one in _with(known, part, at, mark(number), loose=loose):
                    if len(found) < _MOST_TEMPLATES:
                        found.setdefault(one)
    return sorted((one for one in found if one != name), key=lambda one: -sum(1 for _ in marks(one)))


def _with(name: str, part: Part, at: int, sign: str, *, loose: bool) -> Iterator[str]:
    head = _TYPE if name.startswith(_TYPE) else ""
    body, text = name[len(head) :], part.texts[at]
    if part.form == "whole":
        yield from (head + sign,) if body == text else ()
    elif part.form == "prefix":
        yield from (f"{head}{sign}{body[len(text) :]}",) if body.startswith(text) else ()
    elif part.form == "suffix":
        yield from (f"{head}{body[: len(body) - len(text)]}{sign}",) if body.endswith(text) else ()
    elif text:
        pattern = re.escape(text) if loose else rf"(?<![A-Za-z0-9]){re.escape(text)}(?![A-Za-z0-9])"
        places = [one.span() for one in re.finditer(pattern, body)][:4]
        for size in range(len(places), 0, -1):
            for some in combinations(places, size):
                made = body
                for start, end in reversed(some):
                    made = f"{made[:start]}{sign}{made[end:]}"
                yield head + made

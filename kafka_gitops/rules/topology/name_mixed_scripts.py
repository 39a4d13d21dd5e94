r"""A name that mixes letters of scripts that look alike.

A Cyrillic, Greek or Armenian letter, a full-width or mathematical form, or a longer dash looks like a Latin letter or
`-` and is another character: `User:acme-app` with a Cyrillic `\u0430` is somebody else. One script in a name is fine,
whichever it is, unless all of its letters look like Latin ones; the parts of a distinguished name are looked at one by
one.

Bad:

```yaml
context: acme
projects:
- name: pay
  producers:
  - principal: "User:acme-\u0430pp"
  topics:
  - name: orders
```

Good:

```yaml
context: acme
projects:
- name: pay
  producers:
  - principal: "User:acme-app"
  topics:
  - name: orders
```
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.names import Said, of_access, of_grants
from kafka_gitops.text import characters

NAME = "name-mixed-scripts"
SEVERITY = Severity.warning
ALONE = True
OPTIONS: Mapping[str, object] = {}

# Scripts with letters that are drawn like those of another one here (confusables.txt of Unicode)
_ALIKE = frozenset(("LATIN", "GREEK", "COPTIC", "CYRILLIC", "ARMENIAN", "CHEROKEE", "GEORGIAN", "LISU", "TIFINAGH"))
_DN_PART = re.compile(r"(?:^|,)\s*[A-Za-z][A-Za-z0-9.]*=")


_SUSPECT = re.compile(r"[^\x00-\x7f]")


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each principal and each name of a resource that mixes scripts; topics have ASCII alone."""
    yield from of_access(topology, _said)
    yield from of_grants(topology, _said, _SUSPECT)


def _said(what: str, name: str) -> Said | None:
    if what == "topic" or name.isascii():
        return None
    for part in _DN_PART.split(name.partition(":")[2] if what == "principal" else name):
        found = _mixed(part)
        if found is not None:
            char, why = found
            said = f'the {what} "{name}" has {characters.named(char)} {why}'
            return said, "write it in the letters of one script, or copy the name from where it is defined"
    return None


def _mixed(part: str) -> tuple[str, str] | None:
    """The first character that looks like another one or is of another script than the rest, and what is wrong."""
    odd = next(((char, like) for char in part if not char.isascii() and (like := _like(char))), None)
    if odd is not None:
        return odd[0], f'that looks like "{odd[1]}"'
    scripts = {char: _script(char) for char in part if char.isalpha()}
    kinds = set(scripts.values()) & _ALIKE
    if len(kinds) == 1 and not part.isascii() and (latin := part.translate(_LATIN)).isascii() and latin.isprintable():
        char = next(char for char in part if not char.isascii())
        return char, f'and looks like "{latin}" as a whole'
    if len(kinds) < 2:
        return None
    usual = "LATIN" if "LATIN" in kinds else min(kinds)
    char = next(char for char, script in scripts.items() if script in kinds - {usual})
    return char, f"among {usual.title()} letters: they look alike and are not the same"


# Letters that are drawn like Latin ones: a name of these alone can be read as Latin (confusables.txt of Unicode)
_LATIN = str.maketrans(
    dict(zip("авекмнорстухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅҺԚԜ", "abekmhopctyxijshdqwABEKMHOPCTYXIJSHQW", strict=True))
    | dict(zip("αικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aiknoptuxABEZHIKMNOPTYX", strict=True))
)


# Latin letters that no language's plain text needs, and that are drawn like another one (confusables.txt of Unicode)
_PHONETIC = dict(
    zip("\u0251\u0261\u0269\u026a\u0280\u028f\u0299\u029f\u01c0\u1d04\u1d0f\u02bc", "agiiRYBLlco'", strict=True)
)


def _like(char: str) -> str | None:
    """The ASCII character that a form of it (full-width, mathematical), or a dash, is taken for."""
    if char in _PHONETIC:
        return _PHONETIC[char]
    plain = unicodedata.normalize("NFKC", char)
    if plain.isascii() and plain.isprintable() and plain.strip():
        return plain
    return "-" if unicodedata.category(char) == "Pd" or char == "\u2212" else None


def _script(char: str) -> str:
    return "LATIN" if char.isascii() else unicodedata.name(char, "").partition(" ")[0]

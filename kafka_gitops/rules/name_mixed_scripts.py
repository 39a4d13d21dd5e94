r"""A name that mixes letters of scripts that look alike.

A Cyrillic, Greek or Armenian letter, or a full-width or mathematical form, looks like a Latin one and is another:
`User:acme-app` with a Cyrillic "а" is somebody else. One script in a name is fine, whichever it is; the parts of a
distinguished name are looked at one by one.

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

from kafka_gitops import characters
from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import Options
from kafka_gitops.rules.names import Said, of_access, of_grants

NAME = "name-mixed-scripts"
SEVERITY = Severity.warning
OPTIONS: Mapping[str, object] = {}

# Scripts with letters that are drawn like those of another one here (confusables.txt of Unicode)
_ALIKE = frozenset(("LATIN", "GREEK", "COPTIC", "CYRILLIC", "ARMENIAN", "CHEROKEE", "GEORGIAN", "LISU", "TIFINAGH"))
_DN_PART = re.compile(r"(?:^|,)\s*[A-Za-z][A-Za-z0-9.]*=")


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each principal and each name of a resource that mixes scripts; topics have ASCII alone."""
    yield from of_access(topology, _said)
    yield from of_grants(topology, _said)


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
    """The first character that is not of the name's other letters' script, and what is wrong with it."""
    odd = next((char for char in part if not char.isascii() and _form(char)), None)
    if odd is not None:
        return odd, f'that looks like "{unicodedata.normalize("NFKC", odd)}"'
    scripts = {char: _script(char) for char in part if char.isalpha()}
    kinds = set(scripts.values()) & _ALIKE
    if len(kinds) < 2:
        return None
    usual = "LATIN" if "LATIN" in kinds else min(kinds)
    char = next(char for char, script in scripts.items() if script in kinds - {usual})
    return char, f"among {usual.title()} letters: they look alike and are not the same"


def _form(char: str) -> bool:
    """Whether it is a full-width, mathematical or other form of an ASCII letter or digit."""
    plain = unicodedata.normalize("NFKC", char)
    return plain.isascii() and plain.isalnum() and unicodedata.category(char)[0] in "LNS"


def _script(char: str) -> str:
    return "LATIN" if char.isascii() else unicodedata.name(char, "").partition(" ")[0]

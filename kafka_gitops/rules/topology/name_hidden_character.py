r"""A name with a character that cannot be seen.

A zero-width character, a blank other than the usual one, a filler such as U+3164, a control character, or an accent of
its own behind a letter makes a name another one that looks the same: the right goes to somebody else, or to nobody. A
blank at the begin or the end of a group, transactional id or user belongs to the name for Kafka, too. In comments and
`metadata` such characters are fine. No waiver, setting or baseline silences this rule: who could hide a name could hide
that as well.

Topic names are checked by `topic-name-legal` and `acl-resource-name`: Kafka takes few characters there.

Bad:

```yaml
context: acme
projects:
- name: pay
  consumers:
  - principal: "User:app\u200b"
    group: "billing "
  topics:
  - name: orders
```

Good:

```yaml
context: acme
projects:
- name: pay
  consumers:
  - principal: "User:app"
    group: "billing"
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

NAME = "name-hidden-character"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}


_SUSPECT = re.compile(r"[^!-~]")  # a blank too, which may stand at the begin or the end


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each principal and each name of a resource, topics aside, with something in it that cannot be seen."""
    yield from of_access(topology, _said)
    yield from of_grants(topology, _said, _SUSPECT)


def _said(what: str, name: str) -> Said | None:
    if what == "topic":
        return None
    char = characters.hidden(name)
    if char is not None:
        if unicodedata.category(char)[0] != "M":
            return f'the {what} "{name}" has {characters.named(char)}, which cannot be seen', "delete it"
        composed = unicodedata.normalize("NFC", name)
        help = (
            f'write "{composed}", with one character for both' if characters.hidden(composed) is None else "delete it"
        )
        return f'the {what} "{name}" has {characters.named(char)}, which changes the character before it', help
    bare = name.strip(" ")
    if what != "principal" and name != bare:
        where = "begins" if name.startswith(" ") else "ends"
        return f'the {what} "{name}" {where} with a blank, which is part of the name for Kafka', f'write "{bare}"'
    return None

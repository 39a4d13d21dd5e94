"""Where two pieces of a message were joined and it shows: what no line that people read may hold."""

import re
from collections.abc import Iterator

_COUNTED = (
    "topics ACLs acls changes risks files errors warnings problems findings partitions brokers resources rights grants "
    "bindings projects groups records days hours minutes seconds lines places reasons commits rules environments "
    "entries names were are have"
)
SEAMS = {
    "a sentence in lower case": r"[\w)\"`'](?<!\.\w)\. (?:the|a|an|it|this|that|these|nothing|no|there|only|set|use|give|run)\b",
    "two full stops": r"[\w)\"`']\.\.(?=\s|$)",
    "marks side by side": r"[\w)\"`](?:\.:|:\.|,\.|;\.|\?\.|!\.|,,|;;)(?=\s|$)|\w: :|\.: ",
    "one of many": rf"(?<![\w.,:\-])1 (?:{'|'.join(_COUNTED.split())})\b",
    "a word twice": r"\b(?:[Aa]n?|[Tt]he) (?:an?|the)\b|\b(is|of|to|in|and|for|it|be|are|with|on|by|or|not) \1\b",
    "empty brackets": r"(?<![\w])(?<!= )\(\s*\)|\(, |, \)|(?<!`)``(?!`)",
    "two blanks in a sentence": r"^(?:error|note|warning): .*\w  \w",
}


def seams(text: str) -> Iterator[str]:
    """What is wrong in the lines of a text, with the line; JSON, XML and YAML are no prose."""
    if text.lstrip().startswith(("{", "[", "<")):
        return
    for line in text.splitlines():
        for name, pattern in SEAMS.items():
            if re.search(pattern, line):
                yield f"{name}: {line}"

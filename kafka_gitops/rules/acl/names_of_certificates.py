"""Distinguished names: what openssl prints, and what Kafka makes of the same certificate."""

import re
from typing import NamedTuple

from kafka_gitops.rules.placeholders import MOST

# From the least specific part of a name to the most specific, the order in which openssl prints them
_ORDER = {"DC": 0, "C": 0, "ST": 1, "S": 1, "L": 2, "STREET": 3, "O": 4, "OU": 5, "CN": 6, "UID": 7}
_KNOWN = {*_ORDER, "EMAILADDRESS", "E", "SERIALNUMBER", "T", "GN", "SN"}
_PART = re.compile(r"\s*([A-Za-z][A-Za-z0-9.-]*)\s*=\s*(.*?)\s*", re.DOTALL)
_COMMA = re.compile(r'((?:\\.|"(?:\\.|[^"\\])*"|[^,\\"])*)(?:,|$)', re.DOTALL)


class Reading(NamedTuple):
    """A distinguished name as written: its (type, value) parts, and what is unusual about it."""

    parts: tuple[tuple[str, str], ...]
    slashes: bool  # /C=DE/O=Acme/CN=svc
    blanks: bool  # around commas or equals signs
    backwards: bool  # the least specific part first

    @property
    def normal(self) -> str:
        """As `X500Principal.getName` (RFC 2253) prints it: most specific part first, no blanks, types in upper case."""
        parts = reversed(self.parts) if self.backwards else self.parts
        return ",".join(f"{kind.upper() if kind.upper() in _KNOWN else kind}={value}" for kind, value in parts)


def read(name: str) -> Reading | None:
    """A principal's name as a distinguished one; None where it is none."""
    if len(name) > MOST:
        return None
    slashes = re.match(r"\s*/\s*[A-Za-z]+\s*=", name) is not None
    pieces = re.split(r"/(?=[A-Za-z]+\s*=)", name.strip())[1:] if slashes else _split(name)
    found = [_PART.fullmatch(piece) for piece in pieces]
    parts = tuple((one[1], one[2]) for one in found if one is not None)
    if not parts or len(parts) != len(pieces) or not any(kind.upper() in _KNOWN for kind, _ in parts):
        return None
    ranks = [_ORDER.get(kind.upper(), -1) for kind, _ in parts]
    known = [rank for rank in ranks if rank >= 0]
    backwards = slashes or (len(known) > 1 and known[0] < known[-1])
    tight = ",".join(f"{kind}={value}" for kind, value in parts)
    return Reading(parts, slashes, not slashes and tight != name, backwards)


def _split(name: str) -> list[str]:
    """At commas that are neither escaped nor in quotes."""
    pieces: list[str] = []
    at = 0
    while at <= len(name):
        found = _COMMA.match(name, at)
        if found is None:
            return [*pieces, name[at:]]
        pieces.append(found[1])
        if found.end(1) == len(name):
            break
        at = found.end()
    return pieces

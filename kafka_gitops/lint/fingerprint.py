"""What makes a finding the same one tomorrow: its file, its rule and its address, never its line or its words."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.settings import plain_path
from kafka_gitops.text.address import finder
from kafka_gitops.text.source import Source


def fingerprints(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> Iterator[str]:
    """The SHA-256 (64 hexadecimal digits) of each finding, in order, no two alike.

    Hashed are path, rule and address (see `address.finder`), joined by NUL; the second finding that has all three in
    common gets the number 2 as a fourth part, and so on.
    """
    find = finder(sources)
    seen: Counter[str] = Counter()
    for one in diagnostics:
        parts = "\0".join((plain_path(one.span.path), one.rule, find(one.span)))
        seen[parts] += 1
        whole = parts if seen[parts] == 1 else f"{parts}\0{seen[parts]}"
        yield hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()

"""Keys of a client file, an environment or the command line that have no effect: by name, with what was meant."""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from kafka_gitops.config import client_keys, julieops
from kafka_gitops.config.given import Given

_KEY = re.compile(r"[A-Za-z][\w-]{0,40}(?:[.-][\w-]{1,40})+|[a-z]{1,10}")
_NEAR = 0.88


def told(keys: Mapping[str, Given], title: str) -> list[str]:
    """A note that lists the keys, and one of its own for each that is nearly a key that has an effect."""
    meant = {key: near for key in keys if (near := _meant(key)) is not None}
    notes = [f'{keys[key].origin}: "{key}" has no effect; did you mean "{near}"?' for key, near in meant.items()]
    rest = [key for key in sorted(keys) if key not in meant]
    shown = [key for key in rest if is_shown(key)]
    if len(shown) < len(rest):
        shown.append(f"{len(rest) - len(shown)} more that look like no key, and are not shown")
    return [*notes, f"{title}: {', '.join(shown)}"] if shown else notes


def is_shown(key: str) -> bool:
    """Whether a key looks like one: a line that is only a password seldom does."""
    return len(key) <= 100 and _KEY.fullmatch(key) is not None


def _meant(key: str) -> str | None:
    """The key that was probably meant: other signs or letters in place of the dots, or a slip of the fingers."""
    plain = re.sub(r"[^a-z0-9]+", ".", re.sub(r"(?<=[a-z])(?=[A-Z])", ".", key).lower())
    if plain in _KNOWN:
        return plain
    parts = plain.count(".")  # Java has keys with a word more, which are no slips
    close = get_close_matches(plain, [known for known in _KNOWN if known.count(".") == parts], 1, _NEAR)
    return close[0] if close else None


def has_effect(key: str) -> bool:
    """Whether a key of a client file does something here, also an element of a list."""
    return client_keys.is_client_key(key) or julieops.is_key(key)


_KNOWN = frozenset([*client_keys.KNOWN, *julieops.TEXTS, *julieops.FLAGS, *julieops.LISTS])

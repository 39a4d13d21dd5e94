"""An estate dealt to teams by chance: a file of teams whose claims never meet."""

import json
import re
from collections.abc import Iterable
from random import Random

from kafka_gitops.adopt.teams_file import overlap

NAMES = ("payments", "orders", "risk")


def patterns(random: Random, names: Iterable[str]) -> list[str]:
    """Patterns of which no two meet: beginnings that names share, and single names."""
    found: list[str] = []
    for name in sorted({*names} - {"*"}):
        begins = re.split(r"(?<=[._ -])", name, maxsplit=1)[0] + "*"
        for pattern in (begins, name) if random.random() < 0.6 else (name,):
            if pattern != "*" and not any(overlap(pattern, one) for one in found):
                found.append(pattern)
                break
    return found


def dealt(random: Random, **lists: Iterable[str]) -> str:
    """A file of three teams, to which the patterns of each list are dealt; some are nobody's."""
    teams: dict[str, dict[str, list[str]]] = {name: {} for name in NAMES}
    for key, names in lists.items():
        for pattern in patterns(random, names):
            if random.random() < 0.85:
                teams[random.choice(NAMES)].setdefault(key, []).append(pattern)
    return json.dumps({"teams": teams})

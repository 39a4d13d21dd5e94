"""Times that look as if they were meant in another unit than milliseconds."""

from collections.abc import Sequence

from kafka_gitops.catalog import humanize
from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import whole

_DAY = 86_400
# In hours and in days these are what people keep records for; other small numbers tell nothing
_HOURS = frozenset((24, 48, 72, 96, 120, 144, 168, 336, 504, 672, 720, 744, 2160, 4320, 8760, 8784))
_DAYS = frozenset((7, 14, 21, 28, 30, 31, 60, 90, 180, 365, 366))


def is_in_seconds(number: int) -> bool:
    """Whether a number is so many whole days, or more than 16 whole hours, in seconds, and as milliseconds odd."""
    odd = number % 60_000 != 0
    return odd and ((number > 0 and number % _DAY == 0) or (16 * 3_600 < number < _DAY and number % 3_600 == 0))


def seconds(topology: Topology, keys: Sequence[str]) -> dict[tuple[str, str | None], int]:
    """The values of some configs, by (key, value), whose number is such a time."""
    numbers = {pair: whole(pair[1]) for pair in topology.configs if pair[0] in keys}
    return {pair: number for pair, number in numbers.items() if number is not None and is_in_seconds(number)}


def meant(number: int) -> str | None:
    """`168 hours are "604800000"`: the reading that was probably meant, in milliseconds; None where none is likely."""
    if number <= 0:
        return None
    if is_in_seconds(number) or number % 3_600 == 0:
        return _said(number, "seconds", 1_000)
    if number % 1_440 == 0:
        return _said(number, "minutes", 60_000)
    if number in _HOURS:
        return _said(number, "hours", 3_600_000)
    if number in _DAYS:
        return _said(number, "days", 86_400_000)
    return _said(number, "seconds", 1_000) if number >= 300 and number % 60 == 0 else None


def _said(number: int, unit: str, factor: int) -> str:
    human = humanize("retention.ms", str(number * factor))
    of_days = f" ({human})" if unit != "days" and human != f"{number} {unit}" else ""
    return f'{number} {unit}{of_days} are "{number * factor}" in milliseconds'
